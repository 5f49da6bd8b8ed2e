import { isDeepStrictEqual } from 'node:util';
import { runInNewContext } from 'node:vm';

import { describe, expect, it } from 'vitest';

import { graphDifference } from './graph.ts';
import { roundTrip, Wire } from './round-trip.ts';

class Point {
	x = 1;
	readonly #secret = 2;
	get y(): number {
		return this.#secret;
	}
}

class Special extends Map<string, number> {}

function withProperties<T extends object>(target: T, properties: object): T {
	return Object.assign(target, properties);
}

function sparse(length: number, entries: Record<number, unknown>): unknown[] {
	const array: unknown[] = [];
	array.length = length;
	return Object.assign(array, entries);
}

const shared = { name: 'shared' };
const twoViews = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;

const CASES: Record<string, unknown> = {
	undefined: undefined,
	null: null,
	true: true,
	false: false,
	zero: 0,
	'minus zero': -0,
	NaN: Number.NaN,
	infinities: [Infinity, -Infinity],
	'edges of integers': [
		1,
		127,
		128,
		255,
		256,
		65_535,
		65_536,
		2 ** 31 - 1,
		2 ** 31,
		2 ** 32,
		-1,
		-128,
		-129,
		-255,
		-256,
		-257,
		-65_536,
		-(2 ** 31),
		-(2 ** 31) - 1,
		Number.MAX_SAFE_INTEGER,
		Number.MIN_SAFE_INTEGER,
		2 ** 53,
		5e-324,
		Number.MAX_VALUE,
		0.1,
		-0,
		-1.5,
	],
	'an integer': 4711,
	'a double': 0.1,
	'a negative integer': -3,
	'an empty string': '',
	'a short string': 'hello',
	'a latin1 string': 'dürüm \xff\x00\x80',
	'a long latin1 string': 'ä'.repeat(300),
	'strings of lengths around the limits': [15, 16, 17, 31, 32, 33, 255, 256, 257, 70_000].map((length) => 'q'.repeat(length)),
	'a wide string': 'grüße 漢字 😀',
	'a long wide string': '漢'.repeat(70_000),
	'lone surrogates': ['\ud800', 'a\udc00b', '\udc00\ud800', `${'x'.repeat(40)}\ud83d`],
	'a lone surrogate': '\ud800',
	'a string cut out of a wide one': `漢${'abc'.repeat(20)}`.slice(1),
	'a big integer': 123n,
	'big integers': [0n, -1n, 2n ** 63n - 1n, 2n ** 63n, -(2n ** 63n), -(2n ** 63n) - 1n, 2n ** 64n, 7n ** 999n, -(7n ** 999n)],
	'boxed values': [Object(1), Object(-0), Object('text'), Object('\ud800'), Object(true), Object(false), Object(5n)],
	'a date': new Date(1_700_000_000_123),
	'regular expressions': [/a\/b/giu, /(?<year>\d+)/su, new RegExp('')],
	'an empty object': {},
	'a plain object': { id: 1, method: 'add', params: [1, 2] },
	'keys like indexes': { b: 1, 10: 2, 9: 3, a: 4, '-1': 5, '01': 6 },
	'an empty key': { '': 1, ' ': 2 },
	'keys of Object.prototype': { constructor: 1, toString: 2, hasOwnProperty: 3, valueOf: null },
	'wide keys': { 漢字: 1, '\ud800': 2, [`long ${'k'.repeat(300)}`]: 3 },
	'many keys': Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`key${index}`, index])),
	'the most keys of a shape': Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`key${index}`, index])),
	'undefined properties': { a: undefined, b: null },
	arrays: [
		[],
		[1],
		[[[]]],
		Array.from({ length: 15 }, () => 0),
		Array.from({ length: 16 }, () => 'x'),
		Array.from({ length: 300 }, () => null),
	],
	'arrays of numbers': [
		Array.from({ length: 40 }, (_, index) => index / 3),
		Array.from({ length: 40 }, (_, index) => index),
		[...Array.from({ length: 40 }, (_, index) => index / 3), -0, Number.NaN],
		[...Array.from({ length: 400 }, (_, index) => index / 3), 'text', 1],
		[...Array.from({ length: 400 }, (_, index) => index / 3), undefined, 1],
	],
	// oxlint-disable-next-line no-sparse-arrays
	holes: [[, 1], [1, , 3], [, ,], [undefined, , null], sparse(20, { 3: 'x' })],
	'a hole among numbers': sparse(40, Object.fromEntries(Array.from({ length: 39 }, (_, index) => [index, index]))),
	'huge sparse arrays': [
		sparse(4_000_000_000, {}),
		sparse(4_294_967_295, { 5: 'five', 4_000_000_000: 'far' }),
		sparse(30_000_000, { 1: 1 }),
	],
	'named properties of arrays': [
		withProperties([1, 2], { name: 'n', nested: { a: 1 } }),
		withProperties([], { only: true }),
		withProperties(
			Array.from({ length: 500 }, () => 1.5),
			{ label: 'many' },
		),
		withProperties(sparse(10, { 1: 'one' }), {
			'-1': 'minus',
			'1.5': 'fraction',
			NaN: 'none',
			'1e3': 'exponent',
			'01': 'padded',
			'4294967295': 'no index',
			__name: 1,
		}),
		/b(?<c>c)/d.exec('abc'),
	],
	maps: new Map<unknown, unknown>([
		['a', 1],
		[shared, shared],
		[Number.NaN, new Map()],
		[-0, undefined],
		[null, new Set()],
	]),
	sets: new Set<unknown>(['a', 1, shared, new Set([shared]), Number.NaN, undefined, [[]]]),
	'shared references': { a: shared, b: [shared, { c: shared }], d: shared },
	'more objects than are listed': Array.from({ length: 100 }, (_, index) => (index % 3 === 0 ? shared : { index })),
	'a shared date': ((date) => [date, date])(new Date(0)),
	'a shared boxed value': ((boxed) => [boxed, { boxed }])(Object(1)),
	'an ArrayBuffer': twoViews,
	'two views of one buffer': [new Uint8Array(twoViews, 2, 3), new DataView(twoViews, 1), twoViews],
	'the same view twice': ((view) => ({ view, again: view }))(new Uint8Array(twoViews, 2, 3)),
	'views of all kinds': [
		Int8Array,
		Uint8Array,
		Uint8ClampedArray,
		Int16Array,
		Uint16Array,
		Int32Array,
		Uint32Array,
		Float32Array,
		Float64Array,
	].map((type) => type.from([1, 2, 250, 1.5])),
	'views of big integers': [BigInt64Array.from([-1n, 2n]), BigUint64Array.from([2n ** 64n - 1n])],
	'a view in the middle': [new Uint16Array(new Uint16Array([1, 2, 3, 4, 5]).buffer, 2, 3)],
	'empty views': [
		new Uint8Array(0),
		new DataView(new ArrayBuffer(0)),
		new Float64Array(new ArrayBuffer(8), 8),
		new ArrayBuffer(0),
	],
	'many buffers': Array.from({ length: 20 }, (_, index) => new Uint8Array([index]).buffer),
	'a large view': [new Float64Array(20_000).fill(0.5)],
};

