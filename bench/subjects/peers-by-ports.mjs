/*
 * How do two workers talk without coproc? Through a MessageChannel, one for each two of them.
 */
import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';

const PRODUCERS = 4;

async function ask(worker, message, ports) {
	worker.postMessage(message, ports);
	const [result] = await once(worker, 'message');
	return result;
}

export function create() {
	/** @type {Worker[]} */
	let workers = [];
	return {
		async start() {
			workers = Array.from({ length: PRODUCERS + 1 }, () => new Worker(new URL('../workers/ports.mjs', import.meta.url)));
			await Promise.all(workers.map((worker) => once(worker, 'online')));
		},
		async peerRoundTrips(ms) {
			const { port1, port2 } = new MessageChannel();
			const echo = ask(workers[1], { job: 'echo', port: port2 }, [port2]);
			const times = await ask(workers[0], { job: 'ping', port: port1, ms }, [port1]);
			// The echo ends with the port.
			void echo.catch(() => {});
			return times;
		},
		async peerStream(producers, ms) {
			const channels = Array.from({ length: producers }, () => new MessageChannel());
			const ports = channels.map(({ port2 }) => port2);
			const consumed = ask(workers[0], { job: 'consume', ports }, ports);
			channels.forEach(({ port1 }, index) => void ask(workers[index + 1], { job: 'produce', port: port1, ms }, [port1]));
			return consumed;
		},
		close: async () => {
			await Promise.all(workers.map((worker) => worker.terminate()));
		},
	};
}
