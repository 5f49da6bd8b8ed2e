/*
 * What is the plainest way for two threads to talk? A MessageChannel, an end in each.
 */
import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';

export function create() {
	/** @type {Worker[]} */
	let workers = [];
	return {
		async start() {
			const { port1, port2 } = new MessageChannel();
			workers = [port1, port2].map(
				(port) =>
					new Worker(new URL('../workers/message-channel.mjs', import.meta.url), { workerData: { port }, transferList: [port] }),
			);
			await Promise.all(workers.map((worker) => once(worker, 'online')));
		},
		async play(ms) {
			workers[0].postMessage(ms);
			const [result] = await once(workers[0], 'message');
			return result;
		},
		async close() {
			await Promise.all(workers.map((worker) => worker.terminate()));
		},
	};
}
