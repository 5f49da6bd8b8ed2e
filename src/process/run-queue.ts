/** Something that has work to do, in portions. */
export interface Runnable {
	/** Does a portion of its work; true when there is more. Must not throw. */
	run(): boolean;
}

/** How long processes run before the event loop gets its turn, in milliseconds. */
const TURN_MS = 2;
/** How many portions run between two looks at the clock. */
const PORTIONS = 16;

/**
 * Lets the processes of a thread run in turns, each a portion at a time.
 *
 * They run in microtasks, so that a message costs no turn of the event loop; but timers and input wait for no more than TURN_MS.
 */
export class RunQueue {
	#waiting: Runnable[] = [];
	#isScheduled = false;
	#breaths = 0;
	/** Since when the event loop has had no turn; undefined when it has had one since somebody looked. */
	#breathless: number | undefined;
	readonly #drain = (): void => this.#run();

	/** Gives `work` its turn. It must not be in the queue. */
	push(work: Runnable): void {
		this.#waiting.push(work);
		if (this.#isScheduled) return;
		this.#isScheduled = true;
		queueMicrotask(this.#drain);
	}

	/** For code that does not run in the queue: undefined, or a promise to await when it has kept the event loop waiting for too long. */
	breathe(): Promise<void> | undefined {
		this.#breaths += 1;
		if (this.#breaths % PORTIONS !== 0) return undefined;
		const now = performance.now();
		if (this.#breathless === undefined) {
			this.#breathless = now;
			// The end of this turn: whatever keeps the event loop from it has been running since.
			setImmediate(() => {
				this.#breathless = undefined;
			});
		}
		return now - this.#breathless < TURN_MS ? undefined : new Promise((resolve) => setImmediate(resolve));
	}

	#run(): void {
		const until = performance.now() + TURN_MS;
		let portions = 0;
		while (this.#waiting.length > 0) {
			const round = this.#waiting;
			this.#waiting = [];
			for (let index = 0; index < round.length; index += 1) {
				const work = round[index] as Runnable;
				if (work.run()) this.#waiting.push(work);
				portions += 1;
				if (portions % PORTIONS !== 0 || performance.now() < until) continue;
				this.#waiting = [...round.slice(index + 1), ...this.#waiting];
				setImmediate(this.#drain);
				return;
			}
		}
		this.#isScheduled = false;
	}
}

/** The queue of this thread. */
export const runQueue = new RunQueue();
