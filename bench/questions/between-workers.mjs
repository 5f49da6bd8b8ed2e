/*
 * How long does a message take from one worker to another one and back, without their host?
 */
import { takeTurns } from '../harness/take-turns.mjs';

export const question = {
	name: 'between-workers',
	title: 'Round trip between two workers of one host, one after another, microseconds',
	subjects: ['MessageChannel', 'processes thread to thread', 'processes thread to process', 'processes process to process'],
	columns: [{ key: 'mean', head: 'mean' }],
	main: 'mean',
	baselines: ['MessageChannel'],
	notes: [
		'MessageChannel joins two bare threads; processes: handlers of coproc/process, messages matched by patterns, handles in them',
	],
	collect: takeTurns,
	measure,
};

async function measure(subject, { ms }) {
	const { rounds, elapsed } = await subject.play(ms);
	return { mean: (elapsed / rounds) * 1000, rounds };
}
