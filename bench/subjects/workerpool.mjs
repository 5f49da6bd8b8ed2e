/*
 * How is workerpool called? `exec` on a pool of one thread or one process.
 */
import { fileURLToPath } from 'node:url';

import workerpool from 'workerpool';

const script = fileURLToPath(new URL('../workers/workerpool.mjs', import.meta.url));

/** @param {{ workerType: 'thread' | 'process' }} variant */
export function create({ workerType }) {
	/** @type {import('workerpool').Pool} */
	let pool;
	return {
		async start() {
			// 'advanced', for JSON would turn bytes into an object.
			pool = workerpool.pool(script, { workerType, minWorkers: 1, maxWorkers: 1, forkOpts: { serialization: 'advanced' } });
		},
		call: (n) => pool.exec('add', [n, 2]),
		echo: (bytes) => pool.exec('echo', [bytes]),
		close: async () => pool?.terminate(),
	};
}
