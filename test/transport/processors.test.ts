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
