/*
 * What does a pool cost for each task, when the task is nothing?
 */
import { takeTurns } from '../harness/take-turns.mjs';
import { PROCESSORS } from '../subjects/list.mjs';
import { question as poolWork } from './pool-work.mjs';

/** Given at once, in each turn of a slice. */
const TASKS = 5000;

export const question = {
	name: 'pool-empty',
	title: `Empty tasks, ${TASKS.toLocaleString('en')} given at once to a pool of ${PROCESSORS} workers; microseconds a task`,
	subjects: poolWork.subjects.filter((name) => name !== 'one thread' && name !== 'bare threads'),
	columns: [
		{ key: 'us', head: 'us' },
		{ key: 'rate', head: 'k/s' },
	],
	main: 'rate',
	baselines: ['piscina pool', 'workerpool thread pool'],
	collect: takeTurns,
	measure,
};

async function measure(subject, { ms }) {
	const items = Array.from({ length: TASKS }, (_, index) => index);
	const begin = performance.now();
	let done = 0;
	let elapsed = 0;
	do {
		const results = await subject.many('same', items);
		if (results.length !== TASKS || results[TASKS - 1] !== TASKS - 1) throw new Error('a wrong answer');
		done += TASKS;
		elapsed = performance.now() - begin;
	} while (elapsed < ms);
	return { us: (elapsed * 1000) / done, rate: done / elapsed };
}
