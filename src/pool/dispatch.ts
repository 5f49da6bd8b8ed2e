/*
 * Who does what, as pure functions of what is known: the whole policy of the pool, tested as tables.
 */

/** What is known about a worker when a call is to be given away. */
export interface WorkerLoad {
	/** Calls that it was sent and has not answered. */
	readonly inFlight: number;
	/** How long those should take together, in milliseconds. */
	readonly backlogMs: number;
	/** Items that it may still be given; 0 when it gets no more at all. */
	readonly room: number;
}

/** Calls are prefetched while what a worker has should keep it busy for less than this, in milliseconds. */
export const PREFETCH_MS = 4;
/** Calls that wait in one worker beyond those that run, at the most. */
export const MAX_PREFETCHED = 128;

/**
 * The worker that gets the next call, as an index, or -1 if the call has to wait.
 *
 * One with a free place comes first, the least loaded of them. Where all are busy, the call is prefetched by a worker that
 * should be done soon: so it does not wait for the host when it is, and nothing is ever put behind a call that takes long.
 */
export function chooseWorker(workers: readonly WorkerLoad[], concurrency: number, items: number): number {
	let best = -1;
	let bestLoad: WorkerLoad | undefined;
	for (let index = 0; index < workers.length; index += 1) {
		const load = workers[index] as WorkerLoad;
		if (!canTake(load, concurrency, items)) continue;
		if (bestLoad && !isLess(load, bestLoad)) continue;
		best = index;
		bestLoad = load;
	}
	return best;
}

function canTake({ inFlight, backlogMs, room }: WorkerLoad, concurrency: number, items: number): boolean {
	if (room < items) return false;
	return inFlight < concurrency || (backlogMs < PREFETCH_MS * concurrency && inFlight < concurrency + MAX_PREFETCHED);
}

function isLess(a: WorkerLoad, b: WorkerLoad): boolean {
	return a.inFlight < b.inFlight || (a.inFlight === b.inFlight && a.backlogMs < b.backlogMs);
}

/** What is known about a call whose worker has ended. */
export interface Casualty {
	/** Nobody waits for it any more. */
	readonly isOver: boolean;
	/** False when its arguments are not here any more. */
	readonly canBeSentAgain: boolean;
	/** The worker had said that it begins. */
	readonly hasBegun: boolean;
	/** How often it may be run again. */
	readonly retries: number;
}

/** What becomes of it: a call that had not begun moves to another worker; one that had is run again only where that was asked for. */
export function fateOf({ isOver, canBeSentAgain, hasBegun, retries }: Casualty): 'move' | 'retry' | 'reject' {
	if (isOver || !canBeSentAgain) return 'reject';
	if (!hasBegun) return 'move';
	return retries > 0 ? 'retry' : 'reject';
}

/** What is known when the size of the next chunk is chosen. */
export interface ChunkFacts {
	/** What the caller asked for. */
	readonly chunkSize: number | 'auto';
	/** Measured time of one item, in milliseconds; undefined before the first. */
	readonly msPerItem: number | undefined;
	/** Measured size of one item on its way, in bytes; 0 before the first. */
	readonly bytesPerItem: number;
	/** Size of the chunk before; 0 before the first. */
	readonly former: number;
	/** Items that have not been sent, where that is known. */
	readonly remaining: number | undefined;
	/** Calls that the workers run at once, all together. */
	readonly places: number;
	/** The most that a worker may be given. */
	readonly limit: number;
}

/** Chunks under way for each call that the workers run at once: one that runs, one that waits behind it. */
export const CHUNKS_PER_PLACE = 2;
/** Chunks for each call that the workers run at once whose items may be read and not taken by the consumer. */
export const HELD_PER_PLACE = 4;
/** How long a chunk should take, in milliseconds: long against the cost of a call, short for whoever waits for its results. */
export const CHUNK_MS = 10;
/** A chunk that takes longer than this is cut short, and the rest goes back to the pool, in milliseconds. */
export const CHUNK_BUDGET_MS = 20;
/** What a chunk should take on its way, in bytes: what is read ahead is counted in chunks, and must not fill the memory. */
export const CHUNK_BYTES: number = 256 * 1024;
/** Items of a chunk at the most. */
const MAX_CHUNK = 2048;

/**
 * How many items travel in one call. With 'auto', one until it is known how long they take; then as many as take
 * {@link CHUNK_MS} or {@link CHUNK_BYTES}, growing in steps; and fewer towards the end, so that no worker has the last of the work to itself.
 */
export function chunkSizeFor({ chunkSize, msPerItem, bytesPerItem, former, remaining, places, limit }: ChunkFacts): number {
	if (chunkSize !== 'auto') return Math.min(chunkSize, limit);
	if (msPerItem === undefined) return 1;
	const byTime = Math.floor(CHUNK_MS / Math.max(msPerItem, 1e-6));
	const byBytes = Math.floor(CHUNK_BYTES / Math.max(bytesPerItem, 1));
	const byEnd = remaining === undefined ? MAX_CHUNK : Math.ceil(remaining / (2 * places));
	return Math.max(1, Math.min(byTime, byBytes, former * 4, byEnd, limit, MAX_CHUNK));
}
