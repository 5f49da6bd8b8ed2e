/*
 * How is workerpool called? `exec` on a pool of threads or processes, one unless told otherwise.
 */
import { fileURLToPath } from 'node:url';

import workerpool from 'workerpool';

const script = fileURLToPath(new URL('../workers/workerpool.mjs', import.meta.url));

/** @param {{ workerType: 'thread' | 'process', size?: number }} variant */
export function create({ workerType, size = 1 }) {
	/** @type {import('workerpool').Pool} */
	let pool;
	return {
		async start() {
			const forkOpts = /** @type {const} */ ({ serialization: 'advanced' });
			// 'advanced', for JSON would turn bytes into an object.
			pool = workerpool.pool(script, { workerType, minWorkers: size, maxWorkers: size, forkOpts });
		},
		call: (n) => pool.exec('add', [n, 2]),
		echo: (bytes) => pool.exec('echo', [bytes]),
		many: (name, items) => Promise.all(items.map((item) => pool.exec(name, [item]))),
		close: async () => pool?.terminate(),
	};
}
