/** How much a new measurement counts. */
const WEIGHT = 0.25;

/** What is taken for the time of a function that has not been measured, in milliseconds: nothing waits behind it. */
export const UNKNOWN_MS = 1000;

/** How long a function takes, as measured: a moving average. */
export class Pace {
	/** Bytes that one item of the last chunk took on its way; 0 before the first. */
	bytes = 0;
	#ms: number | undefined;

	/** Milliseconds for one item, or {@link UNKNOWN_MS}. */
	get ms(): number {
		return this.#ms ?? UNKNOWN_MS;
	}

	/** True once there is a measurement. */
	get isKnown(): boolean {
		return this.#ms !== undefined;
	}

	/** Takes a measurement: `items` took `ms` milliseconds together. */
	measured(ms: number, items = 1): void {
		const each = Math.max(0, ms) / items;
		this.#ms = this.#ms === undefined ? each : this.#ms + (each - this.#ms) * WEIGHT;
	}
}
