/*
 * How is poolifier called? `execute` on a fixed pool of threads, one unless told otherwise.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { FixedThreadPool } from 'poolifier';

/** destroy() of 5.3.2 sometimes waits for ever for a thread that was just called; its thread ends with the host then. */
const DESTROY_LIMIT = 1000;
const script = fileURLToPath(new URL('../workers/poolifier.mjs', import.meta.url));

/** @param {{ size?: number }} variant */
export function create({ size = 1 }) {
	/** @type {FixedThreadPool} */
	let pool;
	return {
		async start() {
			pool = new FixedThreadPool(size, script);
		},
		call: (n) => pool.execute({ a: n, b: 2 }, 'add'),
		echo: (bytes) => pool.execute(bytes, 'echo'),
		many: (name, items) => Promise.all(items.map((item) => pool.execute(item, name))),
		close: async () => Promise.race([pool?.destroy(), sleep(DESTROY_LIMIT, undefined, { ref: false })]),
	};
}
