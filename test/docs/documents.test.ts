/*
 * Every example of README.md and of the chapters in docs/ runs as it stands and prints what stands below it.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

import { afterAll, describe, expect, it } from 'vitest';

import { runProgram } from '../support/run-program.ts';
import { readFile, readFiles, ROOT } from '../support/tidy/source-file.ts';
import { filesOf, isQuotedFrom } from './fences.ts';

/** The compiler sees all of them at once, and a program starts a worker under tsx: slow on a machine that has other work. */
const TIMEOUT = 180_000;

mkdirSync(`${ROOT}.tmp`, { recursive: true });
const folder = mkdtempSync(`${ROOT}.tmp/documents-`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// What a document quotes from examples/ is run by test/examples.
const examples = readFiles('examples', ['.mjs', '.ts']).map(({ text }) => text);
const isQuotation = (text: string): boolean => examples.some((source) => isQuotedFrom(source, text));

const documents = [
	'README.md',
	...readdirSync(`${ROOT}docs`)
		.filter((name) => name.endsWith('.md'))
		.map((name) => `docs/${name}`),
].map((file) => {
	const home = path.join(folder, path.basename(file, '.md'));
	const files = filesOf(readFile(file).text, isQuotation);
	mkdirSync(home);
	for (const { name, text } of files) writeFileSync(path.join(home, name), text);
	return { file, home, files, programs: files.filter(({ output }) => output !== undefined) };
});

describe('the documents', () => {
	it('hold programs', () => {
		expect(documents.length).toBeGreaterThan(10);
		expect(documents.flatMap(({ programs }) => programs).length).toBeGreaterThan(20);
	});

	it('have a name for each file of their own', () => {
		for (const { file, files } of documents) {
			const names = files.map(({ name }) => name);
			expect(names, file).toEqual([...new Set(names)]);
		}
	});

	it(
		'compile',
		async () => {
			const options = { noUnusedLocals: false, moduleDetection: 'force', rootDir: '../..', outDir: 'none' };
			const config = { extends: `${ROOT}tsconfig.json`, compilerOptions: options, include: ['./**/*.ts'] };
			writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
			const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
			const stdout = await promisify(execFile)(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { cwd: folder }).then(
				(output) => output.stdout,
				(error: unknown) => (error as { stdout: string }).stdout,
			);
			expect(stdout.split('\n').filter(Boolean)).toEqual([]);
		},
		TIMEOUT,
	);
});

describe.each(documents.filter(({ programs }) => programs.length > 0))('$file', ({ home, programs }) => {
	it.concurrent.each(programs)(
		'line $line prints what it says',
		async ({ name, output }) => {
			const nodeArgs = name.endsWith('.ts') ? ['--import', 'tsx'] : [];
			const outcome = await runProgram(path.join(home, name), { nodeArgs, cwd: home });
			expect(outcome).toEqual({ stdout: output, stderr: '', code: 0, left: [] });
		},
		TIMEOUT,
	);
});
