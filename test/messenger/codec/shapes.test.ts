import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ByteWriter } from '../../../src/internal/byte-writer.ts';
import { ValueDecoder, ValueEncoder } from '../../../src/messenger/codec/index.ts';
import { graphDifference } from './graph.ts';
import { Wire } from './round-trip.ts';

const row = (index: number): object => ({ identifier: index, description: 'd', owner: null });

function sizes(wire: Wire, values: readonly unknown[]): number[] {
	return values.map((value) => wire.encode(value).payload.length);
}

describe('the shapes of a link', () => {
	it('replace the keys from the third object on, within a message and between messages', () => {
		const wire = new Wire();
		const [first, second, third, fourth] = sizes(wire, [row(1), row(2), row(3), row(4)]);
		expect(second).toBeGreaterThan(30);
		expect([third, fourth]).toEqual([5, 5]);
		expect(first).toBeGreaterThan(30);
		expect(new Wire().encode(Array.from({ length: 12 }, (_, index) => row(index))).payload.length).toBeLessThan(130);
	});

	it('are not used when the encoder is told so', () => {
		const wire = new Wire({ shapes: false });
		expect(new Set(sizes(wire, [row(1), row(2), row(3), row(4)])).size).toBe(1);
		expect(wire.pass(row(1))).toEqual(row(1));
	});

	it('count for nothing after dropShapes(), after a refusal, and when nobody said what became of the message', () => {
		for (const forget of [
			(wire: Wire, writer: ByteWriter) => (wire.encoder.encode(writer, [row(1), row(2), row(3)]), wire.encoder.dropShapes()),
			(wire: Wire, writer: ByteWriter) => expect(() => wire.encoder.encode(writer, [row(1), row(2), row(3), () => 1])).toThrow(),
			(wire: Wire, writer: ByteWriter) => wire.encoder.encode(writer, [row(1), row(2), row(3)]),
		]) {
			const wire = new Wire();
			forget(wire, new ByteWriter());
			expect(wire.pass(row(4))).toEqual(row(4));
			expect(wire.pass(row(5))).toEqual(row(5));
		}
	});

	it('of one message stay with it', () => {
		const wire = new Wire();
		wire.writer.own();
		const codec = wire.encoder.encode(wire.writer, [row(1), row(2), row(3)]);
		const fragmented = Buffer.from(wire.writer.buf.subarray(wire.writer.start, wire.writer.pos));
		wire.encoder.dropShapes();
		// Overtakes the one above, and gives the same id to other keys.
		const other = Array.from({ length: 4 }, (_, index) => ({ quite: index, other: 1 }));
		expect(wire.pass(other)).toEqual(other);
		expect(wire.decoder.decode(codec, fragmented, 0, fragmented.length, { localShapes: true })).toEqual([row(1), row(2), row(3)]);
		expect(wire.pass(other)).toEqual(other);
	});

	it('leave out objects whose keys are new each time, and never fill up with them', () => {
		const wire = new Wire();
		let next = 0;
		for (let count = 0; count < 20_000; count++) {
			const dictionary = Object.fromEntries(Array.from({ length: 5 }, () => [`key ${next++}`, 1]));
			wire.encode([dictionary]);
		}
		expect(sizes(wire, [row(1), row(2), row(3)]).at(-1)).toBe(5);
	});

	it('leave room for others when the keys of small dictionaries come again and again', () => {
		const wire = new Wire();
		for (let count = 0; count < 5000; count++) wire.encode([{ [`user${count >> 2}`]: count }]);
		const rows = Array.from({ length: 10 }, (_, index) => row(index));
		expect(sizes(wire, rows).at(-1)).toBeLessThan(8);
	});

	it('are forgotten without a trace when messages with them are dropped for long', () => {
		const encoder = new ValueEncoder();
		const writer = new ByteWriter();
		for (let count = 0; count < 5000; count++) {
			writer.own();
			const keys = Array.from({ length: 20 }, (_, index) => `column ${count} ${index}`);
			const make = (): object => Object.fromEntries(keys.map((key) => [key, 1]));
			encoder.encode(writer, Array.from({ length: 20 }, make));
			expect(writer.length).toBeLessThan(4000);
			encoder.dropShapes();
		}
	});

	it('end at 1024, after which keys are written out', () => {
		const wire = new Wire();
		const make = (index: number): object => ({ [`one${index % 33}`]: 1, [`another${index % 100}`]: 2, common: 3 });
		const values = Array.from({ length: 1100 }, (_, index) => make(index));
		for (const value of values)
			expect(wire.pass(Array.from({ length: 18 }, () => ({ ...value })))).toEqual(Array(18).fill(value));
		expect(wire.encode(make(0)).payload.length).toBeLessThan(8);
		expect(wire.encode(make(1023)).payload.length).toBeLessThan(8);
		expect(wire.encode(make(1099)).payload.length).toBeGreaterThan(20);
	});

	it('may have keys that Object.prototype got in the meantime', () => {
		const wire = new Wire();
		const value = { frozen: 1, other: 2 };
		wire.pass(value);
		// oxlint-disable-next-line no-extend-native -- what others do to it is what this is about
		Object.defineProperty(Object.prototype, 'frozen', { value: 0, writable: false, configurable: true });
		try {
			expect(Object.entries(wire.pass(value) as object)).toEqual(Object.entries(value));
			const elsewhere = new Wire();
			expect(Object.entries(elsewhere.pass([value, value, { ...value }, { ...value }]) as object[]).length).toBe(4);
		} finally {
			delete (Object.prototype as { frozen?: number }).frozen;
		}
	});
});

const keyLists = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'ab', 'long key with many letters', 'é', '漢', '0', 'x1'), {
	maxLength: 4,
});
const objects = fc.array(
	fc
		.tuple(keyLists, fc.integer({ min: -300, max: 300 }))
		.map(([keys, value]) => Object.fromEntries(keys.map((key) => [key, value]))),
	{ minLength: 1, maxLength: 8 },
);
const fates = fc.constantFrom('ordered', 'fragmented', 'abandoned', 'refused');

describe('a link on which some messages are fragmented, overtaken, abandoned or refused', () => {
	it('gives every message that arrives as it was sent', () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(objects, fates, fc.nat({ max: 5 })), { maxLength: 30 }), (messages) => {
				const encoder = new ValueEncoder();
				const decoder = new ValueDecoder();
				const writer = new ByteWriter();
				const late: { due: number; deliver: () => void }[] = [];
				for (const [index, [value, fate, delay]] of messages.entries()) {
					writer.own();
					if (fate === 'refused') {
						expect(() => encoder.encode(writer, [value, Symbol.iterator])).toThrow();
						continue;
					}
					const codec = encoder.encode(writer, value);
					const payload = Buffer.from(writer.buf.subarray(writer.start, writer.pos));
					const deliver = (localShapes: boolean): void =>
						expect(graphDifference(decoder.decode(codec, payload, 0, payload.length, { localShapes }), value)).toBeUndefined();
					if (fate === 'ordered') encoder.commitShapes();
					else encoder.dropShapes();
					if (fate === 'ordered') deliver(false);
					if (fate === 'fragmented') late.push({ due: index + delay, deliver: () => deliver(true) });
					for (const each of late.filter(({ due }) => due === index)) each.deliver();
				}
				for (const each of late.filter(({ due }) => due >= messages.length)) each.deliver();
			}),
			{ numRuns: 500 },
		);
	});
});
