/*
 * How is comlink called? A proxy over a thread's port; comlink has no pool.
 */
import { Worker } from 'node:worker_threads';

import { releaseProxy, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';

export function create() {
	/** @type {Worker} */
	let worker;
	let remote;
	return {
		async start() {
			worker = new Worker(new URL('../workers/comlink.mjs', import.meta.url));
			remote = wrap(nodeEndpoint(worker));
		},
		call: (n) => remote.add(n, 2),
		echo: (bytes) => remote.echo(bytes),
		async close() {
			remote?.[releaseProxy]();
			await worker?.terminate();
		},
	};
}
