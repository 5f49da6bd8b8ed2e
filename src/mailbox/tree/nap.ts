const FIRST_MS = 0.02;
const LONGEST_MS = 1;

/** Short sleeps that get longer, for a thread whose lock is held by one that does not run at the moment. */
export class Nap {
	readonly #word = new Int32Array(new SharedArrayBuffer(4));
	#length = FIRST_MS;

	/** Sleeps. */
	take(): void {
		// Pairs with nothing, nobody wakes it: it gives the processor to whoever holds the lock.
		Atomics.wait(this.#word, 0, 0, this.#length);
		this.#length = Math.min(LONGEST_MS, this.#length * 2);
	}

	/** Starts over with short ones. */
	reset(): void {
		this.#length = FIRST_MS;
	}
}
