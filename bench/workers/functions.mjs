/*
 * What does a worker do when it is called? As little as can be checked: the same for every subject.
 */
export function add({ a, b }) {
	return a + b;
}

export function echo(bytes) {
	return bytes;
}

/** About a millisecond of arithmetic, on a machine of 2024. The result depends on all of it, so that nothing is left out. */
const ROUNDS = 400_000;

export function work(seed) {
	let x = seed | 1;
	for (let round = 0; round < ROUNDS; round += 1) {
		x ^= x << 13;
		x ^= x >>> 17;
		x ^= x << 5;
	}
	return x;
}

/** An empty task. */
export function same(value) {
	return value;
}

/** What a pool is given to do. */
export const TASKS = { work, same };

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
