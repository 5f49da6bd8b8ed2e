import { isAnyArrayBuffer, isBoxedPrimitive, isStringObject } from 'node:util/types';

/** Says where two values differ, in content, class, key order, holes or the way their objects refer to each other. */
export function graphDifference(left: unknown, right: unknown): string | undefined {
	const partners = new Map<object, object>();
	const taken = new Set<object>();
	const open: [a: unknown, b: unknown, path: string][] = [[left, right, 'data']];
	for (let pair = open.pop(); pair; pair = open.pop()) {
		const [a, b, path] = pair;
		if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
			if (!Object.is(a, b)) return `${path}: ${String(a)} and ${String(b)}`;
			continue;
		}
		const partner = partners.get(a);
		if (partner || taken.has(b)) {
			if (partner !== b) return `${path}: refers to another object`;
			continue;
		}
		partners.set(a, b);
		taken.add(b);
		if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return `${path}: another class`;
		const partsA = partsOf(a);
		const partsB = partsOf(b);
		if (partsA.length !== partsB.length) return `${path}: ${partsA.length} and ${partsB.length} parts`;
		for (const [index, [name, value]] of partsA.entries()) {
			const other = partsB[index];
			if (other?.[0] !== name) return `${path}: ${name} and ${other?.[0]}`;
			open.push([value, other[1], `${path}/${name}`]);
		}
	}
	return undefined;
}

type Part = readonly [name: string, value: unknown];

function partsOf(object: object): Part[] {
	const parts: Part[] = [];
	if (ArrayBuffer.isView(object)) {
		parts.push(['buffer', object.buffer], ['byteOffset', object.byteOffset], ['byteLength', object.byteLength]);
		return parts;
	}
	if (isAnyArrayBuffer(object)) {
		const { resizable, maxByteLength } = object as { resizable?: boolean; maxByteLength?: number };
		parts.push(['bytes', Buffer.from(object).toString('hex')], ['resizable', resizable], ['max', maxByteLength]);
		return parts;
	}
	if (object instanceof Map) for (const [key, value] of object) parts.push(['key', key], ['value', value]);
	if (object instanceof Set) for (const member of object) parts.push(['member', member]);
	if (object instanceof Date) parts.push(['time', object.getTime()]);
	if (object instanceof RegExp) parts.push(['source', String(object)], ['lastIndex', object.lastIndex]);
	if (isBoxedPrimitive(object)) parts.push(['value', object.valueOf()]);
	if (Array.isArray(object)) parts.push(['length', object.length]);
	const names = object instanceof Error ? Object.getOwnPropertyNames(object).sort() : Object.keys(object);
	for (const name of isStringObject(object) ? [] : names) {
		const { enumerable } = Object.getOwnPropertyDescriptor(object, name) as PropertyDescriptor;
		parts.push([`${enumerable ? '' : 'hidden '}${name}`, (object as Record<string, unknown>)[name]]);
	}
	return parts;
}
