import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CoprocError, InvalidArgumentError, ProtocolError } from '../../../src/errors/index.ts';
import { CODEC_GRAPH, CODEC_UTF16, CODEC_VALUE, registerType, ValueDecoder } from '../../../src/messenger/codec/index.ts';
import { cloneableGraphs, graphsWithErrors } from './generated-values.ts';
import { Wire } from './round-trip.ts';

class Known {
	data: unknown;
}
registerType(Known, { name: 'Known', encode: ({ data }) => data, decode: (data) => Object.assign(new Known(), { data }) });

/** A message with some of everything. */
function example(): unknown {
	const cycle: Record<string, unknown> = { name: 'cycle' };
	cycle.self = cycle;
	const deep = Array.from({ length: 250 }).reduce<unknown>((inner) => [inner], { end: 1 });
	const rows = Array.from({ length: 4 }, (_, id) => ({ id, text: `row ${id}` }));
	const memory = new Uint8Array(64).fill(7);
	return [
		cycle,
		deep,
		rows,
		memory,
		memory.subarray(3, 9),
		memory.buffer,
		new Float64Array(3),
		new DataView(new ArrayBuffer(9), 1),
		new Map<unknown, unknown>([
			['k', cycle],
			[rows, 1],
		]),
		new Set([1, 'two']),
		new Date(5),
		/x+/gi,
		Object('boxed'),
		2n ** 80n,
		-5n,
		Object.assign(new TypeError('t', { cause: cycle }), { code: 'E' }),
		new DOMException('d', 'AbortError'),
		Object.assign(new Known(), { data: { inside: rows } }),
		Object.assign([1, 2], { named: true }),
		Object.assign([], { 4000: 1 }),
		'long '.repeat(100),
		'漢'.repeat(30),
		1.5,
		-300,
		70_000,
		Array.from({ length: 20 }, (_, index) => index / 3),
		new (ArrayBuffer as unknown as new (bytes: number, options: object) => ArrayBuffer)(4, { maxByteLength: 4096 }),
	];
}

/** Decodes bytes that may be anything: gives a value, or throws an error of ours. */
function decodeAnything(codec: number, payload: Buffer, options?: { owned: boolean }): boolean {
	try {
		new ValueDecoder().decode(codec, payload, 0, payload.length, { side: [], ...options });
		return true;
	} catch (error) {
		if (!(error instanceof CoprocError) || error instanceof InvalidArgumentError) throw error;
		return false;
	}
}

/** Runs a decoding and returns by how many bytes the memory outside and inside the heap grew. */
function growth(action: () => void): number {
	const before = process.memoryUsage();
	action();
	const after = process.memoryUsage();
	return after.heapUsed - before.heapUsed + (after.arrayBuffers - before.arrayBuffers);
}

function bytes(...parts: (number | string)[]): Buffer {
	return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from([part]))));
}

