import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** How long something took, over all calls: milliseconds, exact to the microsecond and to three digits. */
export interface LatencySummary {
	readonly count: number;
	readonly min: number;
	readonly mean: number;
	readonly p50: number;
	readonly p90: number;
	readonly p99: number;
	readonly max: number;
}

/** A histogram of times. */
export class Latency {
	readonly #histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: 1e11, figures: 3 });

	/** Takes a time in milliseconds. */
	record(ms: number): void {
		this.#histogram.record(Math.max(1, Math.round(ms * 1000)));
	}

	get summary(): LatencySummary {
		const histogram = this.#histogram;
		if (histogram.count === 0) return { count: 0, min: 0, mean: 0, p50: 0, p90: 0, p99: 0, max: 0 };
		const at = (share: number): number => histogram.percentile(share) / 1000;
		return {
			count: histogram.count,
			min: histogram.min / 1000,
			mean: histogram.mean / 1000,
			p50: at(50),
			p90: at(90),
			p99: at(99),
			max: histogram.max / 1000,
		};
	}
}
