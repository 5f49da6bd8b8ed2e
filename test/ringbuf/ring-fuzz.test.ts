import { describe, expect, it } from 'vitest';

import { type FuzzTally, fuzzFlips, fuzzNoise, fuzzWriter } from './ring-fuzz.ts';

function run(fuzz: (numRuns: number, tally: FuzzTally) => void): FuzzTally {
	const tally = { delivered: 0, refused: 0 };
	fuzz(3000, tally);
	return tally;
}

describe('a ring whose peer breaks the rules', () => {
	it.each([
		['delivers or refuses noise in the data, in TAIL and in HEAD', fuzzNoise],
		['delivers or refuses flipped bits, before and while it reads', fuzzFlips],
		['writes or refuses when HEAD and TAIL are anything', fuzzWriter],
	])('%s', (_title, fuzz) => {
		const { delivered, refused } = run(fuzz);
		expect(delivered).toBeGreaterThan(500);
		expect(refused).toBeGreaterThan(200);
	});
});
