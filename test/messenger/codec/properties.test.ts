import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ByteWriter } from '../../../src/internal/byte-writer.ts';
import { ValueDecoder, ValueEncoder } from '../../../src/messenger/codec/index.ts';
import { cloneableGraphs, graphsWithErrors, leaves } from './generated-values.ts';
import { graphDifference } from './graph.ts';
import { roundTrip, Wire } from './round-trip.ts';

function arrives(value: unknown): void {
	expect(graphDifference(roundTrip(value), value)).toBeUndefined();
}

describe('any value', () => {
	it('without objects comes back as itself', () => {
		fc.assert(fc.property(leaves, arrives), { numRuns: 2000 });
	});

	it('comes back as structuredClone() copies it, with its cycles and shared references', () => {
		fc.assert(
			fc.property(cloneableGraphs, (value) => {
				const copy = structuredClone(value);
				const received = roundTrip(value);
				expect(graphDifference(received, copy)).toBeUndefined();
				expect(isDeepStrictEqual(received, copy)).toBe(true);
			}),
			{ numRuns: 3000 },
		);
	});

	it('comes back as it is, errors with their own properties too', () => {
		fc.assert(fc.property(graphsWithErrors, arrives), { numRuns: 1500 });
	});

	it('comes back through a link that has carried others', () => {
		fc.assert(
			fc.property(fc.array(cloneableGraphs, { maxLength: 12 }), (values) => {
				const wire = new Wire();
				for (const value of values) expect(graphDifference(wire.pass(value), value)).toBeUndefined();
			}),
			{ numRuns: 300 },
		);
	});

	it('is the same in memory that is owned', () => {
		fc.assert(
			fc.property(cloneableGraphs, (value) => {
				const wire = new Wire();
				const { codec, payload } = wire.encode([value, new Float64Array(300)]);
				const memory = Buffer.from(new Uint8Array(payload).buffer);
				const [received] = wire.decoder.decode(codec, memory, 0, memory.length, { owned: true }) as [unknown];
				expect(graphDifference(received, value)).toBeUndefined();
			}),
			{ numRuns: 300 },
		);
	});
});

describe('a loan that is too small', () => {
	/** Bytes of a value encoded into a loan of so many bytes, in the middle of other memory that must stay as it is. */
	function encodeInto(bytes: number, value: unknown): { codec: number; payload: Buffer } {
		const memory = Buffer.alloc(bytes + 128, 0xee);
		const writer = new ByteWriter();
		const encoder = new ValueEncoder();
		writer.borrow(memory, 64, 64 + bytes);
		const codec = encoder.encode(writer, value);
		const around = Buffer.concat([memory.subarray(0, 64), memory.subarray(64 + bytes)]);
		expect(around.equals(Buffer.alloc(128, 0xee))).toBe(true);
		return { codec, payload: Buffer.from(writer.buf.subarray(writer.start, writer.pos)) };
	}

	function holds(value: unknown): void {
		const { codec, payload } = encodeInto(100_000, value);
		for (let bytes = 0; bytes <= payload.length; bytes++) {
			const again = encodeInto(bytes, value);
			expect([again.codec, again.payload.equals(payload)]).toEqual([codec, true]);
		}
		expect(graphDifference(new ValueDecoder().decode(codec, payload, 0, payload.length), value)).toBeUndefined();
	}

	it('by any number of bytes gives the same bytes', () => {
		const row = (id: number): object => ({ id, name: `name ${id}`, wide: '漢字', long: 'l'.repeat(40) });
		holds([row(1), row(2), row(3), -1.5, 300, 70_000, -5, 2n ** 64n, 'x'.repeat(300), '漢'.repeat(20)]);
		holds([
			new Map<unknown, unknown>([['a', new Set([1])]]),
			new Date(0),
			/a/g,
			Object(true),
			Object.assign([1], { n: 1 }),
			new Uint8Array(70),
		]);
		holds(Array.from({ length: 20 }, (_, index) => index / 3));
		for (const bare of ['text', 'x'.repeat(50), '漢字', 1.5, undefined, new Uint8Array(40).fill(1)]) holds(bare);
	});

	it('gives the same bytes for any value', () => {
		fc.assert(fc.property(cloneableGraphs, holds), { numRuns: 100 });
	});
});