describe('a round trip', () => {
	it.each(Object.entries(CASES))('gives what structuredClone() gives: %s', (_name, value) => {
		const copy = structuredClone(value);
		const received = roundTrip(value);
		expect(graphDifference(received, copy)).toBeUndefined();
		expect(isDeepStrictEqual(received, copy)).toBe(true);
	});

	it('gives all of them at once, which mixes every path', () => {
		expect(graphDifference(roundTrip(CASES), structuredClone(CASES))).toBeUndefined();
	});

	it('keeps an invalid date, which isDeepStrictEqual() takes for unequal to itself', () => {
		const received = roundTrip(new Date(Number.NaN));
		expect([received instanceof Date, received.getTime()]).toEqual([true, Number.NaN]);
	});

	it('keeps cycles', () => {
		const root: Record<string, unknown> = { name: 'root' };
		const list: unknown[] = [root];
		list.push(list);
		root.list = list;
		root.map = new Map<unknown, unknown>([[root, list]]).set('self', root);
		root.set = new Set([root]);
		(root.map as Map<unknown, unknown>).set('map', root.map);
		root.error = Object.assign(new Error('cycle'), { root });
		expect(graphDifference(roundTrip(root), root)).toBeUndefined();
	});

	it('keeps __proto__ as an own key, which sets no prototype', () => {
		const value = JSON.parse('[{"__proto__":{"polluted":true},"a":1},{"__proto__":null}]') as object[];
		for (const received of [roundTrip(value), roundTrip(value)]) {
			expect(Object.keys(received[0] as object)).toEqual(['__proto__', 'a']);
			expect(Object.getPrototypeOf(received[0])).toBe(Object.prototype);
			expect((received[0] as { polluted?: boolean }).polluted).toBeUndefined();
			expect(graphDifference(received, structuredClone(value))).toBeUndefined();
		}
	});

	it('turns instances and objects without prototype into plain objects of their own properties', () => {
		const value = [
			new Point(),
			Object.assign(Object.create(null) as object, { a: 1 }),
			Object.create({ inherited: 1 }),
			new Special([['a', 1]]),
		];
		expect(graphDifference(roundTrip(value), structuredClone(value))).toBeUndefined();
	});

	it('leaves inherited enumerable properties out, wherever they come from', () => {
		// oxlint-disable-next-line no-extend-native -- what others do to it is what this is about
		Object.defineProperty(Object.prototype, 'pollution', { value: 1, enumerable: true, configurable: true, writable: true });
		try {
			const value = { a: { b: 1 }, list: [1, { c: 2 }], point: new Point() };
			const received = roundTrip(value);
			expect([Object.keys(received), Object.keys(received.a)]).toEqual([['a', 'list', 'point'], ['b']]);
			expect(Object.keys(roundTrip({ pollution: 2 }))).toEqual(['pollution']);
		} finally {
			delete (Object.prototype as { pollution?: number }).pollution;
		}
	});

	it('reads getters, symbols and hidden properties aside', () => {
		const value = Object.defineProperty(
			{
				get a() {
					return [1];
				},
				[Symbol('s')]: 1,
			},
			'hidden',
			{ value: 1 },
		);
		expect(roundTrip(value)).toEqual({ a: [1] });
	});

	it('takes values of another realm for what they are', () => {
		const value = runInNewContext(
			'({ a: [1], m: new Map([[1, 2]]), d: new Date(5), e: new TypeError("t"), u: new Uint8Array(2) })',
		) as { e: Error };
		const received = roundTrip(value);
		expect(graphDifference({ ...received, e: 0 }, structuredClone({ ...value, e: 0 }))).toBeUndefined();
		expect(received.e).toBeInstanceOf(TypeError);
	});

	it('decodes strings, bytes and numbers at the top level as themselves', () => {
		const wire = new Wire();
		expect(wire.encode('text').payload.toString('latin1')).toBe('text');
		expect(wire.encode('').payload.length).toBe(0);
		expect(wire.encode(5).payload.length).toBe(1);
		expect(wire.encode(Buffer.from('bytes')).payload.toString()).toBe('bytes');
	});

	it('gives a top-level Buffer as a Uint8Array of its own', () => {
		const received = roundTrip<Uint8Array>(Buffer.from('x'.repeat(200)));
		expect(Object.getPrototypeOf(received)).toBe(Uint8Array.prototype);
		expect([received.length, received.buffer.byteLength]).toEqual([200, 200]);
	});
});
