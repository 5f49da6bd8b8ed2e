import { describe, expect, it } from 'vitest';

import { compare, median, percentile, summarise } from '../../bench/harness/statistics.mjs';

describe('percentile()', () => {
	it('is the nearest rank', () => {
		const sorted = Float64Array.from({ length: 200 }, (_, index) => index + 1);
		expect([0, 0.5, 0.99, 1].map((fraction) => percentile(sorted, fraction))).toEqual([1, 100, 198, 200]);
		expect(percentile([7], 0.5)).toBe(7);
	});

	it('refuses to say anything about nothing', () => {
		expect(() => percentile([], 0.5)).toThrow(RangeError);
		expect(() => median([])).toThrow(RangeError);
	});
});

describe('median()', () => {
	it('takes the middle, or the mean of the two in the middle, and leaves its input as it is', () => {
		const values = [10, 9, 1];
		expect(median(values)).toBe(9);
		expect(values).toEqual([10, 9, 1]);
		expect(median([4, 1, 3, 2])).toBe(2.5);
	});
});

describe('summarise()', () => {
	it('tells the median and the spread', () => {
		expect(summarise([3, 1, 100])).toEqual({ median: 3, min: 1, max: 100 });
	});
});

describe('compare()', () => {
	it('compares round by round, so that a slow phase of the machine does not count', () => {
		expect(compare([1, 10, 2], [2, 20, 4])).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
	});

	it('leaves out rounds that one of both lacks, and says nothing where nothing is left', () => {
		expect(compare([1, 2, 3], [2])).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
		expect(compare([1], [0])).toBeUndefined();
		expect(compare([], [])).toBeUndefined();
	});
});
