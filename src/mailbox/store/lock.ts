/** Keeps the participants of a store out of each other's way. */
export interface Lock {
	/** Takes the lock; true when its former owner died with it, and what it was at has to be undone. */
	acquire(): boolean;
	/** Gives it back. */
	release(): void;
}

/** Calls that an operation may need between taking and giving back the lock, with a margin. */
const CALLS = 24;

/**
 * Throws now, before the lock is taken, when the stack is nearly used up: a RangeError in the middle of an operation, or on the way
 * to giving the lock back, would leave it with nobody.
 */
export function probeStack(calls: number = CALLS): number {
	return calls === 0 ? 0 : 1 + probeStack(calls - 1);
}
