/*
 * How much of n processors does a pool of n workers make use of, with tasks of about a millisecond?
 */
import { work } from '../workers/functions.mjs';
import { takeTurns } from '../harness/take-turns.mjs';
import { PROCESSORS } from '../subjects/list.mjs';

export const question = {
	name: 'pool-work',
	title: `Tasks of about 1 ms, all given at once, on ${PROCESSORS} CPUs; thousands a second`,
	subjects: [
		'one thread',
		'bare threads',
		...['process', 'thread'].flatMap((backend) => [`coproc ${backend} pool map`, `coproc ${backend} pool call`]),
		'piscina pool',
		'tinypool thread pool',
		'tinypool process pool',
		'workerpool thread pool',
		'workerpool process pool',
		'poolifier pool',
	],
	columns: [{ key: 'rate', head: 'k/s' }],
	main: 'rate',
	baselines: ['one thread', 'bare threads'],
	notes: [
		`one thread: without a pool, in the host; bare threads: ${PROCESSORS} threads, one message with a share of the tasks to each`,
	],
	collect: takeTurns,
	measure,
};

async function measure(subject, { ms }) {
	// Enough for a share to last that long.
	const items = Array.from({ length: Math.ceil(ms * PROCESSORS) }, (_, index) => index);
	const begin = performance.now();
	const results = await subject.many('work', items);
	const elapsed = performance.now() - begin;
	const at = Math.floor(items.length / 2);
	if (results.length !== items.length || results[at] !== work(at)) throw new Error('a wrong answer');
	return { rate: items.length / elapsed };
}
