import type { ByteWriter } from '../internal/byte-writer.ts';
import { FLAG_BEGIN, FRAGMENT_PREFIX_BYTES, KIND_FRAGMENT, type Lane } from './transport.ts';

/** A longer beginning is copied together with what follows it, in bytes: with its prefix it fits a record of the smallest ring. */
const MAX_HEAD_BYTES = 32;
/** How much of the payload the first record holds at the most, in bytes: it is copied to stand behind its prefix. */
const MAX_FIRST_BYTES = 1024;

/** What a {@link BulkFrame} is called and where it stands. */
export interface BulkFrameOptions {
	readonly w1: number;
	readonly w2: number;
	readonly w3: number;
	readonly lane: Lane;
	/** How many small frames had been queued before it: those go first, so that a large frame never overtakes. */
	readonly after: number;
}

/** The next record of a frame; its first word is that of a fragment, or of the whole frame. */
export interface Piece {
	readonly w1: number;
	readonly payload: Uint8Array;
	/** How much of the frame it holds, in bytes. */
	readonly bytes: number;
}

/**
 * A large frame that is being sent in fragments, or a small one that waits behind it.
 *
 * Its payload is what the writer holds; the writer's tail stays where the caller has it, for as long as {@link settle} was not
 * called: that must happen before the caller gets control again, for he may change it.
 */
export class BulkFrame {
	readonly w1: number;
	readonly w2: number;
	readonly w3: number;
	readonly lane: Lane;
	readonly after: number;
	/** Length of the payload, in bytes. */
	readonly length: number;
	#sent = 0;
	#head: Uint8Array;
	/** The payload from {@link #bodyFrom} on. */
	#body: Uint8Array;
	#bodyFrom: number;
	#isSettled: boolean;

	/** @param writer holds the payload, and may be used again */
	constructor(writer: ByteWriter, options: BulkFrameOptions) {
		this.w1 = options.w1;
		this.w2 = options.w2;
		this.w3 = options.w3;
		this.lane = options.lane;
		this.after = options.after;
		this.length = writer.length;
		const { tail } = writer;
		const headBytes = tail ? writer.pos - writer.start : 0;
		this.#isSettled = !tail || headBytes > MAX_HEAD_BYTES;
		// Copied by hand: slice() of a Buffer shares its memory, and this is memory that the writer uses again.
		this.#head = this.#isSettled ? new Uint8Array() : new Uint8Array(writer.buf.subarray(writer.start, writer.pos));
		this.#body = this.#isSettled ? writer.take() : (tail as Uint8Array);
		this.#bodyFrom = this.#head.length;
	}

	/** Bytes of the payload that have not been sent. */
	get left(): number {
		return this.length - this.#sent;
	}

	/** True when the payload lies in memory of its own. */
	get isSettled(): boolean {
		return this.#isSettled;
	}

	/** The next record, of at most `maxBytes` of the payload. */
	piece(maxBytes: number, isWhole: boolean): Piece {
		const { w1 } = this;
		if (isWhole) return { w1, payload: this.#body, bytes: this.length };
		const from = this.#sent - this.#bodyFrom;
		if (this.#sent > 0) {
			const payload = this.#body.subarray(from, from + maxBytes);
			return { w1: KIND_FRAGMENT, payload, bytes: payload.length };
		}
		const room = Math.min(MAX_FIRST_BYTES, maxBytes) - FRAGMENT_PREFIX_BYTES - this.#head.length;
		const payload = withPrefix(this.length, this.#head, this.#body.subarray(0, room));
		return { w1: w1 | FLAG_BEGIN, payload, bytes: payload.length - FRAGMENT_PREFIX_BYTES };
	}

	/** Notes that so much of the payload has gone. */
	sent(bytes: number): void {
		this.#sent += bytes;
	}

	/** Copies what is left to memory of its own. */
	settle(writer: ByteWriter): void {
		if (this.#isSettled) return;
		const skip = Math.max(0, this.#sent - this.#bodyFrom);
		writer.own();
		writer.follow(this.#body.subarray(skip));
		this.#body = writer.take();
		this.#bodyFrom += skip;
		this.#isSettled = true;
	}

	/** Everything has gone: gives memory of the writer back to it. */
	release(writer: ByteWriter): void {
		if (this.#isSettled) writer.giveBack(this.#body);
	}
}

function withPrefix(totalBytes: number, head: Uint8Array, rest: Uint8Array): Buffer {
	const record = Buffer.alloc(FRAGMENT_PREFIX_BYTES + head.length + rest.length);
	record.writeDoubleLE(totalBytes, 0);
	record.set(head, FRAGMENT_PREFIX_BYTES);
	record.set(rest, FRAGMENT_PREFIX_BYTES + head.length);
	return record;
}
