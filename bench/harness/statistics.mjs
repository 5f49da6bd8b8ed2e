/*
 * What do many figures say together? Medians, percentiles and spread; no means, for one hiccup would move them.
 */

/**
 * The value below which `fraction` of all values lie (nearest rank).
 *
 * @param {ArrayLike<number>} sorted Ascending, not empty.
 * @param {number} fraction From 0 to 1.
 */
export function percentile(sorted, fraction) {
	const rank = Math.ceil(fraction * sorted.length) - 1;
	const value = sorted[Math.min(sorted.length - 1, Math.max(0, rank))];
	if (value === undefined) throw new RangeError('percentile of no values');
	return value;
}

/**
 * The middle value, or the mean of the two in the middle.
 *
 * @param {readonly number[]} values Not empty, in any order.
 */
export function median(values) {
	const sorted = values.toSorted((a, b) => a - b);
	// The same place when their number is odd.
	return (percentile(sorted, 0.5) + percentile(sorted.toReversed(), 0.5)) / 2;
}

/** @typedef {{ median: number, min: number, max: number }} Summary */

/**
 * @param {readonly number[]} values Not empty.
 * @returns {Summary}
 */
export function summarise(values) {
	return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * How many times the other value each value is, round by round, so that a machine that slows down for a while does not count.
 *
 * @param {readonly number[]} values
 * @param {readonly number[]} baseline Of the same rounds; a round that one of them lacks is left out.
 * @returns {Summary | undefined} Undefined where there is nothing to compare.
 */
export function compare(values, baseline) {
	const ratios = values.slice(0, baseline.length).map((value, round) => value / (baseline[round] ?? Number.NaN));
	const usable = ratios.filter(Number.isFinite);
	return usable.length === 0 ? undefined : summarise(usable);
}
