import { QueueFullError } from '../errors/index.ts';
import { Waiter, type WaitOptions } from '../internal/wait.ts';

/** Limits of what may wait before the peer's program takes it, in bytes. */
export interface QueueLimits {
	/** Above this, sends return false. */
	readonly highWaterMark: number;
	/** Above this, sends throw QueueFullError; one message is always accepted when nothing is queued. */
	readonly maxQueuedBytes: number;
}

/** Bytes popped that are reported together at the most. */
const MAX_BATCH_BYTES = 64 * 1024;

/** What credit needs of the link. */
export interface CreditLink {
	/** Tells the peer how many bytes this side's program has popped since the start. */
	report(total: number): void;
	/** Takes in what has arrived: a program that sends in one go never lets the event loop do it. */
	refresh(): void;
}

/**
 * Counts the bytes that were sent and not yet popped by the peer's program, and tells the peer what was popped here.
 *
 * Reports come in batches of an eighth of the high-water mark at the most, so the count may lag by one batch, and yet what is
 * all popped is always below the mark. Both sides are made with the same limits, hence agree on the batch.
 */
export class Credit {
	/** Bytes sent that the peer's program has not popped, as far as it has told. */
	queuedBytes = 0;
	readonly #limits: QueueLimits;
	readonly #batch: number;
	readonly #link: CreditLink;
	#sent = 0;
	#waiters: Waiter<void>[] = [];
	#popped = 0;
	#reported = 0;

	constructor(limits: QueueLimits, link: CreditLink) {
		this.#limits = limits;
		this.#batch = Math.max(1, Math.min(MAX_BATCH_BYTES, Math.floor(limits.highWaterMark / 8)));
		this.#link = link;
	}

	/** Throws QueueFullError when `bytes` more may not be sent now. Only a single message may exceed the limit by itself. */
	admit(bytes: number, isSingle = true): void {
		if (this.#hasRoom(bytes, isSingle)) return;
		this.#link.refresh();
		if (this.#hasRoom(bytes, isSingle)) return;
		const { maxQueuedBytes } = this.#limits;
		throw new QueueFullError({ bytes, queuedBytes: this.queuedBytes, maxQueuedBytes });
	}

	/** Counts a message that was sent. False above the high-water mark. */
	charge(bytes: number): boolean {
		this.#sent += bytes;
		this.queuedBytes += bytes;
		if (this.queuedBytes <= this.#limits.highWaterMark) return true;
		this.#link.refresh();
		return this.queuedBytes <= this.#limits.highWaterMark;
	}

	/** Takes a report of the peer. */
	onReport(total: number): void {
		this.queuedBytes = Math.max(0, this.#sent - total);
		if (this.queuedBytes > this.#limits.highWaterMark) return;
		for (const waiter of this.#waiters) waiter.resolve();
		this.#waiters = [];
	}

	/** Resolves below the high-water mark. */
	flushed(options?: WaitOptions): Promise<void> {
		if (this.queuedBytes <= this.#limits.highWaterMark && !options?.signal?.aborted) return Promise.resolve();
		const waiter = new Waiter<void>('flushed()', options, () => {
			this.#waiters = this.#waiters.filter((other) => !other.isDone);
		});
		if (!waiter.isDone) this.#waiters.push(waiter);
		return waiter.promise;
	}

	/** Counts `bytes` that this side's program has popped. */
	pop(bytes: number): void {
		this.#popped += bytes;
		if (this.#popped - this.#reported < this.#batch) return;
		this.#reported = this.#popped;
		this.#link.report(this.#popped);
	}

	/** Less than a batch may have been popped already, without a report: that much counts as nothing. */
	#hasRoom(bytes: number, isSingle: boolean): boolean {
		const { maxQueuedBytes } = this.#limits;
		if (this.queuedBytes + bytes <= maxQueuedBytes) return true;
		return this.queuedBytes < this.#batch && (isSingle || bytes <= maxQueuedBytes);
	}

	/** Ends every wait: the peer is gone. True when someone waited. */
	end(error: unknown): boolean {
		const waiters = this.#waiters;
		this.#waiters = [];
		for (const waiter of waiters) waiter.reject(error);
		return waiters.length > 0;
	}
}
