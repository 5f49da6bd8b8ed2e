import { DataCloneError, QueueFullError } from '../errors/index.ts';
import type { MessageLink, MessengerLimits } from '../messenger/index.ts';
import { relabel } from './relabel.ts';
import type { Repair, ServedFunction } from './served-functions.ts';
import { KIND_BEGUN, KIND_DROPPED, KIND_FAILED, KIND_ITEM, KIND_PROGRESS, KIND_RESULT, laneOf } from './wire.ts';

/** What a worker says about its calls. The lane of a call keeps it in order. */
export class Replies {
	readonly #link: MessageLink;
	readonly #limits: MessengerLimits;
	readonly #portable: (error: unknown) => unknown;

	/** @param portable returns what can be sent of an error */
	constructor(link: MessageLink, limits: MessengerLimits, portable: (error: unknown) => unknown) {
		this.#link = link;
		this.#limits = limits;
		this.#portable = portable;
	}

	/** The call begins now. */
	begun(id: number): void {
		this.#send(KIND_BEGUN, id, undefined);
	}

	/** The call will not begin. */
	dropped(id: number): void {
		this.#send(KIND_DROPPED, id, undefined);
	}

	/** The call has ended with a value; if that cannot be sent, with what `mend` makes of it, or with the reason. */
	result(id: number, value: unknown, mend?: ServedFunction['mend']): void {
		try {
			this.#send(KIND_RESULT, id, value);
		} catch (error) {
			if (mend) this.result(id, mend(value, this.#repair));
			else this.failed(id, refusalOf(value, error));
		}
	}

	/** The call has ended with an error, or with what can be sent of it. */
	failed(id: number, error: unknown): void {
		try {
			this.#send(KIND_FAILED, id, error);
		} catch {
			this.#send(KIND_FAILED, id, this.#portable(error));
		}
	}

	/** The next item of a stream. Returns its size in bytes; throws when it cannot be sent. */
	item(id: number, value: unknown): number {
		try {
			return this.#send(KIND_ITEM, id, value);
		} catch (error) {
			throw relabel(error, 'item');
		}
	}

	/** False while more than `highWaterMark` waits on this side. */
	get isBelowMark(): boolean {
		return this.#link.transport.outboxBytes <= this.#limits.highWaterMark;
	}

	/** Progress of a call. Throws QueueFullError when more than `maxQueuedBytes` would wait on this side. */
	progress(id: number, value: unknown): void {
		const link = this.#link;
		const { maxQueuedBytes } = this.#limits;
		try {
			const bytes = link.encode(value);
			const queuedBytes = link.transport.outboxBytes;
			if (queuedBytes > 0 && queuedBytes + bytes > maxQueuedBytes) {
				link.abandon();
				throw new QueueFullError({ bytes, queuedBytes, maxQueuedBytes, advice: 'Yield when progress() returns false' });
			}
		} catch (error) {
			throw relabel(error, 'progress');
		}
		link.commit(KIND_PROGRESS, id, 0, laneOf(id));
	}

	readonly #repair: Repair = {
		refusal: (value) => {
			try {
				this.#link.encode(value);
			} catch (error) {
				return refusalOf(value, error);
			}
			this.#link.abandon();
			return undefined;
		},
		portable: (error) => this.#portable(error),
	};

	#send(kind: number, id: number, value: unknown): number {
		const bytes = this.#link.encode(value);
		this.#link.commit(kind, id, 0, laneOf(id));
		return bytes;
	}
}

/** Why a result cannot be sent. */
function refusalOf(value: unknown, error: unknown): unknown {
	return isIterator(value) ? unmarkedStream() : relabel(error, 'result');
}

function isIterator(value: unknown): boolean {
	const iterator = value as { next?: unknown } | null | undefined;
	return typeof iterator === 'object' && iterator !== null && typeof iterator.next === 'function';
}

function unmarkedStream(): DataCloneError {
	return new DataCloneError(
		'result',
		'it is an iterator, and the function is not known to stream. Export a generator function, or mark the function by stream()',
	);
}
