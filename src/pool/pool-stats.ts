import type { LatencySummary } from './latency.ts';
import type { TransportInfo } from '../transport/index.ts';
import type { PoolCore } from './pool-core.ts';

/** How one worker of a pool stands. */
export interface WorkerStats {
	readonly name: string;
	/** Of its process. It may have ended a moment ago: `process.kill()` of it throws ESRCH then. */
	readonly pid: number | undefined;
	readonly threadId: number | undefined;
	/** How it is reached, and why so; undefined until it has started. */
	readonly transport: TransportInfo | undefined;
	readonly state: 'starting' | 'spare' | 'serving' | 'leaving' | 'closing' | 'gone';
	/** Calls that it runs, or that wait there for their turn. */
	readonly inFlight: number;
	/** Calls and items that it has answered. */
	readonly completed: number;
	/** Memory of its process, in bytes, as measured last; 0 unless `recycle.rssBytes` is given. */
	readonly rssBytes: number;
}

/** What a pool is doing and has done. A chunk of a map is one call in the latencies, its items count in the other numbers. */
export interface PoolStats {
	readonly workers: readonly WorkerStats[];
	/** Calls and chunks that wait for a worker. */
	readonly queued: number;
	/** Calls and chunks that workers have. */
	readonly inFlight: number;
	readonly completed: number;
	readonly failed: number;
	/** Calls that were given up by their callers. */
	readonly cancelled: number;
	/** Calls that moved to another worker, for theirs ended before it began them. */
	readonly moved: number;
	/** Calls that were run again, for their worker ended under them. */
	readonly retried: number;
	/** Workers that ended by themselves, or failed to start. */
	readonly restarts: number;
	/** Workers that were replaced because of `recycle`. */
	readonly recycled: number;
	/** From being made to being begun, in milliseconds. */
	readonly waitMs: LatencySummary;
	/** From then to the answer, in milliseconds. */
	readonly runMs: LatencySummary;
}

/** Looks at a pool. */
export function statsOf(core: PoolCore): PoolStats {
	const workers = core.crew.workers.map(({ name, pid, threadId, transport, state, inFlight, completed, rssBytes }) => ({
		name,
		pid,
		threadId,
		transport,
		state,
		inFlight,
		completed,
		rssBytes,
	}));
	const { restarts, recycled } = core.crew;
	return {
		workers,
		queued: core.waiting,
		inFlight: workers.reduce((sum, { inFlight }) => sum + inFlight, 0),
		...core.counts,
		restarts,
		recycled,
		waitMs: core.waitLatency.summary,
		runMs: core.runLatency.summary,
	};
}
