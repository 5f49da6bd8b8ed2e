/*
 * How is tinypool called? `run` on a pool of threads or processes, one unless told otherwise.
 */
import { Tinypool } from 'tinypool';

const filename = new URL('../workers/functions.mjs', import.meta.url).href;

/** @param {{ runtime: 'worker_threads' | 'child_process', size?: number }} variant */
export function create({ runtime, size = 1 }) {
	/** @type {Tinypool} */
	let pool;
	return {
		async start() {
			// 'advanced', for JSON would turn bytes into an object; threads ignore it.
			pool = new Tinypool({ filename, runtime, minThreads: size, maxThreads: size, serialization: 'advanced' });
		},
		call: (n) => pool.run({ a: n, b: 2 }, { name: 'add' }),
		echo: (bytes) => pool.run(bytes, { name: 'echo' }),
		many: (name, items) => Promise.all(items.map((item) => pool.run(item, { name }))),
		close: async () => pool?.destroy(),
	};
}