const LIES: [what: string, payload: Buffer][] = [
	['nothing at all', bytes()],
	['bytes after the value', bytes(0x01, 0x02)],
	['an unknown tag', bytes(0xff)],
	['an array of more elements than bytes', bytes(0xdf, '\xff\xff\xff\x7f')],
	['arrays in arrays that all are long', Buffer.concat(Array.from({ length: 200 }, () => bytes(0xdf, '\x00\x00\x02\x00')))],
	['doubles that are not there', bytes(0xe0, '\xff\xff\xff\x1f')],
	['a text that is not there', bytes(0xdd, '\xff\xff\xff\x7f')],
	['a wide text that is not there', bytes(0xde, '\xff\xff\xff\x7f')],
	['a BigInt that is not there', bytes(0xda, '\xff\xff\xff\x7f')],
	['a Map of endless entries', bytes(0xe5, 0xd7, '\xff\xff\xff\x7f')],
	['a Set of fractional members', bytes(0xe6, 0xd8, '\x00\x00\x00\x00\x00\x00\xf8\x3f')],
	['an object of negative properties', bytes(0xe4, 0xd6, 0x00)],
	['a key that is no text', bytes(0xe4, 0x01, 0x01, 0x01)],
	['a shape that was never defined', bytes(0xb5)],
	['a shape beyond the table', bytes(0xe3, '\x00\x10', 0x01, 0x81, 'a', 0x01)],
	['a reference in a message without any', bytes(0xe8, 0x00)],
	['a buffer in a message without any', bytes(0xee, 0x00)],
	['an object beside it that is not there', bytes(0xf0, 0x00)],
	['an element outside its array', bytes(0xe1, 0x02, 0x01, 0x05, 0x01)],
	['a property of an array that is its length', bytes(0xe1, 0x02, 0x01, 0x86, 'length', 0x01)],
	['an array that is too long', bytes(0xe1, 0xd8, '\x00\x00\x00\x00\x00\x00\xf0\x41', 0x00)],
	['a RegExp that is none', bytes(0xea, 0x81, '(', 0x80)],
	['a RegExp with flags that are none', bytes(0xea, 0x81, 'a', 0x82, 'xx')],
	['a boxed object', bytes(0xeb, 0xa0)],
	['a boxed undefined', bytes(0xeb, 0xd0)],
	['a postponed date', bytes(0xe7, 0xe9)],
	['a postponed array without content', bytes(0xe7, 0xdf)],
	['a postponed array with the content of an object', bytes(0xe7, 0xdf, 0xe4, 0x00)],
	['a postponed array whose content is a number', bytes(0xe7, 0xdf, 0x01)],
	['a type without a name', bytes(0xed, 0x01, 0x01)],
	['levels without end', Buffer.alloc(100_000, 0xa1)],
	['errors without end', Buffer.concat(Array.from({ length: 20_000 }, () => bytes(0xec, 0x85, 'Error', 0x01, 0x85, 'cause')))],
];

describe('ValueDecoder.decode() throws ProtocolError for', () => {
	it.each(LIES)('%s', (_what, payload) => {
		for (const localShapes of [false, true]) {
			expect(() => new ValueDecoder().decode(CODEC_VALUE, payload, 0, payload.length, { localShapes })).toThrow(ProtocolError);
		}
	});

	it.each([
		['no footer', bytes(0x01)],
		['an empty footer', bytes(0x01, '\x00\x00\x00\x00\x00\x00\x00\x00')],
		['a table beyond the end', bytes(0x01, 0x00, '\x01\x00\x00\x00\xff\xff\xff\xff')],
		['a table inside the values', bytes(0x01, 0x00, '\x02\x00\x00\x00\x01\x00\x00\x00')],
		['a table that is too long', bytes(0x01, 0x00, 0x00, '\x01\x00\x00\x00\x01\x00\x00\x00')],
		['a buffer outside the message', bytes(0x01, 0x01, 0x00, 0x00, 0x00, 0x05, 0x01, '\x01\x00\x00\x00\x01\x00\x00\x00')],
		[
			'two buffers of the same bytes',
			bytes(
				0x01,
				0xaa,
				0xaa,
				0x02,
				0x00,
				0x00,
				0x00,
				0x02,
				0x01,
				0x00,
				0x00,
				0x00,
				0x02,
				0x01,
				'\x01\x00\x00\x00\x03\x00\x00\x00',
			),
		],
		[
			'a buffer that reserves too much',
			bytes(0x01, 0x01, 0x01, 0x00, 0x00, 0x00, 0x01, 0xd7, '\xff\xff\xff\x7f', '\x01\x00\x00\x00\x01\x00\x00\x00'),
		],
		['a reference to nothing', bytes(0xe8, 0x00, 0x00, '\x02\x00\x00\x00\x02\x00\x00\x00')],
		['an instance that refers to itself', bytes(0xed, 0x85, 'Known', 0xe8, 0x00, 0x00, '\x09\x00\x00\x00\x09\x00\x00\x00')],
	])('a message with %s', (_what, payload) => {
		expect(() => new ValueDecoder().decode(CODEC_GRAPH, payload, 0, payload.length)).toThrow(ProtocolError);
	});

	it('an unknown codec, half a character, and a range outside the memory', () => {
		const decoder = new ValueDecoder();
		const memory = bytes('abc');
		expect(() => decoder.decode(99, memory, 0, 3)).toThrow(/its codec is unknown \(codec=99\)/);
		expect(() => decoder.decode(CODEC_UTF16, memory, 0, 3)).toThrow(ProtocolError);
		for (const [start, end] of [
			[0, 4],
			[2, 1],
			[-1, 2],
		] as const)
			expect(() => decoder.decode(CODEC_VALUE, memory, start, end)).toThrow(ProtocolError);
	});

	it('a text that says what is wrong', () => {
		expect(() => new ValueDecoder().decode(CODEC_VALUE, bytes(0xdf, '\x09\x00\x00\x00'), 0, 5)).toThrow(
			'link is poisoned: a message cannot be decoded: it announces more elements than it has bytes (elements=9). ' +
				'Both sides must run the same version of coproc; nothing else may write to its memory.',
		);
	});
});

