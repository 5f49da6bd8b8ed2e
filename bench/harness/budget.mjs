/*
 * Is there time left? A run that must end soon shares its time among what is still to be done.
 */
export class Budget {
	#until;

	/** @param {number} ms Infinity for no limit. */
	constructor(ms) {
		this.#until = performance.now() + ms;
	}

	/** True when what is not under way should be left out. */
	get isSpent() {
		return performance.now() >= this.#until;
	}

	/**
	 * The part of one among all that still have to come.
	 *
	 * @param {number} weight Of this one, where each of the others counts 1.
	 * @param {number} others How many still come after this one.
	 */
	share(weight, others) {
		const left = Math.max(0, this.#until - performance.now());
		return new Budget(left === Number.POSITIVE_INFINITY ? left : (left * weight) / (weight + others));
	}
}
