/*
 * How is coproc called? `request()` of a WorkerResource's messenger, over every transport, from dist.
 */
import { WorkerResource } from '../../dist/index.js';

const KINDS = { 'process ring': 'ring', 'thread ring': 'ring', 'process pipe': 'pipe', 'thread pipe': 'port' };

/** @param {{ backend: 'process' | 'thread', transport: 'ring' | 'pipe', program?: string, transfers?: boolean }} variant */
export function create({ backend, transport, program = 'messages', transfers = false }) {
	const module = new URL(`../workers/coproc-${program}.mjs`, import.meta.url);
	/** @type {WorkerResource} */
	let resource;
	/** @type {import('../../dist/index.js').PriorityMessenger} */
	let messenger;
	return {
		async start() {
			resource = await WorkerResource.start(module, { backend, transport, export: 'answer' }, transfers);
			({ messenger } = resource);
			const { kind, reason } = resource.transport;
			if (kind !== KINDS[`${backend} ${transport}`]) throw new Error(`the transport is ${kind}: ${reason}`);
		},
		call: (n) => messenger.request({ a: n, b: 2 }),
		echo: (bytes) => messenger.request(bytes, null, transfers ? { transfer: [bytes.buffer] } : undefined),
		post: (n) => messenger.sendNorequest(n),
		flushed: () => messenger.flushed(),
		posted: () => messenger.request('posted'),
		close: async () => resource?.[Symbol.asyncDispose](),
		movesBytes: transfers,
	};
}
