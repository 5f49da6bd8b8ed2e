/*
 * A ring on a few bytes of ordinary memory, at any start position, with canaries on both sides of its control words and of its
 * data: what writes outside the ring is seen, however small the ring.
 */
import { CONTROL_BYTES, HEAD, TAIL } from '../../src/ringbuf/layout.ts';
import { type RecordSink, RingReader, RingWriter } from '../../src/ringbuf/index.ts';

const CANARY = 0xa5;
const CANARY_BYTES = 64;
/** Not 0, so that a forgotten base shows. */
const BASE = 32;

export interface SmallRing {
	readonly control: Int32Array;
	readonly base: number;
	readonly data: Buffer;
	readonly writer: RingWriter;
	readonly reader: RingReader;
	/** A control word, by its offset in layout.ts. */
	word(offset: number): number;
	setWord(offset: number, value: number): void;
	/** True while nothing was written outside the control words and the data. */
	isIntact(): boolean;
}

export function smallRing(capacity: number, start = 0): SmallRing {
	const controlMemory = guarded(CONTROL_BYTES);
	const dataMemory = guarded(capacity);
	const control = new Int32Array(controlMemory.buffer, CANARY_BYTES, CONTROL_BYTES / 4);
	const data = Buffer.from(dataMemory.buffer, CANARY_BYTES, capacity);
	control[BASE + TAIL] = start;
	control[BASE + HEAD] = start;
	return {
		control,
		base: BASE,
		data,
		writer: new RingWriter(control, BASE, data),
		reader: new RingReader(control, BASE, data),
		word: (offset) => control[BASE + offset] as number,
		setWord: (offset, value) => {
			control[BASE + offset] = value;
		},
		isIntact: () => hasCanaries(controlMemory) && hasCanaries(dataMemory),
	};
}

function guarded(bytes: number): Uint8Array<ArrayBuffer> {
	return new Uint8Array(CANARY_BYTES + bytes + CANARY_BYTES).fill(CANARY, 0, CANARY_BYTES).fill(CANARY, CANARY_BYTES + bytes);
}

function hasCanaries(memory: Uint8Array): boolean {
	const isCanary = (byte: number): boolean => byte === CANARY;
	return memory.subarray(0, CANARY_BYTES).every(isCanary) && memory.subarray(-CANARY_BYTES).every(isCanary);
}

export interface TakenRecord {
	readonly w1: number;
	readonly w2: number;
	readonly w3: number;
	readonly payload: Buffer;
}

/** Keeps a copy of every record it is handed. */
export class Taken implements RecordSink {
	readonly records: TakenRecord[] = [];

	onRecord(w1: number, w2: number, w3: number, buf: Buffer, start: number, end: number): void {
		this.records.push({ w1, w2, w3, payload: Buffer.from(buf.subarray(start, end)) });
	}

	/** The payloads as text, oldest first. */
	get texts(): string[] {
		return this.records.map((record) => record.payload.toString('latin1'));
	}
}

/** Payload bytes that depend on the record's number and on the place within it: a piece of another record never looks right. */
export function payloadOf(id: number, bytes: number): Buffer {
	const payload = Buffer.allocUnsafe(bytes);
	for (let i = 0; i < bytes; i += 1) payload[i] = (Math.imul(id + 1, 0x9e3779b1) >>> 24) + i * 7;
	return payload;
}

/** Positions around which 32-bit arithmetic goes wrong: the start, the sign bit and the wrap to zero. */
export const TELLING_POSITIONS: readonly number[] = [0, 2 ** 31, 2 ** 32];
