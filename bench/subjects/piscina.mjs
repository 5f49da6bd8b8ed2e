/*
 * How is piscina called? `run` on a pool of one thread, or of several; tuned: many tasks a worker, and no parking between them.
 */
import { Piscina } from 'piscina';

const filename = new URL('../workers/functions.mjs', import.meta.url).href;

export function create({ isTuned = false, size = 1 }) {
	const tuning = isTuned ? { concurrentTasksPerWorker: 1000, atomics: /** @type {const} */ ('async') } : {};
	/** @type {Piscina} */
	let pool;
	return {
		async start() {
			pool = new Piscina({ filename, minThreads: size, maxThreads: size, ...tuning });
		},
		call: (n) => pool.run({ a: n, b: 2 }, { name: 'add' }),
		echo: (bytes) => pool.run(bytes, { name: 'echo' }),
		many: (name, items) => Promise.all(items.map((item) => pool.run(item, { name }))),
		close: async () => pool?.destroy(),
	};
}
