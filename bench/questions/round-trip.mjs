/*
 * How long does one call take, there and back, one after another?
 */
import { checkReply } from '../harness/check-reply.mjs';
import { percentile } from '../harness/statistics.mjs';
import { takeTurns } from '../harness/take-turns.mjs';

/** Longest list of times of one slice. */
const MAX_CALLS = 1_000_000;

export const question = {
	name: 'round-trip',
	/** It starts most of the hosts. */
	weight: 2,
	title: 'Round trip of one call (1 + 2), one after another, microseconds',
	subjects: [
		'postMessage',
		'fork json',
		'fork advanced',
		'spin on the ring, process',
		'spin on the ring, thread',
		'coproc process-ring calls',
		'coproc thread-ring calls',
		'coproc process-ring',
		'coproc thread-ring',
		'coproc process-ring blocking',
		'coproc thread-ring blocking',
		'coproc process-pipe',
		'coproc thread-port',
		'processes local',
		'processes thread',
		'processes process',
		'piscina',
		'piscina tuned',
		'tinypool thread',
		'tinypool process',
		'workerpool thread',
		'workerpool process',
		'poolifier',
		'comlink',
	],
	columns: [
		{ key: 'p50', head: 'p50' },
		{ key: 'p99', head: 'p99' },
	],
	main: 'p50',
	baselines: ['postMessage', 'fork json'],
	notes: [
		'coproc: request() and reply(); calls: a function of a module, as rivals are given; blocking: the worker parks for each message',
	],
	collect: takeTurns,
	measure,
};

async function measure(subject, { ms }) {
	const times = new Float64Array(MAX_CALLS);
	const settle = performance.now() + ms / 10;
	let n = 0;
	for (; performance.now() < settle; n += 1) checkReply(n, await subject.call(n));
	let count = 0;
	let now = performance.now();
	const end = now + ms;
	while (now < end && count < MAX_CALLS) {
		const reply = subject.call(n);
		// A subject that spins answers at once, and a turn of the microtask queue would be most of its time.
		checkReply(n, typeof reply === 'number' ? reply : await reply);
		const then = now;
		now = performance.now();
		times[count] = now - then;
		count += 1;
		n += 1;
	}
	const sorted = times.subarray(0, count).sort();
	return { p50: percentile(sorted, 0.5) * 1000, p99: percentile(sorted, 0.99) * 1000, calls: count };
}
