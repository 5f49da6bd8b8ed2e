import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it, vi } from 'vitest';

import { runExample } from './run-example.ts';

// A program starts a worker, and so does each of its neighbours: on a machine with other work, that takes its time.
vi.setConfig({ testTimeout: 120_000 });

const EXAMPLES = new URL('../../examples/', import.meta.url);

/** What the seed's examples print. */
const OUTPUT = {
	'choosing-a-messenger': ['process messenger: PriorityMessenger', 'resource messenger: PriorityMessenger'],
	channels: [
		'awaiting messages',
		'some messages were found',
		'awaiting messages',
		'available() = 0',
		'true',
		'true',
		'available() = 0',
		"receive(CHANNEL_A) = 'hello'",
		"receive(CHANNEL_B) = 'hi'",
	],
	requests: [
		'remaining() = 0',
		"sendRequest('hello') = true",
		'remaining() = 1',
		"receive() = 'hello'",
		'remaining() = 0',
		'sending [ true, true, true ]',
		'remaining() = 3',
		'0',
		'1',
		'2',
	],
	priorities: [
		"{ text: 'high 0', priority: 0 }",
		"{ text: 'high 1', priority: 0 }",
		"{ text: 'high 2', priority: 0 }",
		"{ text: 'low 0', priority: 1 }",
		"{ text: 'low 1', priority: 1 }",
		"{ text: 'low 2', priority: 1 }",
	],
	'special-messages': ['successfully caught value error sent from process'],
};
const NAMES = Object.keys(OUTPUT) as (keyof typeof OUTPUT)[];

/** Nothing but these lines, in this order, and nothing left behind. */
function prints(...lines: string[]): object {
	return { stdout: lines.map((line) => `${line}\n`).join(''), stderr: '', code: 0, left: [] };
}

describe.each(['functions', 'classes'])("examples/%s, the seed's examples", (folder) => {
	it('are all there, and no others', () => {
		const files = readdirSync(new URL(folder, EXAMPLES)).map((file) => file.replace(/\.mjs$/, ''));
		expect(files.toSorted()).toEqual(NAMES.toSorted());
	});

	describe.each([
		['process', 'ring'],
		['process', 'pipe'],
		['thread', 'ring'],
		['thread', 'pipe'],
	])('backend %s, transport %s', (backend, transport) => {
		const options = ['--backend', backend, '--transport', transport];

		it.each(NAMES)('%s prints what the seed prints', async (name) => {
			expect(await runExample(`${folder}/${name}.mjs`, options)).toEqual(prints(...OUTPUT[name]));
		});

		it.each(NAMES)('%s prints the same when its worker parks', async (name) => {
			expect(await runExample(`${folder}/${name}.mjs`, [...options, '--blocking'])).toEqual(prints(...OUTPUT[name]));
		});
	});
});

describe('examples/pairs', () => {
	it.each([
		[
			'one-thread',
			[
				'available(news) = 2',
				"receiveAvailable(news) = [ { text: 'high', priority: 0 }, { text: 'low', priority: 1 } ]",
				'remaining() = 3',
				'1',
				'4',
				'9',
				'the last message',
			],
		],
		['two-threads', ['ping: 3', 'pong: 2', 'ping: 1', 'pong: 0', 'ping is done', 'pong is done']],
		['worker-without-a-worker', ['HELLO', 'cannot shout 5', 'closed in order']],
	])('%s prints what it says', async (name, lines) => {
		expect(await runExample(`pairs/${name}.mjs`)).toEqual(prints(...lines));
	});
});

describe('examples/calls', () => {
	it('calls.mjs prints what it says', async () => {
		const expected = prints(
			'fib(20) = 6765',
			...[2, 3, 5, 7].map((prime) => `prime: ${prime}`),
			'no more primes are wanted',
			...[0, 1000, 2000].map((n) => `at ${n}`),
			'counted to 3000',
			'aborted: that will do',
			'call of `fibonacci` failed: worker "jobs.mjs" has no function of that name; it exports `count`, `fib`, `primes`.',
		);
		expect(await runExample('calls/calls.mjs')).toEqual(expected);
	});
});

describe('examples/pools', () => {
	it('pools.mjs prints what it says', async () => {
		const expected = prints(
			'a call: 25',
			'a map: [ 4, 25, 168 ]',
			"shipped: [ 'A', 'B' ]",
			...[0, 0, 0, 1, 2, 2].map(String),
			'the input is closed',
			"settled: [ 'fulfilled', 'rejected' ]",
			'WorkerExitedError, code 9',
			'another worker took its place: 4',
		);
		expect(await runExample('pools/pools.mjs')).toEqual(expected);
	});
});

