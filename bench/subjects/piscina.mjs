/*
 * How is piscina called? `run` on a pool of one thread; tuned: many tasks a worker, and no parking between them.
 */
import { Piscina } from 'piscina';

const filename = new URL('../workers/functions.mjs', import.meta.url).href;

export function create({ isTuned = false }) {
	const tuning = isTuned ? { concurrentTasksPerWorker: 1000, atomics: /** @type {const} */ ('async') } : {};
	/** @type {Piscina} */
	let pool;
	return {
		async start() {
			pool = new Piscina({ filename, minThreads: 1, maxThreads: 1, ...tuning });
		},
		call: (n) => pool.run({ a: n, b: 2 }, { name: 'add' }),
		echo: (bytes) => pool.run(bytes, { name: 'echo' }),
		close: async () => pool?.destroy(),
	};
}
