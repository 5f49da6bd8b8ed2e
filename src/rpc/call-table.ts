import { ProtocolError, QueueFullError } from '../errors/index.ts';
import type { PendingCall } from './pending-call.ts';

/** What a call is charged beside its arguments, in bytes: about what the host keeps of it. */
export const CALL_BYTES = 256;

/**
 * The calls that were sent and not answered, by number.
 *
 * A number is free again once the worker has answered it, so nothing late can meet another call.
 */
export class CallTable {
	readonly #calls: (PendingCall | undefined)[] = [];
	readonly #free: number[] = [];
	readonly #maxQueuedBytes: number;
	#queuedBytes = 0;

	/** @param maxQueuedBytes what all calls together may be charged; one is always accepted when there is none */
	constructor(maxQueuedBytes: number) {
		this.#maxQueuedBytes = maxQueuedBytes;
	}

	/** How many there are. */
	get size(): number {
		return this.#calls.length - this.#free.length;
	}

	/** Throws QueueFullError when a call of `bytes` may not be sent now. */
	admit(bytes: number): void {
		const queuedBytes = this.#queuedBytes;
		const maxQueuedBytes = this.#maxQueuedBytes;
		if (queuedBytes === 0 || queuedBytes + bytes <= maxQueuedBytes) return;
		throw new QueueFullError({ bytes, queuedBytes, maxQueuedBytes, advice: 'Await calls before making more' });
	}

	/** The number of the next call. */
	get nextId(): number {
		return this.#free.at(-1) ?? this.#calls.length;
	}

	/** Notes that a call was sent with the number of {@link nextId}. */
	add(call: PendingCall, bytes: number): void {
		const id = this.#free.pop() ?? this.#calls.length;
		this.#calls[id] = call;
		this.#queuedBytes += bytes;
		call.id = id;
		call.bytes = bytes;
	}

	/** The call of a number that the worker has named. */
	get(id: number): PendingCall {
		const call = this.#calls[id];
		if (!call) throw new ProtocolError('a frame is about a call that was never made', { id });
		return call;
	}

	/** Takes out a call that the worker has answered. */
	take(id: number): PendingCall {
		const call = this.get(id);
		this.#calls[id] = undefined;
		this.#free.push(id);
		this.#queuedBytes -= call.bytes;
		call.id = -1;
		return call;
	}

	/** All that are there. */
	all(): PendingCall[] {
		return this.#calls.filter((call) => call !== undefined);
	}

	/** Forgets all. */
	clear(): void {
		this.#calls.length = 0;
		this.#free.length = 0;
		this.#queuedBytes = 0;
	}
}
