/*
 * Runs under Deno what coproc promises there (docs/deno.md): the contract suite for both backends, and the examples.
 *
 * The tests are those of Node, run by vitest in Deno, so that its workers are of Deno too. Those that ask for something that
 * is not promised are named below, each with its reason; all others must pass.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { DENO_VERSION, denoEnvironment, installDeno } from './deno.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** A run that has not ended by then hangs. */
const TIMEOUT_MS = 1_500_000;

const TESTS = [
	'test/deno',
	'test/contract/pair',
	'test/contract/process-pipe',
	'test/contract/process-ring',
	'test/contract/semantics-deliver-then-fail',
	'test/contract/semantics-life-cycle',
	'test/contract/semantics-messages',
	'test/contract/semantics-nothing-swallowed',
	'test/contract/semantics-uncaught',
	'test/contract/thread-port',
	'test/contract/thread-ring',
];

/** Parts of the names of tests, and why they are not run. */
const NOT_PROMISED = {
	"thread-(ring|port)' > the last twenty lines of stderr": 'a thread of Deno prints past its process.stderr',
	"the end of a thread over 'thread-(ring|port)' > that is looping":
		'Deno keeps some descriptors of a thread that was ended by force',
	'out of memory is told with its cause': 'Deno ends the whole process when a thread has no memory left',
	"thread-(ring|port)' > an abort during the start": 'Deno tells no exit of a thread that is ended while it starts',
	"thread-(ring|port)' > connects two threads, and the death of one is told":
		'Deno does not always close the ports of a thread that is ended by force',
	"thread-(ring|port)' > is refused before anything runs": 'Deno tells no exit of a thread that is ended while it starts',
};

const EXAMPLES = [
	...['functions', 'classes'].flatMap((folder) => readdirSync(`${root}examples/${folder}`).map((file) => `${folder}/${file}`)),
	'calls/calls.mjs',
	'pairs/one-thread.mjs',
	'pairs/two-threads.mjs',
	'pairs/worker-without-a-worker.mjs',
	'pools/pools.mjs',
];

const deno = installDeno();
// Deno takes any FORCE_COLOR for a wish for colours, 0 too.
const { FORCE_COLOR: _, ...outer } = process.env;
const env = { ...outer, ...denoEnvironment };

/** Runs the tests; true when all have passed. vitest matches the names of a test and its groups, put together with spaces. */
function runTests() {
	const patterns = Object.keys(NOT_PROMISED).map((pattern) => pattern.replaceAll(' > ', ' '));
	const args = ['run', '-A', 'node_modules/vitest/vitest.mjs', 'run', '--mode', 'deno', '-t', `^(?!.*(?:${patterns.join('|')}))`];
	const { status } = spawnSync(deno, [...args, ...TESTS], {
		cwd: root,
		env,
		stdio: ['ignore', 'inherit', 'inherit'],
		timeout: TIMEOUT_MS,
	});
	return status === 0;
}

/**
 * Runs an example under Node and under Deno; true when both print the same, but for the quotes that console.log() puts around
 * text, and for the order where two processes print at once.
 */
function compareExample(/** @type {string} */ path, /** @type {string[]} */ ...args) {
	const [node, other] = [
		[process.execPath, path, ...args],
		[deno, 'run', '-A', path, ...args],
	].map(([command = '', ...rest]) =>
		spawnSync(command, rest, { cwd: `${root}examples`, env, encoding: 'utf8', timeout: 60_000 }),
	);
	const isSame = node?.status === 0 && other?.status === 0 && plain(path, node.stdout) === plain(path, other.stdout);
	console.log(`${isSame ? 'same' : 'DIFFERENT'}: examples/${[path, ...args].join(' ')}`);
	if (!isSame)
		console.error(
			`Node, exit code ${node?.status}:\n${node?.stdout}${node?.stderr}\nDeno, exit code ${other?.status}:\n${other?.stdout}${other?.stderr}`,
		);
	return isSame;
}

function plain(/** @type {string} */ path, /** @type {string} */ text) {
	const lines = text.replaceAll('"', "'").split('\n');
	return (path.endsWith('channels.mjs') ? lines.toSorted() : lines).join('\n');
}

console.log(`Deno ${DENO_VERSION}`);
const results = [runTests()];
for (const path of EXAMPLES) {
	results.push(compareExample(path));
	if (/^(?:functions|classes)/.test(path)) results.push(compareExample(path, '--backend', 'thread'));
}
console.log('\nNot promised under Deno, so not run:');
for (const [pattern, reason] of Object.entries(NOT_PROMISED)) console.log(`  ${pattern}: ${reason}`);
process.exitCode = results.every(Boolean) ? 0 : 1;
