/*
 * Installs the packed package into an empty folder, as a user would, and loads it in every way that it promises.
 *
 * Nothing but the tarball is looked at: a file missing from `files`, a dependency that is only a devDependency, a path that
 * exists only in the repository all fail here and nowhere else. Run `npm run build` before.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { checkBundlers, checkReadme, checkTypeScript, readmeCommand } from './package/users.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const isWindows = process.platform === 'win32';

/** Runs a program quietly and returns what it printed; throws with its stderr when it fails. */
function run(/** @type {string} */ command, /** @type {string[]} */ args, /** @type {string} */ cwd) {
	return execFileSync(command, args, {
		cwd,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: isWindows && (command === 'npm' || command === 'npx'),
	});
}

/** Runs a line of code in a new Node and returns what it printed, without the notice that require(esm) prints on Node 20. */
function evaluate(/** @type {string} */ folder, /** @type {string} */ type, /** @type {string} */ code) {
	return run(process.execPath, ['--no-warnings', `--input-type=${type}`, '-e', code], folder).trim();
}

/** A program of a user: one worker of each kind, which answers. */
const START_WORKERS = `
	import { WorkerResource } from 'coproc';
	const answers = [];
	for (const backend of ['process', 'thread']) {
		const worker = await WorkerResource.start((messenger, answer) => void messenger.sendNorequest(answer), { backend }, backend);
		try {
			answers.push(await worker.messenger.receive());
		} finally {
			await worker[Symbol.asyncDispose]();
		}
	}
	console.log(answers.join());
`;

const checks = {
	/** @param {string} folder */
	'holds what it needs and nothing else'(folder) {
		const installed = join(folder, 'node_modules', 'coproc');
		for (const path of [
			'dist/index.js',
			'dist/index.d.ts',
			'dist/worker/bootstrap.js',
			'dist/cli/main.js',
			'README.md',
			'LICENSE',
			'CHANGELOG.md',
		]) {
			assert.ok(existsSync(join(installed, path)), `${path} is not in the package`);
		}
		assert.deepEqual(
			readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.map')),
			[],
		);
		for (const path of ['src', 'test', 'bench', 'jobs', 'scripts', 'node_modules']) {
			assert.ok(!existsSync(join(installed, path)), `${path} should not be in the package`);
		}
	},
	/** @param {string} folder */
	'loads with import'(folder) {
		const names = evaluate(folder, 'module', "console.log(Object.keys(await import('coproc')).join())");
		assert.match(names, /\bCoprocError\b/);
	},
	/** @param {string} folder */
	'loads with require, as the same module'(folder) {
		const code = "import('coproc').then((m) => console.log(require('coproc').CoprocError === m.CoprocError))";
		assert.equal(evaluate(folder, 'commonjs', code), 'true');
	},
	/** @param {string} folder */
	'starts workers'(folder) {
		assert.equal(evaluate(folder, 'module', START_WORKERS), 'process,thread');
	},
	'runs the programs of the README': checkReadme,
	'serves a TypeScript project with nodenext': checkTypeScript,
	'starts workers from the output of bundlers': checkBundlers,
	/** @param {string} folder */
	'has a command that works'(folder) {
		const coproc = (/** @type {string[]} */ ...args) => run('npx', ['--no-install', 'coproc', ...args], folder);
		assert.equal(coproc('map', 'node:path#basename', 'a/b', 'c/d'), '"b"\n"d"\n');
		// The line of the README, on the module that the README gave.
		assert.equal(coproc(...readmeCommand()), '25\n168\n669\n');
		assert.match(coproc('doctor'), /^ {2}ok {4}process/m);
	},
	/** @param {string} folder */
	'does the same without its optional dependency'(folder) {
		rmSync(join(folder, 'node_modules', 'koffi'), { recursive: true, force: true });
		rmSync(join(folder, 'node_modules', '@koromix'), { recursive: true, force: true });
		assert.equal(evaluate(folder, 'module', "console.log(typeof (await import('coproc')).CoprocError)"), 'function');
		assert.equal(evaluate(folder, 'module', START_WORKERS), 'process,thread');
	},
};

const folder = mkdtempSync(join(tmpdir(), 'coproc-package-'));
try {
	run('npm', ['pack', '--pack-destination', folder], root);
	const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
	assert.ok(tarball, 'npm pack made no tarball');
	writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true }));
	run('npm', ['install', '--no-audit', '--no-fund', '--no-save', join(folder, tarball)], folder);
	for (const [name, check] of Object.entries(checks)) {
		await check(folder);
		console.log(`the package ${name}`);
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}
