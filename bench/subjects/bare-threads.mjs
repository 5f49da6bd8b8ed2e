/*
 * How fast are tasks that nobody hands out? In this thread, or as equal shares for bare threads: the ceiling of every pool.
 */
import { Worker } from 'node:worker_threads';

import { add, TASKS } from '../workers/functions.mjs';

const program = new URL('../workers/shares.mjs', import.meta.url);

/** @param {{ size: number }} variant 0 threads: everything is done here */
export function create({ size }) {
	/** @type {Worker[]} */
	let workers = [];
	return {
		async start() {
			workers = Array.from({ length: size }, () => new Worker(program));
		},
		call: (n) => add({ a: n, b: 2 }),
		async many(name, items) {
			if (size === 0) return items.map((item) => TASKS[name](item));
			const share = Math.ceil(items.length / size);
			const parts = workers.map((worker, at) => ask(worker, { name, items: items.slice(at * share, (at + 1) * share) }));
			return (await Promise.all(parts)).flat();
		},
		close: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
	};
}

function ask(worker, question) {
	return new Promise((resolve, reject) => {
		worker.once('error', reject);
		worker.once('message', (answer) => {
			worker.off('error', reject);
			resolve(answer);
		});
		worker.postMessage(question);
	});
}
