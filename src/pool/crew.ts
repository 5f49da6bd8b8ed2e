import { AbortIgnoredError, type ExitInfo, PoolFailedError, WorkerExitedError } from '../errors/index.ts';
import type { FunctionInfo } from '../rpc/index.ts';
import type { Job } from './job.ts';
import type { PoolPlan } from './pool-options.ts';
import { PoolWorker, type WorkerKeeper } from './pool-worker.ts';
import { countedEnds, recycling, workersToStart } from './sizing.ts';

/** What the crew tells whoever gives the work. */
export interface CrewKeeper {
	/** Jobs that no worker could take. */
	readonly waiting: number;
	/** A worker may have room: not to be acted upon at once, for frames are being read. */
	onRoom(): void;
	/** A worker has answered a job. */
	onSettled(job: Job): void;
	/** A worker has ended by itself, or was ended, under these jobs. Returns whether somebody was told of that. */
	onExit(error: WorkerExitedError, casualties: readonly Job[]): boolean;
	/** Workers ended too often. */
	onGivenUp(error: PoolFailedError): void;
}

/** Errors of workers that nobody was told of are kept up to this number. */
const KEPT_ERRORS = 10;
/** Longest delay of a Node timer, in milliseconds; a longer one would fire at once. */
const MAX_TIMER = 2 ** 31 - 1;

/** The workers of a pool: starts them, replaces them, lets them go. */
export class Crew implements WorkerKeeper {
	/** Those that can be given jobs. */
	readonly serving: PoolWorker[] = [];
	/** The functions of their module, then the one for chunks. */
	functions: readonly FunctionInfo[] | undefined;
	/** Errors of workers that nobody was told of. */
	readonly untold: unknown[] = [];
	restarts = 0;
	recycled = 0;
	readonly #plan: PoolPlan;
	readonly #keeper: CrewKeeper;
	/** All that are not gone. */
	readonly #all = new Set<PoolWorker>();
	readonly #recycles: boolean;
	#state: 'opening' | 'open' | 'over' = 'opening';
	#opened: { resolve(): void; reject(error: unknown): void } | undefined;
	#ends: readonly number[] = [];
	#number = 0;
	#isRefd = true;
	#idleTimer: NodeJS.Timeout | undefined;
	#gone: (() => void)[] = [];

	constructor(plan: PoolPlan, keeper: CrewKeeper) {
		this.#plan = plan;
		this.#keeper = keeper;
		this.#recycles = Object.values(plan.worker.recycle).some(Number.isFinite);
	}

