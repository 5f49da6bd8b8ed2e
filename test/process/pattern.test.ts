import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { InvalidArgumentError } from '../../src/errors/index.ts';
import { matcher, messageMatcher } from '../../src/process/match.ts';
import { Any, etc } from '../../src/process/pattern.ts';

class Animal {
	name = 'animal';
}
class Dolphin extends Animal {}
function OldClass(): void {}
OldClass.prototype.swim = (): void => {};

/** A value that equals others by what it says, as handles do. */
class Handle {
	readonly id: number;

	constructor(id: number) {
		this.id = id;
	}

	equals(other: unknown): boolean {
		return other instanceof Handle && other.id === this.id;
	}
}

const isLong = (text: unknown): boolean => (text as string).length > 3;
const throwing = (): boolean => {
	throw new Error('a predicate that throws');
};
const throwingGetter = {
	get a(): number {
		throw new Error('a getter that throws');
	},
};
const old = Object.create(OldClass.prototype as object) as object;

/** A pattern, values that match it, and values that do not. The first rows are those of paragram's documentation. */
const ROWS: readonly (readonly [title: string, pattern: unknown, matches: readonly unknown[], others: readonly unknown[]])[] = [
	['a text', 'hello', ['hello'], ['Hello', '', ['hello'], { 0: 'hello' }, null]],
	['String', String, ['', 'hello'], [1, null, undefined, ['a'], new Date()]],
	['Number', Number, [0, -1.5, Number.NaN, Infinity], ['1', 1n, true, null]],
	[
		'a string and a number',
		[String, Number],
		[
			['hello', 123],
			['two', 2],
		],
		[['hello'], ['hello', 123, 0], [123, 'hello'], 'hello', []],
	],
	[
		'a text, then two',
		['A', String, String],
		[['A', 'b', 'c']],
		[
			['B', 'b', 'c'],
			['A', 'b'],
			['A', 'b', 3],
			['A', 'b', 'c', 'd'],
		],
	],
	['a list of one thing', [Any], [[1], [undefined], [[]]], [[], [1, 2], 1]],
	[
		'a string, a number and etc',
		[String, Number, etc],
		[
			['dolphin', 42],
			['dolphin', 42, 0],
			['dolphin', 42, 'x', 'y'],
		],
		[['dolphin'], [42, 'dolphin'], []],
	],
	['etc alone in a list', [etc], [[], [1], [1, 2, 3]], ['', 0, null, {}, { length: 0 }]],
	['a predicate of one value', isLong, ['long text', [1, 2, 3, 4]], ['abc', '', 7]],
	['Any', Any, [undefined, null, 0, '', [], {}, () => {}, etc], []],
	['a class', Animal, [new Animal(), new Dolphin()], [{ name: 'animal' }, Animal, null, 'animal']],
	['a subclass', Dolphin, [new Dolphin()], [new Animal()]],
	['a class of the language', Error, [new Error('x'), new TypeError('x')], [{ message: 'x' }, 'x']],
	['a constructor function with methods', OldClass, [old], [{}, null]],
	['Boolean', Boolean, [true, false], [0, 1, '', null]],
	['BigInt', BigInt, [1n, 0n], [1, '1']],
	['Symbol', Symbol, [Symbol('a'), Symbol.iterator], ['a', null]],
	['Array', Array, [[], [1]], [{ length: 0 }, 'ab']],
	['Object', Object, [{}, [], new Animal(), Object.create(null)], [null, 'text', 1, (): void => {}]],
	['Function', Function, [(): void => {}, Animal], [{}, null]],
	['Uint8Array', Uint8Array, [new Uint8Array(2), Buffer.from('a')], [[1, 2], new Uint16Array(2)]],
	[
		'an object with a text',
		{ type: 'add' },
		[{ type: 'add' }, { type: 'add', more: 1 }],
		[{ type: 'sub' }, {}, null, undefined, 'add', 1],
	],
	[
		'an object with patterns',
		{ id: Number, tags: [String, etc] },
		[{ id: 1, tags: ['a', 'b'] }],
		[{ id: 1, tags: [] }, { id: '1', tags: ['a'] }, { id: 1 }],
	],
	['an object with a key that may hold anything', { result: Any }, [{ result: undefined }, { result: 1 }], [{}, { other: 1 }]],
	['an empty object', {}, [{}, { a: 1 }, new Animal(), []], [null, undefined, 'text', 0]],
	['an object whose getter throws', { a: 1 }, [{ a: 1 }], [throwingGetter]],
	['a getter of a class', { size: 0 }, [new Map(), new Set()], [new Map([[1, 1]])]],
	[
		'nested lists',
		['move', [Number, Number]],
		[['move', [1, 2]]],
		[
			['move', 1, 2],
			['move', [1]],
			['move', [1, '2']],
			['move', { 0: 1, 1: 2, length: 2 }],
		],
	],
	['deeply nested', [{ a: [{ b: [String, etc] }] }], [[{ a: [{ b: ['x'] }] }]], [[{ a: [{ b: [] }] }], [{ a: { b: ['x'] } }]]],
	['NaN', Number.NaN, [Number.NaN], [0, undefined]],
	['0', 0, [0, -0], [false, '', null, 0n]],
	['1', 1, [1], [true, '1', 1n]],
	['true', true, [true], [1, 'true']],
	['1n', 1n, [1n], [1]],
	['null', null, [null], [undefined, 0]],
	['undefined', undefined, [undefined], [null]],
	['a symbol', Symbol.for('go'), [Symbol.for('go')], [Symbol('go'), 'go']],
	['a predicate that throws', throwing, [], [0, 'x', null]],
	[
		'a predicate that throws for some',
		(value: unknown) => (value as { a: { b: number } }).a.b > 1,
		[{ a: { b: 2 } }],
		[{ a: {} }, {}, null, 5],
	],
	['a date', new Date(5), [new Date(5)], [new Date(6), 5]],
	['a map', new Map([['a', 1]]), [new Map([['a', 1]])], [new Map([['a', 2]]), new Map()]],
	['something with equals', new Handle(1), [new Handle(1)], [new Handle(2), { id: 1 }, null]],
	[
		'a zod schema',
		z.object({ id: z.number().int(), name: z.string().optional() }),
		[{ id: 1 }, { id: 2, name: 'x', more: true }],
		[{ id: 1.5 }, {}, null],
	],
	['a zod union', z.union([z.literal('a'), z.number()]), ['a', 3], ['b', true]],
	['a zod schema within a list', ['user', z.string().min(2)], [['user', 'ab']], [['user', 'a'], ['user']]],
	['a zod schema whose check is asynchronous', z.string().refine(async () => true), [], ['a']],
];

