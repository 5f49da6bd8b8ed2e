import { corrupt } from './corrupt.ts';
import { readError } from './decode-errors.ts';
import { readRegistered } from './decode-registered.ts';
import { defineProperty } from './plain-keys.ts';
import * as tags from './tags.ts';
import type { ValueSource } from './value-source.ts';

const MAX_ARRAY_LENGTH = 0xffff_ffff;

/** Sparse arrays of at most so many holes for each element, and this many more, get memory for all their elements. */
const ROOMY_HOLES = 2;
const ROOMY_LENGTH = 16;

/** Reads an object that is neither a dense array nor a plain object, after its tag. */
export function readBuiltin(source: ValueSource, tag: number): unknown {
	switch (tag) {
		case tags.DATE:
			return source.keep(new Date(source.double()));
		case tags.IRREGULAR_ARRAY:
			return readIrregularArray(source);
		case tags.MAP:
			return readMap(source);
		case tags.SET:
			return readSet(source);
		case tags.ERROR:
			return readError(source);
		case tags.REGISTERED:
			return readRegistered(source);
		case tags.VIEW:
			return readView(source);
		case tags.BUFFER:
			return source.keep(source.buffer(source.count()));
		case tags.SIDE_OBJECT:
			return source.keep(source.side(source.count()));
		case tags.REGEXP:
			return readRegExp(source);
		case tags.BOXED:
			return readBoxed(source);
		default:
			throw corrupt('a value has an unknown tag', { tag });
	}
}

function readIrregularArray(source: ValueSource): unknown[] {
	const array = source.open(tags.ARRAY, (): unknown[] => []);
	const length = source.count();
	const entries = source.count();
	source.announce(entries);
	if (length > MAX_ARRAY_LENGTH) throw corrupt('an array is too long', { length });
	// The detour over the greatest length makes V8 keep the elements in a table: only those that exist take memory.
	if (length > ROOMY_LENGTH + ROOMY_HOLES * entries) array.length = MAX_ARRAY_LENGTH;
	array.length = length;
	for (let left = entries; left > 0; left--) {
		const key = source.value();
		const value = source.value();
		if (typeof key === 'number' && key >= 0 && key < length && Number.isInteger(key)) array[key] = value;
		else if (typeof key === 'string' && key !== 'length') defineProperty(array, key, value);
		else throw corrupt('an array has an element in an impossible place', { length });
	}
	source.leave();
	return array;
}

function readMap(source: ValueSource): Map<unknown, unknown> {
	const map = source.open(tags.MAP, () => new Map<unknown, unknown>());
	for (let left = source.count(); left > 0; left--) {
		const key = source.value();
		map.set(key, source.value());
	}
	source.leave();
	return map;
}

function readSet(source: ValueSource): Set<unknown> {
	const set = source.open(tags.SET, () => new Set<unknown>());
	for (let left = source.count(); left > 0; left--) set.add(source.value());
	source.leave();
	return set;
}

function readView(source: ValueSource): ArrayBufferView {
	const kind = source.byte();
	const index = source.count();
	const byteOffset = source.count();
	const length = source.value();
	if (length !== undefined && !isLength(length)) throw corrupt('a view has no length', { length: typeof length });
	return source.keep(source.view(kind, index, byteOffset, length));
}

function isLength(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readRegExp(source: ValueSource): RegExp {
	const pattern = source.text();
	const flags = source.text();
	try {
		return source.keep(new RegExp(pattern, flags));
	} catch (error) {
		throw corrupt('a RegExp has no meaning here', { why: (error as Error).message });
	}
}

function readBoxed(source: ValueSource): object {
	const primitive = source.value();
	if (primitive === null || primitive === undefined || typeof primitive === 'object')
		throw corrupt('a boxed value is no primitive');
	return source.keep(Object(primitive) as object);
}
