import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';

import { createSharedRegion, type Endpoint } from '../../src/ringbuf/index.ts';
import { PortStressBell } from './bells.ts';
import type { PeerResult } from './peer.ts';
import { checkCompleted, type RoundOptions, type RoundTally, setStart, survive, withTimeout } from './rounds.ts';
import type { ThreadPeerData } from './thread-peer.ts';

/** Next to this file once both are built. */
const PEER = new URL('./thread-peer.js', import.meta.url);

function startPeer(data: ThreadPeerData): Worker {
	return new Worker(PEER, { workerData: data, transferList: [data.port] });
}

/** Two threads that send and receive at once, park at times, and close in order. */
export async function threadRound(options: RoundOptions, tally: RoundTally): Promise<void> {
	const { region, memory } = createSharedRegion(options.ringBytes);
	setStart(region, options.start);
	const { port1, port2 } = new MessageChannel();
	const start = (endpoint: Endpoint, port: typeof port1): Worker =>
		startPeer({ memory, endpoint, port, seed: options.seed + endpoint, records: options.records, mayPark: true });
	const workers = [start(0, port1), start(1, port2)] as const;
	const end = (): unknown => Promise.all(workers.map((worker) => worker.terminate()));
	const results = await withTimeout(Promise.all([resultOf(workers[0]), resultOf(workers[1])]), options, end);
	checkCompleted(region, results, options, tally);
}

async function resultOf(worker: Worker): Promise<PeerResult> {
	// An uncaught error in the worker is emitted as 'error', which makes once() reject.
	const [[result]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
	return result as PeerResult;
}

/** A thread that is terminated at a random instant; this one survives. */
export async function terminateRound(options: RoundOptions, tally: RoundTally): Promise<void> {
	const { region, memory } = createSharedRegion(options.ringBytes);
	setStart(region, options.start);
	const { port1, port2 } = new MessageChannel();
	const worker = startPeer({
		memory,
		endpoint: 1,
		port: port2,
		seed: options.seed + 1,
		records: Number.POSITIVE_INFINITY,
		mayPark: true,
	});
	const bell = new PortStressBell(port1);
	const failed = once(worker, 'error').then(([error]) => Promise.reject(error as Error));
	const exited = once(worker, 'exit').then(() => bell.gone());
	const round = survive(region, bell, options, () => worker.terminate(), tally);
	await withTimeout(Promise.race([Promise.all([round, exited]), failed]), options, () => worker.terminate());
	port1.close();
}
