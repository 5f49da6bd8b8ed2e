/*
 * How alike are two texts? The smaller the archive of both together is, the more they share: normalised compression distance.
 */
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';

const sizes = new Map<string, number>();

/** 0 for texts that say the same, about 1 for texts that have nothing in common. Takes the paths of two files. */
export function distance([a, b]: readonly [string, string]): number {
	const both = Buffer.concat([readFileSync(a), readFileSync(b)]);
	const together = deflateRawSync(both, { level: 9 }).length;
	const [small, large] = [sizeOf(a), sizeOf(b)].toSorted((one, other) => one - other) as [number, number];
	return (together - small) / large;
}

function sizeOf(path: string): number {
	let size = sizes.get(path);
	if (size === undefined) sizes.set(path, (size = deflateRawSync(readFileSync(path), { level: 9 }).length));
	return size;
}
