/*
 * How is tinypool called? `run` on a pool of one thread or one process.
 */
import { Tinypool } from 'tinypool';

const filename = new URL('../workers/functions.mjs', import.meta.url).href;

/** @param {{ runtime: 'worker_threads' | 'child_process' }} variant */
export function create({ runtime }) {
	/** @type {Tinypool} */
	let pool;
	return {
		async start() {
			// 'advanced', for JSON would turn bytes into an object; threads ignore it.
			pool = new Tinypool({ filename, runtime, minThreads: 1, maxThreads: 1, serialization: 'advanced' });
		},
		call: (n) => pool.run({ a: n, b: 2 }, { name: 'add' }),
		echo: (bytes) => pool.run(bytes, { name: 'echo' }),
		close: async () => pool?.destroy(),
	};
}
