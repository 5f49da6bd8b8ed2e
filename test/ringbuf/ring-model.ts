/*
 * What a ring must do, as a plain queue with arithmetic that cannot wrap. Random sequences of operations run against both and
 * must give the same answers; after each one the words in shared memory must say what the queue says.
 */
import fc from 'fast-check';

import { CWAIT, HEAD, PWAIT, STATE, TAIL } from '../../src/ringbuf/layout.ts';
import { recordBytes, type SleepKind } from '../../src/ringbuf/index.ts';
import { payloadOf, type SmallRing, smallRing, Taken, TELLING_POSITIONS } from './small-ring.ts';

/** `share` is a part of what may be written, from 0 to 1, so that one sequence means something for every capacity. */
export type Operation =
	| { readonly op: 'claim'; readonly wanted: number; readonly share: number }
	| { readonly op: 'write'; readonly share: number }
	| { readonly op: 'publish' | 'release' | 'disarmReader' | 'disarmWriter' | 'close' }
	| { readonly op: 'read'; readonly limit: number; readonly share: number | undefined }
	| { readonly op: 'armReader'; readonly kind: SleepKind }
	| { readonly op: 'armWriter'; readonly kind: SleepKind; readonly share: number };

interface ModelRecord {
	readonly id: number;
	readonly bytes: number;
	readonly end: number;
}

/** Counts what a run has met, so that a run that met nothing can be told. */
export interface ModelTally {
	records: number;
	pads: number;
	refused: number;
	wraps: number;
}

class Model {
	readonly #ring: SmallRing;
	readonly #capacity: number;
	readonly #tally: ModelTally;
	#tail: number;
	#published: number;
	#head: number;
	#released: number;
	#cwait: SleepKind = 0;
	#pwait: SleepKind = 0;
	#isClosed = false;
	#nextId = 0;
	readonly #committed: ModelRecord[] = [];
	readonly #visible: ModelRecord[] = [];

	constructor(capacity: number, start: number, tally: ModelTally) {
		this.#ring = smallRing(capacity, start);
		this.#capacity = capacity;
		this.#tally = tally;
		this.#tail = this.#published = this.#head = this.#released = start;
	}

