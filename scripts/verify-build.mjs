/*
 * Transpiles the sources that the checks run, file by file and unbundled, so that threads and processes run the ring as it is
 * shipped. The copies lie in .tmp/verify of the project, from where koffi and fast-check are found.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

export const PROJECT = fileURLToPath(new URL('..', import.meta.url));
export const BUILD = path.join(PROJECT, '.tmp/verify');

const FOLDERS = [
	'src/errors',
	'src/internal',
	'src/ringbuf',
	'test/ringbuf',
	'test/model/explorer',
	'test/model/store',
	'test/stress',
];

/** Builds everything anew and returns how many files there are. */
export function build() {
	rmSync(BUILD, { recursive: true, force: true });
	let files = 0;
	for (const folder of FOLDERS) {
		mkdirSync(path.join(BUILD, folder), { recursive: true });
		for (const name of readdirSync(path.join(PROJECT, folder))) {
			if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
			const file = path.join(folder, name);
			writeFileSync(
				path.join(BUILD, file.replace(/\.ts$/, '.js')),
				transpile(readFileSync(path.join(PROJECT, file), 'utf8'), file),
			);
			files += 1;
		}
	}
	return files;
}

/** Imports a built module by the path of its source. */
export function load(/** @type {string} */ file) {
	return import(path.join(BUILD, file.replace(/\.ts$/, '.js')));
}

function transpile(/** @type {string} */ source, /** @type {string} */ fileName) {
	const { outputText } = ts.transpileModule(source, {
		fileName,
		compilerOptions: {
			target: ts.ScriptTarget.ES2023,
			module: ts.ModuleKind.ESNext,
			verbatimModuleSyntax: true,
			rewriteRelativeImportExtensions: true,
		},
	});
	return outputText;
}
