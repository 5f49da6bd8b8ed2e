/*
 * Who can be measured? Every subject by name, with the file that knows how to talk to it.
 */

import { availableParallelism } from 'node:os';

/** Workers of a pool. */
export const PROCESSORS = availableParallelism();

/**
 * What a question needs of a subject: the same few methods for all. `call(n)` has the worker add 2 to n, so that every answer
 * can be checked. What a subject cannot do it leaves out, and no question that needs it names that subject.
 *
 * @typedef {object} Subject
 * @property {() => Promise<void>} start Resolves when it can be called, or earlier: calls wait.
 * @property {(n: number) => Promise<number> | number} [call]
 * @property {(bytes: Uint8Array) => Promise<Uint8Array> | Uint8Array} [echo]
 * @property {(name: 'work' | 'same', items: number[]) => Promise<number[]>} [many] Results of all tasks, which are given at once.
 * @property {(n: number) => boolean | void} [post] Sends n without an answer; false asks to wait for `flushed()`.
 * @property {() => Promise<void>} [flushed]
 * @property {() => Promise<{ count: number, sum: number }>} [posted] What the worker has got through `post`, when it has all.
 * @property {(ms: number) => Promise<{ rounds: number, elapsed: number }>} [play] Has two workers answer each other for so long.
 * @property {() => Promise<void>} [begin] Before every slice: wakes a worker that spins.
 * @property {() => Promise<void>} [end] After it.
 * @property {(ms: number, hasIdleTags?: boolean) => Promise<{ p50: number, p99: number }>} [peerRoundTrips] Between two of its workers.
 * @property {(producers: number, ms: number) => Promise<number>} [peerStream] To one of its workers; how many messages that took.
 * @property {boolean} [waitsForManyTags] Its workers can wait for several things at once.
 * @property {() => Promise<void>} close
 * @property {boolean} [movesBytes] Bytes given to `echo` are gone afterwards: what comes back is sent next.
 * @property {boolean} [isSynchronous] `echo` answers at once.
 */

/** @typedef {{ file: string, variant: object, isRival?: boolean, spins?: boolean }} Entry */

