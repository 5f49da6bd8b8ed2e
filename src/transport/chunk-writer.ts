import { AWAKE, maxRecordPayload, RECORD_HEADER_BYTES, recordBytes, type SleepKind } from '../ringbuf/index.ts';
import type { RecordOutput } from './record-output.ts';

/** Where full chunks go. */
interface ChunkTarget {
	readonly isFull: boolean;
	write(chunk: Buffer): void;
}

/**
 * Puts records into chunks for a pipe: the same face as a ring, the same limit for one record.
 *
 * What is written during one turn of the event loop leaves together, in a microtask, or at once when a chunk is full.
 */
export class ChunkWriter implements RecordOutput {
	data: Buffer;
	claimed = 0;
	readonly maxPayload: number;
	readonly #target: ChunkTarget;
	#pos = 0;
	#isFlushScheduled = false;

	/** @param ringBytes size of the ring this stands in for, in bytes; a chunk is a quarter of it */
	constructor(target: ChunkTarget, ringBytes: number) {
		this.#target = target;
		this.maxPayload = maxRecordPayload(ringBytes);
		this.data = Buffer.allocUnsafeSlow(ringBytes / 4);
	}

	claim(wanted: number): number {
		if (this.#target.isFull) return 0;
		if (this.data.length - this.#pos < wanted + RECORD_HEADER_BYTES) this.flush();
		this.claimed = this.#pos + RECORD_HEADER_BYTES;
		return this.data.length - this.claimed;
	}

	commit(payloadBytes: number, w1: number, w2: number, w3: number): void {
		const { data } = this;
		let at = data.writeInt32LE(payloadBytes, this.#pos);
		at = data.writeInt32LE(w1 | 0, at);
		at = data.writeInt32LE(w2 | 0, at);
		data.writeInt32LE(w3 | 0, at);
		this.#pos += recordBytes(payloadBytes);
	}

	tryWrite(w1: number, w2: number, w3: number, payload: Uint8Array): boolean {
		if (this.#target.isFull) return false;
		if (this.data.length - this.#pos < recordBytes(payload.length)) this.flush();
		this.data.set(payload, this.#pos + RECORD_HEADER_BYTES);
		this.commit(payload.length, w1, w2, w3);
		return true;
	}

	publish(): SleepKind {
		if (!this.#isFlushScheduled && this.#pos > 0) {
			this.#isFlushScheduled = true;
			queueMicrotask(() => this.flush());
		}
		return AWAKE;
	}

	/** True while records wait for the flush. */
	get hasUnflushed(): boolean {
		return this.#pos > 0;
	}

	/** Sends what has been written so far. */
	flush(): void {
		this.#isFlushScheduled = false;
		if (this.#pos === 0) return;
		const used = this.data.subarray(0, this.#pos);
		this.#pos = 0;
		if (used.length * 2 < this.data.length) {
			// A copy of its own size: the chunk stays here, and a port can hand the copy over whole.
			const copy = Buffer.allocUnsafeSlow(used.length);
			copy.set(used);
			this.#target.write(copy);
		} else {
			this.data = Buffer.allocUnsafeSlow(this.data.length);
			this.#target.write(used);
		}
	}
}
