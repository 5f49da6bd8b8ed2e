/*
 * How do two workers talk through mailboxes? Both are started by the host, which has no part in what they say.
 */
import { WorkerResource } from '../../dist/index.js';
import { drain } from '../../dist/mailbox/index.js';

const PRODUCERS = 4;

/** @param {{ backend: 'process' | 'thread', transport?: 'pipe', blocking?: boolean }} variant */
export function create({ backend, transport = 'auto', blocking = false }) {
	/** @type {Awaited<ReturnType<typeof startPeer>>[]} */
	let workers = [];
	const startPeer = () => WorkerResource.import(new URL('../workers/mailbox.mjs', import.meta.url), { backend, transport });
	return {
		async start() {
			workers = await Promise.all(Array.from({ length: PRODUCERS + 1 }, startPeer));
		},
		async peerRoundTrips(ms, hasIdleTags = false) {
			const echo = workers[1].call.echo(blocking, hasIdleTags);
			const times = await workers[0].call.ping(ms, blocking);
			await workers[0].call.stopEcho();
			await echo;
			return times;
		},
		async peerStream(producers, ms) {
			drain('stream');
			const consumed = workers[0].call.consume(producers, blocking);
			for (let id = 1; id <= producers; id += 1) void workers[id].call.produce(ms);
			return consumed;
		},
		close: async () => {
			for (const worker of workers) await worker[Symbol.asyncDispose]();
		},
		waitsForManyTags: true,
	};
}
