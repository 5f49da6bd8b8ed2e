/*
 * What does a worker do when it is called? As little as can be checked: the same for every subject.
 */
export function add({ a, b }) {
	return a + b;
}

export function echo(bytes) {
	return bytes;
}

/** Answers requests of the plain channels and of coproc, and counts what came one way. */
export class Answers {
	#count = 0;
	#sum = 0;

	/** @param {number} n */
	take(n) {
		this.#count += 1;
		this.#sum += n;
	}

	answer(data) {
		if (data instanceof Uint8Array) return echo(data);
		if (data === 'posted') return { count: this.#count, sum: this.#sum };
		return add(data);
	}
}
