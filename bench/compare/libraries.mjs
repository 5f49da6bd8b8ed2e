/*
 * How is each library called? One worker each, its defaults otherwise.
 */
import { fileURLToPath } from 'node:url';

const url = (name) => new URL(name, import.meta.url);
const path = (name) => fileURLToPath(url(name));

/** @typedef {{ call(name: string, argument?: unknown): Promise<unknown>, close(): Promise<unknown> }} Library */

/** @type {Record<string, () => Promise<Library>>} */
export const LIBRARIES = {
	'coproc, process': () => coproc('process'),
	'coproc, thread': () => coproc('thread'),
	async 'piscina, thread'() {
		const { Piscina } = await import('piscina');
		const pool = new Piscina({ filename: url('faults.mjs').href, minThreads: 1, maxThreads: 1 });
		return { call: (name, argument) => pool.run(argument, { name }), close: () => pool.destroy() };
	},
	'tinypool, thread': () => tinypool('worker_threads'),
	'tinypool, process': () => tinypool('child_process'),
	'workerpool, thread': () => workerpool('thread'),
	'workerpool, process': () => workerpool('process'),
	async 'poolifier, thread'() {
		const { FixedThreadPool } = await import('poolifier');
		// An 'error' event without a listener would end the program.
		const pool = new FixedThreadPool(1, path('faults-poolifier.mjs'), { errorHandler: () => {} });
		return { call: (name, argument) => pool.execute(argument, name), close: () => pool.destroy() };
	},
	async 'comlink, thread'() {
		const [{ Worker }, { wrap, releaseProxy }, { default: nodeEndpoint }] = await Promise.all([
			import('node:worker_threads'),
			import('comlink'),
			import('comlink/dist/esm/node-adapter.mjs'),
		]);
		const worker = new Worker(url('faults-comlink.mjs'));
		const remote = wrap(nodeEndpoint(worker));
		return {
			call: (name, argument) => remote[name](argument),
			async close() {
				remote[releaseProxy]();
				await worker.terminate();
			},
		};
	},
};

/** @param {'process' | 'thread'} backend */
async function coproc(backend) {
	const { WorkerPool } = await import('../../dist/index.js');
	const pool = await WorkerPool.import(url('faults.mjs'), { size: 1, backend });
	return { call: (name, argument) => pool.call[name](argument), close: () => pool[Symbol.asyncDispose]() };
}

/** @param {'worker_threads' | 'child_process'} runtime */
async function tinypool(runtime) {
	const { Tinypool } = await import('tinypool');
	const pool = new Tinypool({ filename: url('faults.mjs').href, runtime, minThreads: 1, maxThreads: 1 });
	return { call: (name, argument) => pool.run(argument, { name }), close: () => pool.destroy() };
}

/** @param {'thread' | 'process'} workerType */
async function workerpool(workerType) {
	const { default: library } = await import('workerpool');
	const pool = library.pool(path('faults-workerpool.mjs'), { workerType, minWorkers: 1, maxWorkers: 1 });
	return { call: async (name, argument) => pool.exec(name, [argument]), close: async () => pool.terminate(true) };
}