for (const [title, pattern, matches, others] of ROWS)
	describe(`the pattern ${title}`, () => {
		// Values are not part of a title: some of them cannot be printed.
		it.each(matches.map((_, index) => index))('matches what it should: value %i', (index) => {
			expect(matcher(pattern)(matches[index])).toBe(true);
		});

		it.each(others.map((_, index) => index))('does not match what it should not: value %i', (index) => {
			expect(matcher(pattern)(others[index])).toBe(false);
		});
	});

describe('the pattern of a message', () => {
	it('that is no array is that of its only element', () => {
		expect(messageMatcher('hello')(['hello'])).toBe(true);
		expect(messageMatcher('hello')(['hello', 1])).toBe(false);
		expect(messageMatcher({ a: 1 })([{ a: 1 }])).toBe(true);
	});

	it('etc takes every message', () => {
		for (const message of [[], [1], [1, 2, 3]]) expect(messageMatcher(etc)(message)).toBe(true);
	});

	it('[] takes the empty message alone', () => {
		expect(messageMatcher([])([])).toBe(true);
		expect(messageMatcher([])([undefined])).toBe(false);
	});

	it('can ask for an array as an element', () => {
		expect(messageMatcher([[Number, etc]])([[1, 2]])).toBe(true);
		expect(messageMatcher([[Number, etc]])([1, 2])).toBe(false);
	});
});

describe('etc', () => {
	it.each([[[etc, 1]], [[1, etc, etc]], [[[etc, 1]]], [{ a: etc }], [[1, { a: [etc, 2] }]]])(
		'is refused anywhere but at the end of an array: %j',
		(pattern) => {
			expect(() => messageMatcher(pattern)).toThrow(InvalidArgumentError);
		},
	);
});