describe('bytes that are damaged', () => {
	it('never give less than a whole value, wherever they are cut off', () => {
		const { codec, payload } = new Wire().encode(example());
		for (let length = 0; length < payload.length; length++) {
			// Not only the end of the range: whatever lies behind it must not be read.
			const cut = Buffer.concat([payload.subarray(0, length), Buffer.alloc(64, 0xa1)]);
			expect(() => new ValueDecoder().decode(codec, cut, 0, length)).toThrow(ProtocolError);
		}
	});

	it('give a value or an error of ours, whichever byte is changed', () => {
		const { codec, payload } = new Wire().encode(example());
		const outcomes = { values: 0, errors: 0 };
		for (let index = 0; index < payload.length; index++) {
			const original = payload[index] as number;
			for (const change of [0x00, 0xff, original ^ 0x01, original ^ 0x80, original + 1, 0xe8, 0xef]) {
				payload[index] = change;
				outcomes[decodeAnything(codec, payload) ? 'values' : 'errors']++;
			}
			payload[index] = original;
		}
		expect(outcomes.values).toBeGreaterThan(1000);
		expect(outcomes.errors).toBeGreaterThan(1000);
	});

	it('give a value or an error of ours, whatever else happens to them', () => {
		const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom('set', 'insert', 'remove')), {
			minLength: 1,
			maxLength: 6,
		});
		fc.assert(
			fc.property(fc.oneof(cloneableGraphs, graphsWithErrors), damage, fc.boolean(), (value, changes, owned) => {
				const { codec, payload } = new Wire().encode(value);
				const list = [...payload];
				for (const [at, byte, how] of changes)
					list.splice(at % (list.length + 1), how === 'insert' ? 0 : 1, ...(how === 'remove' ? [] : [byte]));
				decodeAnything(codec, Buffer.from(list), { owned });
			}),
			{ numRuns: 5000 },
		);
	});

	it('give a value or an error of ours when they are noise', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 0, max: 5 }), (noise, codec) => {
				decodeAnything(codec, Buffer.from(noise));
			}),
			{ numRuns: 10_000 },
		);
	});

	it('never take much more memory than they are long', () => {
		const liars = [
			bytes(0xe1, 0xd8, '\x00\x00\xe0\xff\xff\xff\xef\x41', 0x00),
			bytes(0xe1, 0xd7, '\x00\x00\x00\x02', 0x00),
			bytes(0xdf, '\x00\x00\x00\x08'),
			Buffer.concat(Array.from({ length: 400 }, () => bytes(0xdf, '\x00\x00\x04\x00'))),
			Buffer.concat([bytes(0xaf), ...Array.from({ length: 15 }, () => bytes(0xe1, 0xd7, '\x00\x00\x00\x01', 0x00))]),
		];
		for (const payload of liars) {
			decodeAnything(CODEC_VALUE, payload);
			expect(growth(() => decodeAnything(CODEC_VALUE, payload))).toBeLessThan(4_000_000);
		}
	});
});
