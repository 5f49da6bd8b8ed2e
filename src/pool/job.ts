import type { CallOptions, PendingCall } from '../rpc/index.ts';
import type { Pace } from './pace.ts';
import type { PoolWorker } from './pool-worker.ts';

/** What the pool notes about a job. */
export class Slip {
	/** new: not handed in; queued: waits for a worker; sent: a worker has it; over: nobody waits for it any more. */
	state: 'new' | 'queued' | 'sent' | 'over' = 'new';
	/** Who has it, or had it. */
	worker: PoolWorker | undefined;
	/** When it was handed in and when it was sent, as performance.now() counts. */
	queuedAt = 0;
	sentAt = 0;
	/** What it counts in the backlog of its worker, in milliseconds. */
	expectedMs = 0;
	/** How often it may be run again after its worker ended under it. */
	retries: number;
	/** Items that it runs over: 1 for a call. */
	readonly items: number;
	readonly pace: Pace;

	constructor(pace: Pace, retries: number, items = 1) {
		this.pace = pace;
		this.retries = retries;
		this.items = items;
	}
}

/** Something that one worker is to do: a call, a stream or a chunk of a map. */
export interface Job extends PendingCall {
	readonly slip: Slip;
	/** Lower goes first. */
	readonly priority: number;
	/** True when it counts against `maxQueue`. */
	readonly isCounted: boolean;
	/** False when sending it has taken something out of the caller's hands. */
	readonly canBeSentAgain: boolean;
	/** What is sent. */
	argsFor(worker: PoolWorker): readonly unknown[];
	/** What the worker is to know beside that, now. */
	terms(): CallOptions<never> | undefined;
	/** It could not be sent. */
	refuse(error: unknown): void;
	/** The pool has no answer for it, and this is why. */
	reject(error: unknown): void;
}
