/*
 * How long does a message take between two workers, there and back, when their host has no part in it?
 */
import { takeTurns } from '../harness/take-turns.mjs';

export const PEERS = [
	'peers: MessagePort',
	'peers: mailbox, threads',
	'peers: mailbox, processes',
	'peers: mailbox, threads blocking',
	'peers: mailbox, processes blocking',
	'peers: mailbox, processes pipe',
];

export const question = {
	name: 'peer-round-trip',
	title: 'Round trip between two workers, one after another, microseconds (a number)',
	subjects: PEERS,
	columns: [
		{ key: 'p50', head: 'p50' },
		{ key: 'p99', head: 'p99' },
		{ key: 'idleTags', head: 'p50, 16 idle tags' },
	],
	main: 'p50',
	baselines: ['peers: MessagePort'],
	notes: [
		'16 idle tags: the worker that answers waits for 16 other tags as well; pipe: both have only the pipe to their host, the broker',
		'bocpy, another machine, Python 3.12.1: p50 39.9, p99 94.9 between interpreters; 8,800 until a receiver with 16 idle tags wakes up',
	],
	collect: takeTurns,
	measure,
};

async function measure(subject, { ms }) {
	const { waitsForManyTags } = subject;
	const times = await subject.peerRoundTrips(waitsForManyTags ? ms / 2 : ms);
	if (!waitsForManyTags) return times;
	const { p50: idleTags } = await subject.peerRoundTrips(ms / 2, true);
	return { ...times, idleTags };
}
