import type { MessagePort } from 'node:worker_threads';

import type { Latency, LinkPorts } from '../transport/index.ts';
import type { MessengerLimits } from './messenger-core.ts';

/*
 * What a worker is handed before it can be talked to. Resource writes it, worker reads it.
 */

/** What both ends of a link must agree on. */
export interface LinkTerms {
	readonly order: 'priority' | 'fifo';
	readonly latency: Latency;
	/** Size of each ring, in bytes. */
	readonly ringBytes: number;
	readonly limits: MessengerLimits;
}

/** A worker process reads this, as JSON, from its first argument. */
export interface ProcessLaunch {
	readonly role: 'process';
	readonly terms: LinkTerms;
	/** Process id of the host: a worker that finds another parent was orphaned while it started. */
	readonly hostPid: number;
	/** Whether descriptor {@link MEMORY_FD} holds memory to map. */
	readonly hasMemory: boolean;
}

/** A worker thread reads this from its `workerData`. */
export interface ThreadLaunch {
	readonly role: 'thread';
	readonly terms: LinkTerms;
	readonly ports: LinkPorts;
	/** Memory of the rings, or of the wake words where frames go through the port. */
	readonly memory: SharedArrayBuffer;
	readonly kind: 'ring' | 'port';
	readonly reason: string;
	/** Where the thread keeps the last bytes of its stderr. */
	readonly stderrTail: SharedArrayBuffer;
	/** Which standard streams the thread writes straight to the descriptors of the process. */
	readonly direct: { readonly stdout: boolean; readonly stderr: boolean };
}

/** The helper thread of a worker process without shared memory reads this from its `workerData`. */
export interface RelayLaunch {
	readonly role: 'relay';
	readonly port: MessagePort;
	readonly memory: SharedArrayBuffer;
	readonly ringBytes: number;
}

/** Descriptor of the socket to the host in a worker process. */
export const SOCKET_FD = 3;
/** Descriptor of the memory in a worker process, where there is some. */
export const MEMORY_FD = 4;
