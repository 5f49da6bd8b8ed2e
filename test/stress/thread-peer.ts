/* A thread that is one end of a link; what it needs comes in workerData. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';

import { attachSharedRegion, type Endpoint } from '../../src/ringbuf/index.ts';
import { PortStressBell } from './bells.ts';
import { Peer } from './peer.ts';

export interface ThreadPeerData {
	readonly memory: SharedArrayBuffer;
	readonly endpoint: Endpoint;
	readonly port: MessagePort;
	readonly seed: number;
	readonly records: number;
	readonly mayPark: boolean;
}

const { memory, port, ...options } = workerData as ThreadPeerData;
const bell = new PortStressBell(port);
parentPort?.postMessage(await new Peer({ ...options, region: attachSharedRegion(memory), bell }).run());
// Closing wakes a peer that still waits for this end to be gone, and lets this thread end.
port.close();
