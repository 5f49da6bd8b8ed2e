/*
 * What users do with the installed package beyond loading it: paste the README, compile with `nodenext`, bundle. Each check gets a folder
 * with the package in its node_modules, and tools from the project.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

/** Programs of the README with what they print, and the files that stand beside them. */
function readmePrograms() {
	const readme = readFileSync(join(root, 'README.md'), 'utf8');
	const fences = [...readme.matchAll(/^```(ts|js)\n([^]*?)^```$(?:\n+```text\n([^]*?)^```$)?/gm)];
	const files = fences.map(([, language = '', text = '', output], index) => {
		const name = /^\/\/ ([\w-]+\.m?[jt]s)\n/.exec(text)?.[1] ?? `readme-${index}.${language === 'ts' ? 'mts' : 'mjs'}`;
		return { name, text, output };
	});
	assert.ok(files.filter(({ output }) => output !== undefined).length >= 3, 'README.md has no programs');
	return files;
}

/** Runs a file with Node and returns what it printed. @type {(folder: string, file: string, ...nodeArgs: string[]) => string} */
function runNode(folder, file, ...nodeArgs) {
	return execFileSync(process.execPath, [...nodeArgs, file], {
		cwd: folder,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
	});
}

/** The programs of the README do in a fresh folder what it says. */
export function checkReadme(/** @type {string} */ folder) {
	const tsx = pathToFileURL(require.resolve('tsx')).href;
	const files = readmePrograms();
	for (const { name, text } of files) writeFileSync(join(folder, name), text);
	for (const { name, output } of files.filter((file) => file.output !== undefined)) {
		const isTypeScript = name.endsWith('ts');
		assert.equal(runNode(folder, name, ...(isTypeScript ? ['--import', tsx] : [])), output, `${name} of README.md`);
		if (isTypeScript && TAKES_TYPESCRIPT) assert.equal(runNode(folder, name), output, `${name} of README.md without tsx`);
	}
}

/** Whether this Node runs TypeScript, `await using` included, as the README says. */
const TAKES_TYPESCRIPT = Number.parseInt(process.versions.node, 10) >= 24;

