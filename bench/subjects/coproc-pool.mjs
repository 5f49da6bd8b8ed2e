/*
 * How is a pool of coproc called? `WorkerPool.import()` of the module that rivals are given, then `map`, or `call` for each task.
 */
import { WorkerPool } from '../../dist/index.js';

const MODULE = new URL('../workers/functions.mjs', import.meta.url);

/** @param {{ backend: 'process' | 'thread', way: 'map' | 'call', size: number }} variant */
export function create({ backend, way, size }) {
	/** @type {WorkerPool<typeof import('../workers/functions.mjs')>} */
	let pool;
	return {
		async start() {
			pool = await WorkerPool.import(MODULE, { backend, size });
		},
		call: (n) => pool.call.add({ a: n, b: 2 }),
		many: (name, items) => (way === 'map' ? pool.map(name, items) : Promise.all(items.map((item) => pool.call[name](item)))),
		close: async () => pool?.[Symbol.asyncDispose](),
	};
}
