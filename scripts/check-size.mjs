#!/usr/bin/env node
/*
 * How large is what users install, import and start? Fails when something has outgrown its limit.
 *
 * For each entry of the package and for the program that every worker starts with: the bytes that are read when it is loaded (bundled with
 * what it imports, dependencies apart), as they are and minified and compressed. Then the tarball. Run `npm run build` before.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const KIB = 1024;

/** Limits in KiB, minified and compressed: some tenth above what each is today. Entries without a line have the last one. */
const LIMITS = {
	'.': 72,
	'#bootstrap': 50,
	others: 80,
};
/** Limit of the tarball in KiB, and of the files in it. */
const TARBALL = 240;

/** @typedef {{ types?: string, default?: string }} Entry */
/** @type {{ exports: Record<string, string | Entry>, imports: Record<string, string> }} */
const { exports, imports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** What can be loaded: name and file. */
const entries = [
	...Object.entries(exports).flatMap(([name, entry]) =>
		typeof entry === 'object' && entry.default ? [[name, entry.default]] : [],
	),
	...Object.entries(imports),
];
/** @type {{ name: string, size: number, limit: number, note: string }[]} */
const rows = [];
for (const [name = '', file = ''] of entries) {
	const [plain, minified] = [await bundle(file, false), await bundle(file, true)];
	const limit = LIMITS[/** @type {keyof typeof LIMITS} */ (name)] ?? LIMITS.others;
	rows.push({ name, size: gzipSync(minified).length / KIB, limit, note: `${Math.round(plain.length / KIB)} KiB as it is read` });
}
/** @type {[{ size: number, unpackedSize: number, entryCount: number }]} */
const [packed] = JSON.parse(
	execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' }),
);
const note = `${packed.entryCount} files, ${Math.round(packed.unpackedSize / KIB)} KiB unpacked`;
rows.push({ name: 'tarball', size: packed.size / KIB, limit: TARBALL, note });

for (const { name, size, limit, note: facts } of rows) {
	const isTooLarge = size > limit;
	if (isTooLarge) process.exitCode = 1;
	console.log(`${isTooLarge ? 'TOO LARGE' : 'ok'}  ${name}: ${size.toFixed(1)} KiB of ${limit} (${facts})`);
}

/** An entry with all that it imports, without the dependencies. @type {(file: string, minify: boolean) => Promise<Uint8Array>} */
async function bundle(file, minify) {
	const { outputFiles } = await build({
		entryPoints: [path.join(root, file)],
		bundle: true,
		write: false,
		minify,
		format: 'esm',
		platform: 'node',
		target: 'node20',
		packages: 'external',
		external: ['#*'],
		logLevel: 'silent',
	});
	const [output] = outputFiles;
	if (!output) throw new Error(`${file} gave no bundle`);
	return output.contents;
}
