/*
 * What a ring must do with bytes that no producer or consumer of ours would write: hand over records that lie inside the ring,
 * or throw ProtocolError. Nothing else: no other error, no endless loop, no byte read or written outside.
 */
import fc from 'fast-check';

import { ProtocolError } from '../../src/errors/index.ts';
import { HEAD, PWAIT, TAIL } from '../../src/ringbuf/layout.ts';
import { type RecordSink, RingReader, RingWriter } from '../../src/ringbuf/index.ts';
import { payloadOf, type SmallRing, smallRing } from './small-ring.ts';
import { startPosition } from './ring-model.ts';

const CAPACITIES = [64, 128, 256, 1024];

/** How often a run ended in which way, so that a fuzz that only ever meets one of them can be told. */
export interface FuzzTally {
	delivered: number;
	refused: number;
}

/** Refuses records outside the ring, and more of them than fit. `meddle` plays a peer that writes while this side reads. */
class Inspector implements RecordSink {
	count = 0;
	readonly #ring: SmallRing;
	readonly #meddle: (() => void) | undefined;

	constructor(ring: SmallRing, meddle?: () => void) {
		this.#ring = ring;
		this.#meddle = meddle;
	}

	onRecord(w1: number, w2: number, w3: number, buf: Buffer, start: number, end: number): void {
		this.count += 1;
		const { length } = this.#ring.data;
		if (buf !== this.#ring.data || start < 16 || start % 16 !== 0 || end < start || end > length) {
			throw new Error(`record [${start}, ${end}) lies outside a ring of ${length} bytes`);
		}
		for (const word of [w1, w2, w3]) if (!Number.isInteger(word)) throw new Error(`a word is ${word}`);
		this.#meddle?.();
	}
}

/** Runs `action`; true when it was refused as a breach of the protocol. Any other error is a finding. */
function isRefused(action: () => void): boolean {
	try {
		action();
		return false;
	} catch (error) {
		if (error instanceof ProtocolError) return true;
		throw error;
	}
}

/** Reads all there is; one look may hand over at most as many records as the ring has headers. */
function readAll(ring: SmallRing, reader: RingReader, tally: FuzzTally, meddle?: () => void): void {
	for (let look = 0; look < 4; look += 1) {
		const inspector = new Inspector(ring, meddle);
		const wasRefused = isRefused(() => {
			const count = reader.read(inspector, look === 0 ? 3 : Number.POSITIVE_INFINITY, look === 1 ? 48 : undefined);
			if (count !== inspector.count) throw new Error(`read() says ${count}, handed over ${inspector.count}`);
			reader.release();
			if (reader.arm(1)) reader.disarm();
			void reader.hasMore;
			void reader.isClosed;
		});
		if (inspector.count > ring.data.length / 16) throw new Error(`${inspector.count} records from ${ring.data.length} bytes`);
		tally.delivered += inspector.count;
		if (wasRefused) {
			tally.refused += 1;
			break;
		}
	}
	if (!ring.isIntact()) throw new Error('bytes outside the ring were written');
}

const anyWord = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const capacity = fc.constantFrom(...CAPACITIES);

/** Noise, with most headers near to possible: small lengths, and PAD. */
function ringBytes(bytes: number): fc.Arbitrary<Int32Array> {
	const header = fc.oneof(
		{ weight: 6, arbitrary: fc.integer({ min: -1, max: 48 }) },
		{ weight: 1, arbitrary: fc.integer({ min: -2, max: bytes }) },
		{ weight: 1, arbitrary: anyWord },
	);
	const headers = fc.array(header, { minLength: bytes / 16, maxLength: bytes / 16 });
	return fc.tuple(fc.int32Array({ minLength: bytes / 4, maxLength: bytes / 4 }), headers).map(([words, list]) => {
		for (const [index, value] of list.entries()) words[index * 4] = value;
		return words;
	});
}

/** A distance between TAIL and HEAD: most within the ring, some anything. */
function distance(bytes: number): fc.Arbitrary<number> {
	const inside = fc.integer({ min: 0, max: bytes / 16 }).map((n) => n * 16);
	return fc.oneof({ weight: 4, arbitrary: inside }, { weight: 1, arbitrary: fc.integer({ min: -32, max: bytes + 32 }) }, anyWord);
}

