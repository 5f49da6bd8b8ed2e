/** Lets a few start at a time; the others wait for their turn, in order. */
export class StartGate {
	#free: number;
	readonly #waiting = new Set<() => void>();

	/** @param most how many may be starting at once */
	constructor(most: number) {
		this.#free = most;
	}

	/**
	 * Runs `start` when it is its turn, and settles as it does. Whoever starts must settle, or nobody else has a turn.
	 *
	 * @throws the reason of `signal` if it is aborted before that; `start` has not been called then
	 */
	async run<T>(start: () => Promise<T>, signal: AbortSignal): Promise<T> {
		if (this.#free > 0) this.#free -= 1;
		else await this.#turn(signal);
		try {
			return await start();
		} finally {
			this.#leave();
		}
	}

	#turn(signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		return new Promise((resolve, reject) => {
			const onTurn = (): void => {
				signal.removeEventListener('abort', onAbort);
				resolve();
			};
			const onAbort = (): void => {
				this.#waiting.delete(onTurn);
				reject(signal.reason as Error);
			};
			signal.addEventListener('abort', onAbort, { once: true });
			this.#waiting.add(onTurn);
		});
	}

	/** Hands the place to whoever waits longest. */
	#leave(): void {
		const [next] = this.#waiting;
		if (!next) {
			this.#free += 1;
			return;
		}
		this.#waiting.delete(next);
		next();
	}
}