	run(operation: Operation): void {
		const { reader, writer } = this.#ring;
		switch (operation.op) {
			case 'claim':
				return this.#claim(Math.floor(operation.wanted * writer.maxPayload), operation.share);
			case 'write':
				return this.#write(Math.floor(operation.share * this.#largest));
			case 'publish':
				return this.#publish();
			case 'read':
				return this.#read(
					operation.limit,
					operation.share === undefined ? undefined : Math.floor(operation.share * this.#capacity),
				);
			case 'release':
				return this.#release();
			case 'armReader':
				return this.#armReader(operation.kind);
			case 'armWriter':
				return this.#armWriter(operation.kind, Math.floor(operation.share * writer.maxPayload));
			case 'disarmReader':
				reader.disarm();
				this.#cwait = 0;
				return;
			case 'disarmWriter':
				writer.disarm();
				this.#pwait = 0;
				return;
			case 'close':
				same('close', writer.close(), this.#cwait);
				this.#cwait = 0;
				this.#isClosed = true;
		}
	}

	/** The words in memory, the getters and the canaries. */
	checkState(): void {
		const { reader, writer } = this.#ring;
		same('TAIL', this.#ring.word(TAIL), this.#published | 0);
		same('HEAD', this.#ring.word(HEAD), this.#released | 0);
		same('CWAIT', this.#ring.word(CWAIT), this.#cwait);
		same('PWAIT', this.#ring.word(PWAIT), this.#pwait);
		same('STATE', this.#ring.word(STATE), Number(this.#isClosed));
		same('hasMore', reader.hasMore, this.#visible.length > 0);
		same('hasUnpublished', writer.hasUnpublished, this.#committed.length > 0);
		same('isClosed', reader.isClosed, this.#isClosed);
		same('canaries', this.#ring.isIntact(), true);
	}

	/** A record of half a ring is placed wherever the tail stands, as soon as the ring is empty. Larger ones may never be. */
	get #largest(): number {
		return this.#capacity / 2 - 16;
	}

	get #rest(): number {
		return this.#capacity - (this.#tail % this.#capacity);
	}

	get #free(): number {
		return this.#capacity - (this.#tail - this.#released);
	}

	#pad(bytes: number): number {
		return this.#rest < recordBytes(bytes) ? this.#rest : 0;
	}

	#claim(wanted: number, share: number): void {
		const { writer, data } = this.#ring;
		const room = writer.claim(wanted);
		const exact = Math.min(this.#free, this.#rest, writer.maxPayload + 16) - 16;
		// An old idea of HEAD may promise less than there is, but never less than was wanted and never more than is true.
		if (room > exact || room < Math.min(wanted, exact)) throw new Error(`claim(${wanted}) gave ${room}, exact is ${exact}`);
		if (room < 0) return;
		const bytes = Math.floor(share * room);
		same('claimed', writer.claimed, (this.#tail % this.#capacity) + 16);
		payloadOf(this.#nextId, bytes).copy(data, writer.claimed);
		writer.commit(bytes, this.#nextId, ~this.#nextId, bytes);
		this.#append(bytes, 0);
	}

	#write(bytes: number): void {
		const pad = this.#pad(bytes);
		const fits = this.#free >= pad + recordBytes(bytes);
		same('tryWrite', this.#ring.writer.tryWrite(this.#nextId, ~this.#nextId, bytes, payloadOf(this.#nextId, bytes)), fits);
		if (fits) this.#append(bytes, pad);
		else this.#tally.refused += 1;
	}

	#append(bytes: number, pad: number): void {
		const before = this.#tail;
		this.#tail += pad + recordBytes(bytes);
		this.#committed.push({ id: this.#nextId, bytes, end: this.#tail });
		this.#nextId += 1;
		this.#tally.records += 1;
		if (pad > 0) this.#tally.pads += 1;
		if ((before | 0) < 0 !== (this.#tail | 0) < 0) this.#tally.wraps += 1;
	}

	#publish(): void {
		same('publish', this.#ring.writer.publish(), this.#committed.length > 0 ? this.#cwait : 0);
		if (this.#committed.length > 0) this.#cwait = 0;
		this.#visible.push(...this.#committed.splice(0));
		this.#published = this.#tail;
	}

	#read(limit: number, maxBytes: number | undefined): void {
		const { reader } = this.#ring;
		const taken = new Taken();
		const expected = this.#next(limit, maxBytes ?? this.#capacity);
		same('read', reader.read(taken, limit, maxBytes), expected.length);
		same('isBehind', reader.isBehind, this.#visible.length > 0);
		same('position', reader.position, this.#head | 0);
		same('records handed over', taken.records.length, expected.length);
		for (const [index, { id, bytes }] of expected.entries()) {
			const { w1, w2, w3, payload } = taken.records[index]!;
			same('words', `${w1} ${w2} ${w3}`, `${id} ${~id} ${bytes}`);
			if (!payload.equals(payloadOf(id, bytes))) throw new Error(`record ${id} of ${bytes} bytes is torn`);
		}
	}

	/** Takes what one read() hands over. It looks at its limits before each record, and before each PAD. */
	#next(limit: number, maxBytes: number): ModelRecord[] {
		const from = this.#head;
		const records: ModelRecord[] = [];
		while (records.length < limit && this.#head - from < maxBytes) {
			const record = this.#visible[0];
			if (!record) break;
			const start = record.end - recordBytes(record.bytes);
			if (this.#head === start) {
				this.#visible.shift();
				records.push(record);
				this.#head = record.end;
			} else this.#head = start;
		}
		return records;
	}

	#release(): void {
		const isNews = this.#head !== this.#released;
		same('release', this.#ring.reader.release(), isNews ? this.#pwait : 0);
		if (isNews) this.#pwait = 0;
		this.#released = this.#head;
	}

	#armReader(kind: SleepKind): void {
		const mayList = this.#visible.length === 0;
		same('reader.arm', this.#ring.reader.arm(kind), mayList);
		this.#cwait = mayList ? kind : 0;
	}

	#armWriter(kind: SleepKind, bytes: number): void {
		const isFull = this.#free < this.#pad(bytes) + recordBytes(bytes);
		same('writer.arm', this.#ring.writer.arm(kind, bytes), isFull);
		this.#pwait = isFull ? kind : 0;
	}
}

function same<T>(what: string, actual: T, expected: T): void {
	if (actual !== expected) throw new Error(`${what} gave ${String(actual)}, the model says ${String(expected)}`);
}

// Not fc.double(): that one draws evenly among bit patterns, and nearly all of those are next to 0.
const share = fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000);
const kind = fc.constantFrom<SleepKind>(0, 1, 2);

const operation: fc.Arbitrary<Operation> = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ op: fc.constant('claim' as const), wanted: share, share }) },
	{ weight: 6, arbitrary: fc.record({ op: fc.constant('write' as const), share }) },
	{ weight: 5, arbitrary: fc.record({ op: fc.constant('publish' as const) }) },
	{
		weight: 5,
		arbitrary: fc.record({
			op: fc.constant('read' as const),
			limit: fc.integer({ min: 0, max: 8 }),
			share: fc.option(share, { nil: undefined }),
		}),
	},
	{ weight: 4, arbitrary: fc.record({ op: fc.constant('release' as const) }) },
	{ weight: 2, arbitrary: fc.record({ op: fc.constant('armReader' as const), kind }) },
	{ weight: 2, arbitrary: fc.record({ op: fc.constant('armWriter' as const), kind, share }) },
	{
		weight: 1,
		arbitrary: fc.record({ op: fc.constantFrom('disarmReader' as const, 'disarmWriter' as const, 'close' as const) }),
	},
);

/** Start positions are multiples of 16, most of them so near a telling one that the run passes over it. */
export function startPosition(capacity: number): fc.Arbitrary<number> {
	const near = fc
		.record({ telling: fc.constantFrom(...TELLING_POSITIONS), back: fc.integer({ min: 0, max: (2 * capacity) / 16 }) })
		.map(({ telling, back }) => (telling - back * 16 + 2 ** 32) % 2 ** 32);
	return fc.oneof(
		{ weight: 3, arbitrary: near },
		{ weight: 1, arbitrary: fc.integer({ min: 0, max: 2 ** 28 - 1 }).map((n) => n * 16) },
	);
}

/** Runs `numRuns` random sequences on rings of the given sizes. Throws, with seed and smallest sequence, on a difference. */
export function checkAgainstModel(capacities: readonly number[], numRuns: number): ModelTally {
	const tally: ModelTally = { records: 0, pads: 0, refused: 0, wraps: 0 };
	const run = fc.constantFrom(...capacities).chain((capacity) =>
		fc.record({
			capacity: fc.constant(capacity),
			start: startPosition(capacity),
			operations: fc.array(operation, { maxLength: 120, size: 'max' }),
		}),
	);
	fc.assert(
		fc.property(run, ({ capacity, start, operations }) => {
			const model = new Model(capacity, start, tally);
			for (const each of operations) {
				model.run(each);
				model.checkState();
			}
		}),
		{ numRuns },
	);
	return tally;
}
