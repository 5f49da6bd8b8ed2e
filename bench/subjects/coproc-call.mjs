/*
 * How is a function called with coproc? `WorkerResource.import()` of the module that rivals are given, then `resource.call`.
 */
import { WorkerResource } from '../../dist/index.js';

const MODULE = new URL('../workers/functions.mjs', import.meta.url);

/** @param {{ backend: 'process' | 'thread' }} variant */
export function create({ backend }) {
	/** @type {import('../../dist/index.js').RemoteResource<import('../../dist/index.js').Remote<typeof import('../workers/functions.mjs')>>} */
	let resource;
	return {
		async start() {
			resource = await WorkerResource.import(MODULE, { backend, transport: 'ring' });
		},
		call: (n) => resource.call.add({ a: n, b: 2 }),
		echo: (bytes) => resource.call.echo(bytes),
		close: async () => resource?.[Symbol.asyncDispose](),
	};
}
