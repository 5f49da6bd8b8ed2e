/*
 * What do threads do that talk through ports of a MessageChannel, without anything else?
 */
import { parentPort } from 'node:worker_threads';

import * as peers from './peers.mjs';

const jobs = {
	ping: (port, { ms }) => {
		let arrived;
		port.on('message', (value) => arrived(value));
		const take = () => new Promise((resolve) => (arrived = resolve));
		return peers.roundTrips((value) => port.postMessage(value), take, ms);
	},
	echo: (port) =>
		new Promise((resolve) => {
			port.on('message', (value) => (typeof value === 'number' ? port.postMessage(value) : resolve()));
		}),
	produce: (port, { ms }) => peers.produce((value) => void port.postMessage(value), ms),
	consume: (_port, { ports }) =>
		new Promise((resolve) => {
			const tally = new peers.Tally(ports.length);
			for (const port of ports) {
				port.on('message', (value) => {
					const count = tally.add(value);
					if (count !== undefined) resolve(count);
				});
			}
		}),
};

parentPort.on('message', (message) => void carryOut(message));

async function carryOut({ job, port, ...options }) {
	const result = await jobs[job](port, options);
	for (const each of [port, ...(options.ports ?? [])]) each?.removeAllListeners('message').close();
	parentPort.postMessage(result);
}
