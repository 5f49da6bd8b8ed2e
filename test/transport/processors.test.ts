import { describe, expect, it } from 'vitest';

import { Processors } from '../../src/transport/processors.ts';

describe('Processors.isOneSpare', () => {
	it.each([
		{ count: 1, busy: [], expected: true },
		{ count: 1, busy: [false], expected: true },
		{ count: 1, busy: [true], expected: false },
		{ count: 2, busy: [true], expected: true },
		{ count: 2, busy: [true, false], expected: true },
		{ count: 2, busy: [true, true], expected: false },
		{ count: 4, busy: [true, true, true], expected: true },
		{ count: 4, busy: [true, true, false, true, true], expected: false },
	])('is $expected on $count processors beside peers that are busy: $busy', ({ count, busy, expected }) => {
		const processors = new Processors(count);
		for (const isPeerBusy of busy) processors.add({ isPeerBusy });
		expect(processors.isOneSpare).toBe(expected);
	});

	it('counts a peer until its link is removed', () => {
		const processors = new Processors(2);
		const links = [{ isPeerBusy: true }, { isPeerBusy: true }];
		for (const link of links) processors.add(link);
		for (const link of links) processors.remove(link);
		expect(processors.isOneSpare).toBe(true);
	});
});

describe('Processors.isOneSpareAt()', () => {
	it('counts again when the last count is 0.05 ms old', () => {
		const processors = new Processors(2);
		expect(processors.isOneSpareAt(10)).toBe(true);
		for (const link of [{ isPeerBusy: true }, { isPeerBusy: true }]) processors.add(link);
		expect(processors.isOneSpareAt(10.04)).toBe(true);
		expect(processors.isOneSpareAt(10.06)).toBe(false);
	});
});

describe('Processors.share()', () => {
	it.each([
		{ links: 0, expected: 100 },
		{ links: 1, expected: 100 },
		{ links: 3, expected: 34 },
		{ links: 1000, expected: 1 },
	])('is $expected of 100 with $links links', ({ links, expected }) => {
		const processors = new Processors(2);
		for (let link = 0; link < links; link += 1) processors.add({ isPeerBusy: false });
		expect(processors.share(100)).toBe(expected);
	});
});
