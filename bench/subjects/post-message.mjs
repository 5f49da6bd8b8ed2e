/*
 * What is the plainest way to call a thread? `postMessage` both ways, with a map of ids.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { Calls } from './calls.mjs';

export function create({ transfers = false }) {
	/** @type {Worker} */
	let worker;
	const calls = new Calls();
	return {
		async start() {
			worker = new Worker(new URL('../workers/post-message.mjs', import.meta.url), { workerData: { transfers } });
			worker.on('message', ({ id, value }) => calls.answer(id, value));
			worker.on('error', (error) => calls.fail(error));
		},
		call: (n) => calls.add((id) => worker.postMessage({ id, data: { a: n, b: 2 } })),
		echo: (bytes) => calls.add((id) => worker.postMessage({ id, data: bytes }, transfers ? [bytes.buffer] : [])),
		post: (n) => worker.postMessage(n),
		posted: () => calls.add((id) => worker.postMessage({ id, data: 'posted' })),
		async close() {
			if (!worker) return;
			const exit = once(worker, 'exit');
			worker.postMessage('close');
			await exit;
		},
		movesBytes: transfers,
	};
}