describe('examples of mailboxes', () => {
	it.each([
		['calculator/calculator', ['Nobody has said anything for 2000 ms', 'Total operations: 20', 'Final value: 576']],
		[
			'event-bus/event-bus',
			[
				'accounting saw order.paid 1, order.cancelled 2, order.paid 4',
				'warehouse saw order.paid 1, order.paid 4',
				"nobody wanted [ 'order.lost' ]",
			],
		],
		[
			'heartbeat/heartbeat',
			[
				...[1, 2, 3, 4, 5, 6].map((beat) => `heartbeat ${beat}`),
				'no heartbeat for a second',
				"[ 'heartbeat', 'self-tick' ]",
				'it had ended by SIGKILL',
			],
		],
	])('%s.mjs prints what it says', async (name, lines) => {
		expect(await runExample(`${name}.mjs`)).toEqual(prints(...lines));
	});
});

describe('examples/actors', () => {
	const stopped = (count: number): string => `[ ${Array.from({ length: count }, () => 'Stopped {}').join(', ')} ]`;

	describe.each(['local', 'thread', 'process'])('of kind %s', (kind) => {
		it('inventory.mjs prints what the post prints', async () => {
			const expected = prints('[ 2, 4, 6 ]', '[ -4, -8, -12 ]', stopped(3));
			expect(await runExample('actors/inventory.mjs', ['--kind', kind])).toEqual(expected);
		});

		it('ping-pong.mjs prints pluses and minuses', async () => {
			const expected = prints('+-'.repeat(10), stopped(2));
			expect(await runExample('actors/ping-pong.mjs', ['--kind', kind])).toEqual(expected);
		});
	});

	it('failures.mjs prints what it says', async () => {
		const expected = prints(
			'2',
			'no answer in time',
			'RangeError: division by zero',
			'alive: false, ended by: division by zero',
			'no answer from the dead',
		);
		expect(await runExample('actors/failures.mjs')).toEqual(expected);
	});

	it('run without arguments, and end the program with code 2 when they are unknown', async () => {
		expect(await runExample('actors/ping-pong.mjs')).toEqual(prints('+-'.repeat(10), stopped(2)));
		const { code, stdout, stderr } = await runExample('actors/inventory.mjs', ['--kind', 'fibre']);
		expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
		expect(stderr).toBe("Unknown kind 'fibre'\nusage: node EXAMPLE.mjs [--kind local|thread|process]\n");
	});
});

describe('examples/processes', () => {
	it.each(['local', 'thread', 'process'])('quickstart.mjs prints what the seed prints, in a %s process', async (kind) => {
		expect(await runExample('processes/quickstart.mjs', [kind])).toEqual(prints('process started!', 'process ending.'));
	});

	it('patterns.mjs prints what it says', async () => {
		const expected = prints(
			'the message hello, and nothing more',
			'a text and a number: hello 123',
			"A and two texts: [ 'b', 'c' ]",
			"a list that begins with a number: 1, [ 'two', 3 ]",
			"an order of [ 'pen', 'ink' ]",
			'a point, 5 away',
			'more than a hundred: 101',
			"[ 'x' ] and nothing",
			"anything else: [ 'hello', 'you' ]",
			'a child ended: it had enough',
		);
		expect(await runExample('processes/patterns.mjs')).toEqual(expected);
	});

	it.each(['thread', 'process'])('supervised-pool.mjs prints what it says, with workers of kind %s', async (kind) => {
		const expected = prints(
			'12 squares, 3 crashes',
			'0 1 4 9 16 25 36 49 64 81 100 121',
			'the supervisor has ended its workers, and then itself: true',
		);
		expect(await runExample('processes/supervised-pool.mjs', [kind])).toEqual(expected);
	});
});

describe('examples/typescript', () => {
	it('inventory.ts runs under tsx', async () => {
		const expected = prints('local 12', 'thread 12', 'process 12');
		expect(await runExample('typescript/inventory.ts', [], ['--import', 'tsx'])).toEqual(expected);
	});

	it('requests.ts runs under tsx', async () => {
		const expected = prints('hello, world', 'remaining() = 2', 'hello, process', 'hello, thread');
		expect(await runExample('typescript/requests.ts', [], ['--import', 'tsx'])).toEqual(expected);
	});
});

describe('the arguments of the examples', () => {
	it('run without any', async () => {
		expect(await runExample('functions/requests.mjs')).toEqual(prints(...OUTPUT.requests));
	});

	it('end the program with code 2 when they are unknown', async () => {
		const { code, stdout, stderr } = await runExample('functions/requests.mjs', ['--backed', 'thread']);
		expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
		expect(stderr).toMatch(/^Unknown option '--backed'.*\nusage: node EXAMPLE\.mjs /);
	});
});

describe('examples/README.md', () => {
	it('lists every example', () => {
		const text = readFileSync(new URL('README.md', EXAMPLES), 'utf8');
		const listed = [...text.matchAll(/\]\(([\w/-]+\.m?[jt]s)\)/g)].map(([, path]) => String(path));
		const folders = [
			'actors',
			'calculator',
			'calls',
			'classes',
			'event-bus',
			'functions',
			'heartbeat',
			'pairs',
			'pools',
			'processes',
			'typescript',
		];
		const there = folders.flatMap((folder) => readdirSync(new URL(folder, EXAMPLES)).map((file) => `${folder}/${file}`));
		expect(there.length).toBeGreaterThan(0);
		expect(new Set(listed)).toEqual(new Set(there));
	});
});
