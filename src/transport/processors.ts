import { availableParallelism } from 'node:os';

/** How long a count holds, in milliseconds: much shorter than a task that is worth a worker. */
const COUNT_EVERY = 0.05;

/** One end of a link in shared memory, as seen by {@link Processors}. */
export interface PolledLink {
	/** True while the peer runs, or would if it had a processor. */
	readonly isPeerBusy: boolean;
}

/**
 * Says whether this thread may poll without taking a processor from the very peers whose answers it polls for.
 *
 * A host that polls beside as many busy workers as there are processors slows down what it waits for: the tasks of a pool took
 * twice as long. Each peer says in shared memory whether its event loop sleeps, and the layer above knows what it has not
 * answered, so nobody needs to be asked.
 */
export class Processors {
	readonly #count: number;
	readonly #links = new Set<PolledLink>();
	#countedAt = Number.NEGATIVE_INFINITY;
	#wasOneSpare = true;

	constructor(count: number = availableParallelism()) {
		this.#count = count;
	}

	add(link: PolledLink): void {
		this.#links.add(link);
	}

	remove(link: PolledLink): void {
		this.#links.delete(link);
	}

	/** {@link isOneSpare}, counted now and then: it is asked at each look. `now` is that of performance.now(). */
	isOneSpareAt(now: number): boolean {
		if (now - this.#countedAt > COUNT_EVERY) {
			this.#countedAt = now;
			this.#wasOneSpare = this.isOneSpare;
		}
		return this.#wasOneSpare;
	}

	/** What each link of this thread may do in a turn of the event loop, so that all of them together do `total`. */
	share(total: number): number {
		return Math.ceil(total / Math.max(1, this.#links.size));
	}

	/** True when a processor is left for this thread beside its peers that are awake. */
	get isOneSpare(): boolean {
		let left = this.#count - 1;
		for (const link of this.#links) {
			if (!link.isPeerBusy) continue;
			left -= 1;
			if (left < 0) return false;
		}
		return left >= 0;
	}
}

/** Those of this machine, shared by all links of this thread. */
export const processors: Processors = new Processors();
