/*
 * How many workers there are, and when one is replaced: pure functions, tested as tables.
 */

/** How many workers a pool has. */
export interface PoolSize {
	readonly min: number;
	readonly max: number;
}

/** What is known when the number of workers is looked at. */
export interface SizeFacts extends PoolSize {
	/** Workers that serve or start, without those that are to take another's place. */
	readonly workers: number;
	/** Of these, those that start. */
	readonly starting: number;
	/** Calls that no worker could take. */
	readonly waiting: number;
}

/** How many workers to start now: up to `min` in any case, up to `max` while calls wait that those which start will not take. */
export function workersToStart({ min, max, workers, starting, waiting }: SizeFacts): number {
	const needed = Math.max(0, min - workers);
	const wanted = Math.max(needed, waiting - starting);
	return Math.max(0, Math.min(wanted, max - workers));
}

/** When a worker is replaced. */
export interface RecycleLimits {
	/** Calls, or items of a map, that one worker is given at the most. */
	readonly tasks: number;
	/** Memory of its process, in bytes. */
	readonly rssBytes: number;
	/** Time since its start, in milliseconds. */
	readonly ageMs: number;
}

/** How a worker stands. */
export interface WorkerAge {
	/** Calls and items that it was given. */
	readonly tasks: number;
	/** As measured last, in bytes. */
	readonly rssBytes: number;
	readonly ageMs: number;
}

/** What share of its tasks a worker has had when the start of its replacement begins, so that that is warm in time. */
const WARM_UP_AT = 0.8;

/**
 * Whether a worker goes on as it is, whether its replacement is started, to take over once the worker is spent, or as soon as it
 * is ready.
 */
export function recycling(age: WorkerAge, limits: RecycleLimits): 'none' | 'whenSpent' | 'whenReady' {
	if (age.rssBytes > limits.rssBytes || age.ageMs > limits.ageMs) return 'whenReady';
	return age.tasks >= Math.max(1, Math.floor(limits.tasks * WARM_UP_AT)) ? 'whenSpent' : 'none';
}

/** The largest chunk that keeps to the limit of tasks without wasting much of it. */
export function chunkLimit({ tasks }: RecycleLimits): number {
	return Number.isFinite(tasks) ? Math.max(1, Math.floor(tasks / 8)) : Number.POSITIVE_INFINITY;
}

/** How often workers may end by themselves. From Erlang's restart intensity. */
export interface RestartIntensity {
	readonly max: number;
	/** In milliseconds. */
	readonly withinMs: number;
}

/** The ends that still count after one at `now`; there are more than `max` of them when the pool has to give up. */
export function countedEnds(former: readonly number[], now: number, { withinMs }: RestartIntensity): number[] {
	return [...former.filter((at) => now - at < withinMs), now];
}
