/*
 * How many messages a second go from workers to another worker, when nobody waits for an answer?
 */
import { takeTurns } from '../harness/take-turns.mjs';
import { PEERS } from './peer-round-trip.mjs';

export const question = {
	name: 'peer-one-way',
	title: 'One-way messages from workers to one worker, thousands a second (a number each)',
	subjects: PEERS.filter((name) => !name.endsWith('pipe')),
	columns: [
		{ key: 'one', head: '1 producer' },
		{ key: 'four', head: '4 producers' },
	],
	main: 'one',
	baselines: ['peers: MessagePort'],
	notes: [
		'MessagePort: a channel for each producer; nothing holds a producer back there, and the queue is memory of the receiver',
		'not for processes that have only the pipe: each receive is a trip to their host',
		'bocpy, another machine, Python 3.12.1: 909 between two interpreters, 62 with 4 producer threads',
	],
	collect: takeTurns,
	measure,
};

async function measure(subject, { ms }) {
	return { one: await rate(subject, 1, ms / 2), four: await rate(subject, 4, ms / 2) };
}

/** From the first message to the last one that is taken. */
async function rate(subject, producers, ms) {
	const begin = performance.now();
	const count = await subject.peerStream(producers, ms);
	return count / (performance.now() - begin);
}