	/** Starts the first workers, at least one. Rejects, leaving nothing behind, when one cannot start. */
	async open(): Promise<void> {
		try {
			await new Promise<void>((resolve, reject) => {
				this.#opened = { resolve, reject };
				for (let count = Math.max(1, this.#plan.size.min); count > 0; count -= 1) this.#start();
			});
		} catch (error) {
			await this.close();
			throw error;
		}
	}

	/** All workers that are not gone. */
	get workers(): readonly PoolWorker[] {
		return [...this.#all];
	}

	/** Starts workers where there are too few. */
	adjust(): void {
		// Looked at with each job: most of the time all are there.
		if (this.#state !== 'open' || this.serving.length >= this.#plan.size.max) return;
		const counted = this.workers.filter(({ state, heirOf }) => !heirOf && (state === 'starting' || state === 'serving'));
		const starting = counted.filter(({ state }) => state === 'starting').length;
		const facts = { ...this.#plan.size, workers: counted.length, starting, waiting: this.#keeper.waiting };
		for (let count = workersToStart(facts); count > 0; count -= 1) this.#start();
	}

	/** Looks whether a worker that was given a job is to be replaced. */
	given(worker: PoolWorker): void {
		if (!this.#recycles) return;
		this.#recycle(worker);
		if (worker.isSpentFor(1)) this.#retire(worker);
	}

	/** Lets go of workers that have tasks left, but too few for what waits. */
	relieve(items: number): void {
		if (!this.#recycles) return;
		for (const worker of this.serving.filter((each) => each.isSpentFor(items))) this.#retire(worker);
	}

	setRef(isRefd: boolean): void {
		this.#isRefd = isRefd;
		for (const worker of this.#all) worker.setRef(isRefd);
	}

	/** Ends all at once; those who wait are told by somebody else. */
	terminate(): void {
		this.#end();
		for (const worker of this.#all) worker.terminate();
	}

	/** Closes all. Resolves when nothing is left of them; running calls have `closeTimeout`. */
	async close(): Promise<void> {
		this.#end();
		for (const worker of this.workers) worker.dispose();
		if (this.#all.size > 0) await new Promise<void>((resolve) => this.#gone.push(resolve));
	}

	onReady(worker: PoolWorker): void {
		if (this.#state === 'over') return worker.dispose();
		try {
			this.functions ??= worker.functions;
			worker.checkFunctions(this.functions);
		} catch (error) {
			worker.dispose();
			return this.#failedToStart(worker, error);
		}
		const former = worker.heirOf;
		if (former?.state !== 'serving') this.#serve(worker);
		else if (recycling(former.age, this.#plan.worker.recycle) === 'whenReady') this.#retire(former, worker);
		else worker.state = 'spare';
		if (this.#state !== 'opening' || this.serving.length < this.#plan.size.min) return;
		this.#state = 'open';
		this.#opened?.resolve();
	}

	onStartFailed(worker: PoolWorker, error: unknown): void {
		this.#drop(worker);
		this.#failedToStart(worker, error);
	}

	onSettled(worker: PoolWorker, job: Job): void {
		this.#keeper.onSettled(job);
		if (this.#recycles) this.#recycle(worker);
		if (worker.inFlight > 0) return;
		if (worker.state === 'leaving') worker.dispose();
		else this.#watchIdle();
	}

	onExit(worker: PoolWorker, info: ExitInfo, casualties: readonly Job[]): void {
		const wasWanted = worker.state !== 'closing';
		this.#leave(worker);
		if (wasWanted) worker.dispose();
		const error = new WorkerExitedError(worker.name, info);
		// Before the jobs are told: what the pool has given up is told so.
		const byItself = wasWanted && !(info.error instanceof AbortIgnoredError);
		if (byItself && this.#state === 'open') this.#countEnd(error);
		this.#opened?.reject(error);
		worker.wasEndTold = this.#keeper.onExit(error, casualties);
		if (byItself && this.#state === 'open' && !worker.wasEndTold && info.error !== undefined) this.#note(info.error);
		if (worker.heirOf) worker.heirOf.heir = undefined;
		this.#passOn(worker);
		this.adjust();
	}

	onDisposed(worker: PoolWorker, untold: unknown): void {
		worker.state = 'gone';
		// That a worker ended which had nothing to do is no news: another one took its place. What it threw is.
		const isNews = untold !== undefined && !(untold instanceof WorkerExitedError && untold.cause === undefined);
		if (isNews && !worker.wasEndTold) this.#note(untold);
		this.#drop(worker);
	}

	#start(heirOf?: PoolWorker): PoolWorker {
		this.#number += 1;
		const worker = new PoolWorker(this.#plan.worker, `${this.#plan.name}#${this.#number}`, this);
		worker.heirOf = heirOf;
		if (heirOf) heirOf.heir = worker;
		if (!this.#isRefd) worker.setRef(false);
		this.#all.add(worker);
		return worker;
	}

	#serve(worker: PoolWorker): void {
		worker.state = 'serving';
		worker.heirOf = undefined;
		this.serving.push(worker);
		this.#keeper.onRoom();
		this.#watchIdle();
	}

	/** Gives a worker no more jobs, and its place to its heir; it is closed once it has nothing to do. */
	#retire(worker: PoolWorker, heir?: PoolWorker): void {
		this.#leave(worker);
		worker.state = 'leaving';
		this.recycled += 1;
		if (heir) this.#serve(heir);
		this.#passOn(worker);
		if (worker.inFlight === 0) worker.dispose();
		this.adjust();
	}

	/** The heir of a worker that serves no more takes its place, now or once it has started. */
	#passOn(worker: PoolWorker): void {
		const { heir } = worker;
		worker.heir = undefined;
		if (!heir) return;
		heir.heirOf = undefined;
		if (heir.state === 'spare') this.#serve(heir);
	}

	#recycle(worker: PoolWorker): void {
		if (worker.state !== 'serving' || worker.heir || this.#state !== 'open') return;
		const due = recycling(worker.age, this.#plan.worker.recycle);
		if (due === 'none') return;
		// One at a time where nothing presses: as many again beside all of them is more than a machine may bear.
		if (due === 'whenReady' && this.workers.some(({ heir }) => heir)) return;
		this.#start(worker);
	}

	#failedToStart(worker: PoolWorker, error: unknown): void {
		const { heirOf } = worker;
		if (heirOf) heirOf.heir = undefined;
		this.#opened?.reject(error);
		if (this.#state !== 'open') return;
		this.#countEnd(error);
		this.adjust();
	}

	#countEnd(cause: unknown): void {
		const { name, restart } = this.#plan;
		this.restarts += 1;
		this.#ends = countedEnds(this.#ends, performance.now(), restart);
		if (this.#ends.length > restart.max) this.#keeper.onGivenUp(new PoolFailedError({ pool: name, ...restart, cause }));
	}

	/** Keeps what disposal is to throw. */
	#note(error: unknown): void {
		if (this.untold.length < KEPT_ERRORS && !this.untold.includes(error)) this.untold.push(error);
	}

	#leave(worker: PoolWorker): void {
		const at = this.serving.indexOf(worker);
		if (at >= 0) this.serving.splice(at, 1);
	}

	#drop(worker: PoolWorker): void {
		this.#all.delete(worker);
		if (this.#all.size === 0) for (const resolve of this.#gone.splice(0)) resolve();
	}

	#end(): void {
		this.#state = 'over';
		this.#opened?.reject(undefined);
		this.serving.length = 0;
		clearTimeout(this.#idleTimer);
	}

	/** Sees to it that workers beyond `min` are closed when they have had nothing to do for `idleTimeout`. */
	#watchIdle(): void {
		if (this.#idleTimer || this.#state !== 'open' || this.serving.length <= this.#plan.size.min) return;
		const idle = this.serving.filter(({ inFlight }) => inFlight === 0);
		if (idle.length === 0) return;
		const now = performance.now();
		const next = Math.min(...idle.map(({ idleSince }) => idleSince)) + this.#plan.idleTimeout - now;
		this.#idleTimer = setTimeout(() => this.#closeIdle(), Math.min(Math.ceil(next), MAX_TIMER)).unref();
	}

	#closeIdle(): void {
		this.#idleTimer = undefined;
		const since = performance.now() - this.#plan.idleTimeout;
		const idle = this.serving.filter(({ inFlight, idleSince }) => inFlight === 0 && idleSince <= since);
		for (const worker of idle.slice(0, Math.max(0, this.serving.length - this.#plan.size.min))) {
			this.#leave(worker);
			worker.dispose();
		}
		this.#watchIdle();
	}
}
