/*
 * How many small messages a second go one way, when nobody waits for an answer?
 */
import { setImmediate as turn } from 'node:timers/promises';

import { takeTurns } from '../harness/take-turns.mjs';

/** Messages sent in one turn of the event loop. */
const BURST = 1000;

export const question = {
	name: 'one-way',
	title: 'One-way messages to one worker, millions a second (a number each; raw ring: records of 32 bytes)',
	subjects: [
		'postMessage',
		'fork json',
		'raw ring, process',
		'raw ring, thread',
		'raw ring one by one, process',
		'raw ring one by one, thread',
		'coproc process-ring',
		'coproc thread-ring',
		'coproc process-ring batches',
		'coproc thread-ring batches',
		'coproc process-ring blocking',
		'coproc thread-ring blocking',
		'coproc process-pipe',
		'coproc thread-port',
		'processes local',
		'processes thread',
		'processes process',
	],
	columns: [{ key: 'rate', head: 'M/s' }],
	main: 'rate',
	baselines: ['postMessage'],
	notes: [
		'coproc: sendNorequest(), taken with receiveMessage(); batches: with receiveAvailable(); blocking: with receiveMessageBlocking()',
		'raw ring: published in batches of 64, or one by one; both sides spin',
	],
	collect: takeTurns,
	measure,
};

async function measure(subject, { ms }) {
	const before = await subject.posted();
	const begin = performance.now();
	let n = 0;
	while (performance.now() - begin < ms) {
		let hasRoom = true;
		for (const end = n + BURST; n < end; n += 1) hasRoom = subject.post(n) !== false;
		await (hasRoom ? turn() : subject.flushed());
	}
	// Answered when everything before it has been taken: the queue's length at the end is part of the time.
	const { count, sum } = await subject.posted();
	const elapsed = performance.now() - begin;
	const isRight = count - before.count === n && sum - before.sum === (n * (n - 1)) / 2;
	if (!isRight) throw new Error(`wrong answer: of ${n} messages ${count - before.count} came, with the sum ${sum - before.sum}`);
	return { rate: n / elapsed / 1000, messages: n };
}
