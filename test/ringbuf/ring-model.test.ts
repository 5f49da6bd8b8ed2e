import { describe, expect, it } from 'vitest';

import { checkAgainstModel } from './ring-model.ts';

describe('a ring against a plain queue', () => {
	it('gives the same answers on rings of 64 to 1024 bytes, from any start position', () => {
		const tally = checkAgainstModel([64, 128, 256, 512, 1024], 1500);
		expect(tally.records).toBeGreaterThan(10_000);
		expect(tally.pads).toBeGreaterThan(100);
		expect(tally.refused).toBeGreaterThan(100);
		expect(tally.wraps).toBeGreaterThan(100);
	});

	it('gives the same answers on rings of the sizes that are shipped', () => {
		const tally = checkAgainstModel([4096, 16_384, 65_536], 200);
		expect(tally.records).toBeGreaterThan(1000);
		expect(tally.pads).toBeGreaterThan(10);
		expect(tally.wraps).toBeGreaterThan(10);
	});
});
