import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ByteWriter } from '../../src/internal/byte-writer.ts';
import { type ChannelId, channelKey } from '../../src/messenger/channel-id.ts';
import { readChannelName, writeChannelName } from '../../src/messenger/channel-wire.ts';

/** Few values of each type, so that ids that are nearly equal are common. */
const primitive = fc.oneof(
	fc.constantFrom<ChannelId[]>(null, true, false, 0, -0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, 0n, 1n, -1n, 2n ** 70n),
	fc.constantFrom<ChannelId[]>(
		'',
		'0',
		'1',
		'true',
		'null',
		'NaN',
		'1n',
		'[]',
		'[1]',
		'"1"',
		',',
		'\ud800',
		'\\ud800',
		'@"a"',
		'\0',
	),
	fc.constantFrom('', 'a', '1', '@').map((key) => Symbol.for(key)),
	fc.string({ unit: 'binary', maxLength: 3 }),
	fc.double(),
	fc.bigInt(),
);

const { id } = fc.letrec<{ id: ChannelId }>((tie) => ({
	id: fc.oneof(
		{ maxDepth: 4 },
		{ weight: 3, arbitrary: primitive },
		{ weight: 2, arbitrary: fc.array(tie('id'), { maxLength: 4 }) },
	),
}));

/** Equal by value, as channel ids are: 0 is -0, NaN is NaN. */
function areEqual(a: ChannelId, b: ChannelId): boolean {
	return isDeepStrictEqual(withoutMinusZero(a), withoutMinusZero(b));
}

function withoutMinusZero(value: ChannelId): unknown {
	if (Array.isArray(value)) return value.map(withoutMinusZero);
	return value === 0 ? 0 : value;
}

function overTheWire(value: ChannelId): ChannelId {
	const writer = new ByteWriter();
	writer.own();
	writeChannelName(writer, value);
	const name = readChannelName(writer.buf, writer.start, writer.start, writer.pos);
	expect(name.next).toBe(writer.pos);
	expect((writer.pos - writer.start) % 16).toBe(0);
	return name.id;
}

/** Keys are compared as the keys of a Map are. */
function isSameKey(a: unknown, b: unknown): boolean {
	return new Map([[a, true]]).has(b);
}

describe('channelKey()', () => {
	it('is the same for two ids exactly if they are equal by value', () => {
		fc.assert(
			fc.property(id, id, (a, b) => {
				expect(isSameKey(channelKey(a), channelKey(b))).toBe(areEqual(a, b));
			}),
			{ numRuns: 3000 },
		);
	});

	it('is the same for an id and its copy', () => {
		const copy = (value: ChannelId): ChannelId => (Array.isArray(value) ? value.map(copy) : value);
		fc.assert(fc.property(id, (value) => isSameKey(channelKey(value), channelKey(copy(value)))));
	});

	it('tells a string from the array that it spells, whatever the string', () => {
		fc.assert(
			fc.property(fc.array(id, { maxLength: 3 }), (array) => {
				const key = channelKey(array);
				// The one string that could be taken for the array.
				expect(isSameKey(channelKey(key), key)).toBe(false);
			}),
		);
	});

	it('takes undefined, also in an array, for null', () => {
		expect(channelKey(undefined)).toBe(channelKey(null));
		expect(channelKey([undefined as never, 1])).toBe(channelKey([null, 1]));
		expect(channelKey(new Array(2) as ChannelId[])).toBe(channelKey([null, null]));
	});
});

describe('a channel name on the wire', () => {
	it('arrives as an id that is equal by value, with everything that it is made of', () => {
		fc.assert(
			fc.property(id, (value) => {
				const arrived = overTheWire(value);
				expect(isSameKey(channelKey(arrived), channelKey(value))).toBe(true);
				expect(areEqual(arrived, value)).toBe(true);
			}),
			{ numRuns: 1000 },
		);
	});
});