/** Arguments of the first `npx coproc` line of the README. */
export function readmeCommand() {
	const [, line] = /^npx coproc (map [^#]*#\w+(?: \d+)+)/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
	assert.ok(line, 'README.md shows no `npx coproc map`');
	return line.split(' ');
}

const TYPESCRIPT_MODULE = `
	export function shout(text: string): string {
		return text.toUpperCase() + '!';
	}
	export function* letters(text: string): Generator<string> {
		yield* text;
	}
`;
const TYPESCRIPT_PROGRAM = `
	import { type Message, WorkerPool, WorkerResource } from 'coproc';

	await using jobs = await WorkerResource.import<typeof import('./jobs.js')>(new URL('./jobs.js', import.meta.url));
	const text: string = await jobs.call.shout('typed');
	const all: string[] = [];
	for await (const letter of jobs.call.letters('ab')) all.push(letter);
	await using pool = await WorkerPool.import<typeof import('./jobs.js')>(new URL('./jobs.js', import.meta.url), { size: 1 });
	const shouted: string[] = await pool.map('shout', ['x', 'y']);
	// @ts-expect-error: a number is no text
	void (() => jobs.call.shout(1));
	const take = (message: Message): unknown => message.data;
	console.log(text, all.join(), shouted.join(), typeof take);
`;

const TYPESCRIPT_ENTRIES = `
	import type { CoprocError } from 'coproc';
	import { Actor, type Bridge } from 'coproc/actor';
	import { Mailbox, receive } from 'coproc/mailbox';
	import { main, type Process, Supervisor } from 'coproc/process';

	export class Counter extends Actor {}
	export const spawn = (): Process => main.spawn((process) => process.receive([String, Number], (text, n) => text.at(n)));
	export const start: typeof Supervisor.start = Supervisor.start;
	export async function take(box: Mailbox): Promise<readonly [unknown, unknown]> {
		return [await box.receive('tag'), await receive(['one', 'two'], { timeout: 1 })];
	}
	export type All = CoprocError | Bridge;
`;

/** A TypeScript project with \`nodenext\` compiles, and what it compiles to runs. */
export function checkTypeScript(/** @type {string} */ folder) {
	const project = join(folder, 'typescript-project');
	mkdirSync(project);
	writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
	const compilerOptions = {
		module: 'nodenext',
		target: 'es2022',
		strict: true,
		exactOptionalPropertyTypes: true,
		outDir: 'out',
		rootDir: '.',
		skipLibCheck: false,
	};
	// What a user installs beside coproc, as the README says.
	mkdirSync(join(project, 'node_modules/@types'), { recursive: true });
	symlinkSync(join(root, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'), 'junction');
	const { text, output } = readmeInTypeScript();
	const files = {
		'main.ts': TYPESCRIPT_PROGRAM,
		'jobs.ts': TYPESCRIPT_MODULE,
		'entries.ts': TYPESCRIPT_ENTRIES,
		'readme.ts': text,
	};
	for (const [name, content] of Object.entries(files)) writeFileSync(join(project, name), content);
	const compile = (/** @type {object} */ changes) => {
		const config = { compilerOptions: { ...compilerOptions, ...changes }, files: Object.keys(files) };
		writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
		try {
			execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', project], { cwd: project, encoding: 'utf8' });
		} catch (error) {
			throw new Error(`tsc refused: ${/** @type {{ stdout: string }} */ (error).stdout}`, { cause: error });
		}
	};
	compile({ module: 'esnext', moduleResolution: 'bundler', noEmit: true });
	compile({ lib: ['es2022'], noEmit: true });
	compile({});
	assert.equal(runNode(project, 'out/main.js'), 'TYPED! a,b X!,Y! function\n');
	assert.equal(runNode(project, 'out/readme.js'), output, 'README.md compiled');
}

/** The README's first program. */
function readmeInTypeScript() {
	const program = readmePrograms().find(({ name, output }) => name.endsWith('.mts') && output !== undefined);
	assert.ok(program, 'README.md has no program in TypeScript');
	return program;
}

const BUNDLED_MODULE = "export function double(n) { return n * 2; }\nexport { helper } from './helper.mjs';\n";
const BUNDLED_HELPER = 'export function helper() { return 7; }\n';
const BUNDLED_PROGRAM = `
	import { WorkerResource } from 'coproc';
	const printed = [];
	for (const backend of ['process', 'thread']) {
		const jobs = await WorkerResource.import(new URL('./jobs.mjs', import.meta.url), { backend });
		const inline = await WorkerResource.start((messenger, n) => void messenger.sendNorequest(n + 1), { backend }, 41);
		try {
			printed.push(await jobs.call.double(4), await jobs.call.helper(), await inline.messenger.receive());
		} finally {
			await jobs[Symbol.asyncDispose]();
			await inline[Symbol.asyncDispose]();
		}
	}
	console.log(printed.join());
`;

/** A bundler's output starts its workers: with coproc left outside, as bundlers for Node do, and with coproc taken in. */
export async function checkBundlers(/** @type {string} */ folder) {
	const source = join(folder, 'bundled');
	mkdirSync(source);
	writeFileSync(join(source, 'package.json'), JSON.stringify({ type: 'module' }));
	writeFileSync(join(source, 'helper.mjs'), BUNDLED_HELPER);
	writeFileSync(join(source, 'jobs.mjs'), BUNDLED_MODULE);
	writeFileSync(join(source, 'main.mjs'), BUNDLED_PROGRAM);
	const { text, output } = readmeInTypeScript();
	// Not every bundler takes TypeScript, or `await using`.
	const { transform } = await import('esbuild');
	writeFileSync(join(source, 'readme.mjs'), (await transform(text, { loader: 'ts', target: 'node20' })).code);
	const entries = Object.fromEntries(['main', 'jobs', 'readme'].map((name) => [name, join(source, `${name}.mjs`)]));
	for (const [name, bundle] of Object.entries(BUNDLERS)) {
		const out = join(folder, `bundled-by-${name.replaceAll(/\W+/g, '-')}`);
		await bundle(entries, out, source);
		assert.equal(runNode(folder, join(out, 'main.mjs')), '8,7,42,8,7,42\n', name);
		assert.equal(runNode(folder, join(out, 'readme.mjs')), output, `README.md by ${name}`);
	}
}

/** @typedef {(entries: Record<string, string>, out: string, source: string) => Promise<void>} Bundler */

/** @type {Record<string, Bundler>} */
const BUNDLERS = {
	esbuild: (entries, out) => withEsbuild(entries, out, 'external'),
	'esbuild with coproc inside': (entries, out) => withEsbuild(entries, out, 'bundle'),
	async rollup(entries, out) {
		const { rollup } = await import('rollup');
		const bundle = await rollup({ input: entries, external: ['coproc'] });
		await bundle.write({ dir: out, format: 'esm', entryFileNames: '[name].mjs' });
		await bundle.close();
	},
	async vite(entries, out, source) {
		const { build } = await import('vite');
		const output = { entryFileNames: '[name].mjs', minify: true };
		await build({
			root: source,
			configFile: false,
			logLevel: 'error',
			build: { ssr: true, outDir: out, minify: true, rollupOptions: { input: entries, output } },
		});
	},
};

/** @type {(entries: Record<string, string>, out: string, packages: 'external' | 'bundle') => Promise<void>} */
async function withEsbuild(entries, out, packages) {
	const { build } = await import('esbuild');
	await build({
		entryPoints: entries,
		outdir: out,
		bundle: true,
		packages,
		// As docs/platforms.md says: native code cannot be bundled, and execa loads parts of its own by require().
		external: ['koffi', 'execa'],
		minify: true,
		format: 'esm',
		platform: 'node',
		target: 'node20',
		outExtension: { '.js': '.mjs' },
		logLevel: 'error',
	});
}