/** @type {Record<string, Entry>} */
export const SUBJECTS = {
	postMessage: { file: 'post-message.mjs', variant: {} },
	'postMessage transfer': { file: 'post-message.mjs', variant: { transfers: true } },
	'fork json': { file: 'fork.mjs', variant: { serialization: 'json' } },
	'fork advanced': { file: 'fork.mjs', variant: { serialization: 'advanced' } },
	'memcpy mapped': { file: 'memcpy.mjs', variant: { isMapped: true } },
	'memcpy shared': { file: 'memcpy.mjs', variant: { isMapped: false } },
	'memcpy mapped, new memory': { file: 'memcpy.mjs', variant: { isMapped: true, isNew: true } },
	'memcpy shared, new memory': { file: 'memcpy.mjs', variant: { isMapped: false, isNew: true } },
	'spin on the ring, process': { file: 'raw-ring.mjs', variant: { backend: 'process', batch: 1 }, spins: true },
	'spin on the ring, thread': { file: 'raw-ring.mjs', variant: { backend: 'thread', batch: 1 }, spins: true },
	'raw ring, process': { file: 'raw-ring.mjs', variant: { backend: 'process', batch: 64 }, spins: true },
	'raw ring, thread': { file: 'raw-ring.mjs', variant: { backend: 'thread', batch: 64 }, spins: true },
	'raw ring one by one, process': { file: 'raw-ring.mjs', variant: { backend: 'process', batch: 1 }, spins: true },
	'raw ring one by one, thread': { file: 'raw-ring.mjs', variant: { backend: 'thread', batch: 1 }, spins: true },
	...coproc('coproc process-ring', { backend: 'process', transport: 'ring' }),
	...coproc('coproc thread-ring', { backend: 'thread', transport: 'ring' }),
	'coproc process-ring calls': { file: 'coproc-call.mjs', variant: { backend: 'process' } },
	'coproc thread-ring calls': { file: 'coproc-call.mjs', variant: { backend: 'thread' } },
	'actor local': { file: 'coproc-actor.mjs', variant: { kind: 'local' } },
	'actor thread': { file: 'coproc-actor.mjs', variant: { kind: 'thread' } },
	'actor process': { file: 'coproc-actor.mjs', variant: { kind: 'process' } },
	'coproc thread-ring transfer': { file: 'coproc.mjs', variant: { backend: 'thread', transport: 'ring', transfers: true } },
	'coproc process-pipe': { file: 'coproc.mjs', variant: { backend: 'process', transport: 'pipe' } },
	'coproc thread-port': { file: 'coproc.mjs', variant: { backend: 'thread', transport: 'pipe' } },
	'peers: MessagePort': { file: 'peers-by-ports.mjs', variant: {} },
	'peers: mailbox, threads': { file: 'peers-by-mailbox.mjs', variant: { backend: 'thread' } },
	'peers: mailbox, threads blocking': { file: 'peers-by-mailbox.mjs', variant: { backend: 'thread', blocking: true } },
	'peers: mailbox, processes': { file: 'peers-by-mailbox.mjs', variant: { backend: 'process' } },
	'peers: mailbox, processes blocking': { file: 'peers-by-mailbox.mjs', variant: { backend: 'process', blocking: true } },
	'peers: mailbox, processes pipe': { file: 'peers-by-mailbox.mjs', variant: { backend: 'process', transport: 'pipe' } },
	'processes local': { file: 'processes.mjs', variant: { kind: 'local' } },
	'processes thread': { file: 'processes.mjs', variant: { kind: 'thread' } },
	'processes process': { file: 'processes.mjs', variant: { kind: 'process' } },
	MessageChannel: { file: 'message-channel.mjs', variant: {} },
	'processes thread to thread': { file: 'processes.mjs', variant: { kind: 'thread', partner: 'thread' } },
	'processes thread to process': { file: 'processes.mjs', variant: { kind: 'thread', partner: 'process' } },
	'processes process to process': { file: 'processes.mjs', variant: { kind: 'process', partner: 'process' } },
	piscina: { file: 'piscina.mjs', variant: {}, isRival: true },
	'piscina tuned': { file: 'piscina.mjs', variant: { isTuned: true }, isRival: true },
	'tinypool thread': { file: 'tinypool.mjs', variant: { runtime: 'worker_threads' }, isRival: true },
	'tinypool process': { file: 'tinypool.mjs', variant: { runtime: 'child_process' }, isRival: true },
	'workerpool thread': { file: 'workerpool.mjs', variant: { workerType: 'thread' }, isRival: true },
	'workerpool process': { file: 'workerpool.mjs', variant: { workerType: 'process' }, isRival: true },
	poolifier: { file: 'poolifier.mjs', variant: {}, isRival: true },
	comlink: { file: 'comlink.mjs', variant: {}, isRival: true },
	'one thread': { file: 'bare-threads.mjs', variant: { size: 0 } },
	'bare threads': { file: 'bare-threads.mjs', variant: { size: PROCESSORS } },
	...coprocPools('process'),
	...coprocPools('thread'),
	'piscina pool': { file: 'piscina.mjs', variant: { size: PROCESSORS }, isRival: true },
	'tinypool thread pool': { file: 'tinypool.mjs', variant: { runtime: 'worker_threads', size: PROCESSORS }, isRival: true },
	'tinypool process pool': { file: 'tinypool.mjs', variant: { runtime: 'child_process', size: PROCESSORS }, isRival: true },
	'workerpool thread pool': { file: 'workerpool.mjs', variant: { workerType: 'thread', size: PROCESSORS }, isRival: true },
	'workerpool process pool': { file: 'workerpool.mjs', variant: { workerType: 'process', size: PROCESSORS }, isRival: true },
	'poolifier pool': { file: 'poolifier.mjs', variant: { size: PROCESSORS }, isRival: true },
};

/**
 * Loads the library behind a subject and makes it, not started yet.
 *
 * @param {string} name
 * @returns {Promise<Subject>}
 */
export async function createSubject(name) {
	const entry = SUBJECTS[name];
	if (!entry) throw new Error(`there is no subject "${name}"`);
	const { create } = await import(`./${entry.file}`);
	return create(entry.variant);
}

/**
 * A ring, with the three ways in which a worker can take in messages.
 *
 * @param {string} name
 * @param {object} variant
 */
function coproc(name, variant) {
	return {
		[name]: { file: 'coproc.mjs', variant },
		[`${name} batches`]: { file: 'coproc.mjs', variant: { ...variant, program: 'batches' } },
		[`${name} blocking`]: { file: 'coproc.mjs', variant: { ...variant, program: 'blocking' } },
	};
}

/** @param {'process' | 'thread'} backend */
function coprocPools(backend) {
	const variant = { backend, size: PROCESSORS };
	return {
		[`coproc ${backend} pool map`]: { file: 'coproc-pool.mjs', variant: { ...variant, way: 'map' } },
		[`coproc ${backend} pool call`]: { file: 'coproc-pool.mjs', variant: { ...variant, way: 'call' } },
	};
}
