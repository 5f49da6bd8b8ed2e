/*
 * Records that can be checked without knowing what was sent: their words hold number, length and checksum, and the payload
 * follows from the number. A gap, a tear, a duplicate or bytes of another record never look right.
 */
import type { RecordSink, RingWriter } from '../../src/ringbuf/index.ts';

/** A random number below `bound`. */
export type Random = (bound: number) => number;

/** Mulberry32: the same numbers for the same seed, on every machine. */
export function randomFrom(seed: number): Random {
	let state = seed;
	return (bound) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
	};
}

const POOL_BYTES = 1 << 17;
const pool = Buffer.alloc(POOL_BYTES);
const fill = randomFrom(20_261_121);
for (let i = 0; i < POOL_BYTES; i += 1) pool[i] = fill(256);

/** Where in the pool the payload of a record lies: neighbours are far apart. */
function poolOffset(sequence: number, bytes: number): number {
	return (Math.imul(sequence + 1, 0x9e3779b1) >>> 0) % (POOL_BYTES - bytes);
}

function checksum(sequence: number, bytes: number): number {
	return Math.imul(sequence ^ 0x5bd1e995, 0x01000193) ^ Math.imul(bytes + 1, 0x85ebca6b);
}

/** Writes numbered records of random sizes, in place or by copy. */
export class Source {
	sent = 0;
	bytes = 0;
	readonly #writer: RingWriter;
	readonly #random: Random;
	#nextBytes: number;

	constructor(writer: RingWriter, random: Random) {
		this.#writer = writer;
		this.#random = random;
		this.#nextBytes = this.#size();
	}

	/** Payload bytes of the record that comes next, for announcing how much room it needs. */
	get nextBytes(): number {
		return this.#nextBytes;
	}

	/** Writes the next record; false when there is no room for it. */
	write(): boolean {
		const writer = this.#writer;
		const bytes = this.#nextBytes;
		const from = poolOffset(this.sent, bytes);
		if (this.#random(2) === 0 && writer.claim(bytes) >= bytes) {
			pool.copy(writer.data, writer.claimed, from, from + bytes);
			writer.commit(bytes, this.sent, bytes, checksum(this.sent, bytes));
		} else if (!writer.tryWrite(this.sent, bytes, checksum(this.sent, bytes), pool.subarray(from, from + bytes))) return false;
		this.sent = (this.sent + 1) | 0;
		this.bytes += bytes;
		this.#nextBytes = this.#size();
		return true;
	}

	/** Mostly small, some of any size, a few as large as can be. */
	#size(): number {
		const { maxPayload } = this.#writer;
		const choice = this.#random(20);
		if (choice < 14) return this.#random(Math.min(100, maxPayload + 1));
		return choice < 19 ? this.#random(maxPayload + 1) : maxPayload;
	}
}

/** Takes records and throws at the first that is not the one that must come now. */
export class Checker implements RecordSink {
	received = 0;
	bytes = 0;

	onRecord(sequence: number, bytes: number, sum: number, buf: Buffer, start: number, end: number): void {
		if (sequence !== this.received) throw new Error(`record ${this.received} expected, ${sequence} came: a gap or a duplicate`);
		if (end - start !== bytes || sum !== checksum(sequence, bytes))
			throw new Error(`record ${sequence} of ${bytes} bytes has a torn header`);
		const from = poolOffset(sequence, bytes);
		if (buf.compare(pool, from, from + bytes, start, end) !== 0) throw new Error(`record ${sequence} of ${bytes} bytes is torn`);
		this.received = (this.received + 1) | 0;
		this.bytes += bytes;
	}
}
