#!/usr/bin/env node
/*
 * What does a caller see when a worker misbehaves, with coproc and with others? `npm run compare` prints the table.
 *
 * `--write` puts it into docs/comparison.md. Build first: coproc is taken from dist.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { replacePart } from '../../scripts/readme/table.mjs';
import { installRivals } from '../harness/install.mjs';
import { descendants, isRunning, killProcess } from '../harness/processes.mjs';
import { LIBRARIES } from './libraries.mjs';
import { SITUATIONS } from './situations.mjs';

const ONE = fileURLToPath(new URL('one.mjs', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../../docs/comparison.md', import.meta.url));
/** Longest time for one library in one situation, in ms. */
const LIMIT = 60_000;
/** How long a worker may outlive its host before it counts as left behind, in ms. */
const ORPHAN = 1500;

const { values } = parseArgs({ options: { write: { type: 'boolean' } } });
const installed = await installRivals({ show: console.log }, AbortSignal.timeout(300_000));
if (!installed.ok) throw new Error(installed.reason);
/** @type {string[][]} */
const rows = [];
for (const name of Object.keys(LIBRARIES)) {
	const row = [name];
	for (const situation of Object.keys(SITUATIONS)) row.push(await see(name, situation));
	row.push(await seeOrphans(name));
	rows.push(row);
	console.log(row.join(' | '));
}
const questions = [...Object.values(SITUATIONS).map(({ head }) => head), 'workers left when the host is killed'];
const table = makeTable();
console.log(table);
if (values.write) writeFileSync(DOCUMENT, replacePart(readFileSync(DOCUMENT, 'utf8'), 'compare', `${table}\n\n${origin()}`));

/** What one library does in one situation. */
async function see(name, situation) {
	const { output, workers } = await run(name, situation);
	workers.forEach(killProcess);
	return output || 'ends the host';
}

/** How many processes are left when the host was killed while its worker looped. */
async function seeOrphans(name) {
	const { output, workers } = await run(name, 'orphan');
	if (output === '') return 'ends the host';
	await sleep(ORPHAN);
	const left = workers.filter(isRunning);
	left.forEach(killProcess);
	return left.length === 0 ? 'none' : String(left.length);
}

/** Runs one.mjs until it has said something, and kills it. Gives that and the processes that it had started. */
async function run(name, situation) {
	const child = spawn(process.execPath, [ONE, name, situation], {
		stdio: ['ignore', 'pipe', 'ignore'],
		timeout: LIMIT,
		killSignal: 'SIGKILL',
	});
	let output = '';
	/** @type {number[]} */
	let workers = [];
	child.stdout.setEncoding('utf8').once('data', (text) => {
		output = text;
		workers = descendants(child.pid);
		child.kill('SIGKILL');
	});
	await once(child, 'exit');
	return { output, workers };
}

/** One line for each situation, one column for each library: there are fewer of those. */
function makeTable() {
	const lines = [
		['', ...rows.map(([name]) => name)],
		['---', ...rows.map(() => '---')],
	];
	for (const [index, question] of questions.entries()) lines.push([question, ...rows.map((row) => row[index + 1] ?? '')]);
	return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function origin() {
	const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
	const versions = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
	return `Node ${process.versions.node}, ${versions.join(', ')}, ${new Date().toISOString().slice(0, 10)}. Made by \`npm run compare -- --write\`.`;
}
