/*
 * The same files in worker processes or threads, by requests and replies.
 */
import { WorkerResource } from 'coproc';

import { schedule } from './schedule.js';

const WORKER = new URL('./worker.js', import.meta.url);

/** A worker that is parsing hears nothing; after an interrupt nobody wants to wait for it. Milliseconds. */
const KILL_GRACE = 500;

/**
 * @typedef {object} ParallelOptions
 * @property {number} workers
 * @property {'process' | 'thread'} backend
 * @property {'auto' | 'ring' | 'pipe'} transport
 * @property {AbortSignal} signal
 * @property {(workers: number, transports: Transport[]) => void} onStarted
 * @property {(index: number) => void} onResult
 */

/** @typedef {{ kind: string, reason: string }} Transport */

/**
 * @param {readonly import('./find-sources.js').SourceFile[]} files
 * @param {ParallelOptions} options
 * @returns {Promise<import('./schedule.js').Outcome & { transports: Transport[] }>} `transports` has no two that are the same.
 */
export async function runParallel(files, { workers, backend, transport, signal, onStarted, onResult }) {
	/** @type {Map<string, Transport>} */
	const transports = new Map();
	/** @param {string} name */
	const start = async (name) => {
		const resource = await WorkerResource.start(WORKER, { backend, transport, name, signal, killGrace: KILL_GRACE });
		const { kind, reason } = resource.transport;
		transports.set(`${kind} ${reason}`, { kind, reason });
		return {
			/** @param {string} path */
			parse: async (path) => {
				const result = await resource.messenger.request({ path }, null, { signal });
				return /** @type {import('./parse-file.js').FileResult} */ (result);
			},
			end: async () => resource[Symbol.asyncDispose](),
		};
	};
	const outcome = await schedule(files, {
		workers,
		start,
		signal,
		onStarted: (count) => onStarted(count, [...transports.values()]),
		onResult,
	});
	return { ...outcome, transports: [...transports.values()] };
}