function fillWith(ring: SmallRing, words: Int32Array): void {
	ring.data.set(new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
}

/** Writes as many records of the given sizes as fit, and publishes them. */
function fill(ring: SmallRing, sizes: readonly number[]): void {
	for (const [id, bytes] of sizes.entries()) ring.writer.tryWrite(id, 0, 0, payloadOf(id, bytes));
	ring.writer.publish();
}

/** A reader that starts on, or meets, noise: in the data, in TAIL, in HEAD. */
export function fuzzNoise(numRuns: number, tally: FuzzTally): void {
	const noise = capacity.chain((bytes) =>
		fc.record({
			capacity: fc.constant(bytes),
			words: ringBytes(bytes),
			head: fc.oneof({ weight: 3, arbitrary: startPosition(bytes) }, anyWord),
			ahead: distance(bytes),
			isNew: fc.boolean(),
		}),
	);
	fc.assert(
		fc.property(noise, ({ capacity: bytes, words, head, ahead, isNew }) => {
			const ring = smallRing(bytes, isNew ? 0 : head & ~15);
			fillWith(ring, words);
			const before = Buffer.from(ring.data);
			ring.setWord(HEAD, head);
			ring.setWord(TAIL, head + ahead);
			readAll(ring, isNew ? new RingReader(ring.control, ring.base, ring.data) : ring.reader, tally);
			if (!before.equals(ring.data)) throw new Error('the reader wrote into the data');
		}),
		{ numRuns },
	);
}

/** A ring filled by the rules, in which bits of some words flip: before the reader looks, and while it reads. */
export function fuzzFlips(numRuns: number, tally: FuzzTally): void {
	const flip = fc.record({
		word: fc.nat(),
		bits: fc.oneof(
			fc.integer({ min: 0, max: 31 }).map((bit) => 1 << bit),
			anyWord,
		),
	});
	const flips = capacity.chain((bytes) =>
		fc.record({
			capacity: fc.constant(bytes),
			start: startPosition(bytes),
			sizes: fc.array(fc.integer({ min: 0, max: bytes / 4 }), { minLength: 1, maxLength: 12, size: 'max' }),
			before: fc.array(flip, { maxLength: 2 }),
			meanwhile: fc.array(flip, { maxLength: 8, size: 'max' }),
		}),
	);
	fc.assert(
		fc.property(flips, ({ capacity: bytes, start, sizes, before, meanwhile }) => {
			const ring = smallRing(bytes, start);
			const words = new Int32Array(ring.data.buffer, ring.data.byteOffset, bytes / 4);
			const apply = ({ word, bits }: { word: number; bits: number }): void => {
				// One in sixteen goes to TAIL, the others to the data.
				if (word % 16 === 0) ring.setWord(TAIL, ring.word(TAIL) ^ bits);
				else words[word % words.length]! ^= bits;
			};
			fill(ring, sizes);
			before.forEach(apply);
			const queue = [...meanwhile];
			readAll(ring, ring.reader, tally, () => {
				const next = queue.pop();
				if (next) apply(next);
			});
		}),
		{ numRuns },
	);
}

/** A writer whose consumer writes anything into HEAD and PWAIT, and which may take over a ring whose TAIL is anything. */
export function fuzzWriter(numRuns: number, tally: FuzzTally): void {
	const step = fc.record({
		head: fc.option(
			fc.oneof(
				fc.integer({ min: -8, max: 8 }).map((n) => n * 16),
				anyWord,
			),
			{ nil: undefined },
		),
		bytes: fc.nat(),
		wanted: fc.nat(),
		action: fc.constantFrom('claim', 'write', 'publish', 'arm', 'close'),
	});
	const steps = capacity.chain((bytes) =>
		fc.record({
			capacity: fc.constant(bytes),
			start: startPosition(bytes),
			takenOver: fc.option(anyWord, { nil: undefined }),
			list: fc.array(step, { maxLength: 40, size: 'max' }),
		}),
	);
	fc.assert(
		fc.property(steps, ({ capacity: bytes, start, takenOver, list }) => {
			const ring = smallRing(bytes, start);
			let writer = ring.writer;
			if (takenOver !== undefined) {
				ring.setWord(TAIL, takenOver);
				const wasRefused = isRefused(() => {
					writer = new RingWriter(ring.control, ring.base, ring.data);
				});
				if (wasRefused) tally.refused += 1;
			}
			for (const each of list) {
				if (each.head !== undefined) ring.setWord(HEAD, ring.word(HEAD) + each.head);
				ring.setWord(PWAIT, each.wanted);
				if (isRefused(() => writeOnce(writer, each, tally))) tally.refused += 1;
			}
			if (!ring.isIntact()) throw new Error('bytes outside the ring were written');
		}),
		{ numRuns },
	);
}

function writeOnce(writer: RingWriter, step: { action: string; bytes: number; wanted: number }, tally: FuzzTally): void {
	const bytes = step.bytes % (writer.data.length + 32);
	switch (step.action) {
		case 'claim': {
			const room = writer.claim(step.wanted % (writer.maxPayload + 1));
			if (room < 0) return;
			writer.data.fill(1, writer.claimed, writer.claimed + room);
			writer.commit(room, 1, 2, 3);
			tally.delivered += 1;
			return;
		}
		case 'write':
			if (writer.tryWrite(1, 2, 3, payloadOf(1, bytes))) tally.delivered += 1;
			return;
		case 'publish':
			writer.publish();
			return;
		case 'arm':
			writer.arm(2, bytes);
			return;
		default:
			writer.close();
	}
}
