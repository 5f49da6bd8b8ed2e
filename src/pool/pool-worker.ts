import { type ExitInfo, ProtocolError, QueueFullError, WorkerStartError } from '../errors/index.ts';
import { WorkerResource } from '../resource/index.ts';
import { CHUNK_FUNCTION, type CallClient, type FunctionInfo } from '../rpc/index.ts';
import type { TransportInfo } from '../transport/index.ts';
import type { WorkerLoad } from './dispatch.ts';
import type { Job } from './job.ts';
import type { WorkerPlan } from './pool-options.ts';
import { measureRss } from './rss-probe.ts';
import type { WorkerAge } from './sizing.ts';

/** What a worker tells whoever keeps it. */
export interface WorkerKeeper {
	/** It can be given jobs. */
	onReady(worker: PoolWorker): void;
	/** It could not start, and is gone. */
	onStartFailed(worker: PoolWorker, error: unknown): void;
	/** It has answered a job. */
	onSettled(worker: PoolWorker, job: Job): void;
	/** It has ended, with jobs that it had not answered. */
	onExit(worker: PoolWorker, info: ExitInfo, casualties: readonly Job[]): void;
	/** Its disposal is done; with the error of the worker that nobody was told of. */
	onDisposed(worker: PoolWorker, untold: unknown): void;
}

/** Shortest time between two measurements of a worker's memory, in milliseconds. */
const RSS_EVERY_MS = 250;

/** One worker of a pool, for one life of it: its resource, its way of being called, and the jobs that it has. */
export class PoolWorker implements WorkerLoad {
	readonly name: string;
	/** starting; spare: ready, and waits to take another's place; serving; leaving: gets no more jobs; closing: is being disposed of; gone. */
	state: 'starting' | 'spare' | 'serving' | 'leaving' | 'closing' | 'gone' = 'starting';
	/** Who is to take its place. */
	heir: PoolWorker | undefined;
	/** Whose place it is to take. */
	heirOf: PoolWorker | undefined;
	client!: CallClient;
	/** The functions of its module, then the one for chunks. */
	functions: readonly FunctionInfo[] = [];
	/** Numbers of the shipped functions that it should know. */
	readonly known = new Set<number>();
	readonly jobs = new Set<Job>();
	backlogMs = 0;
	/** Calls and items that it was given, and answered. */
	tasks = 0;
	completed = 0;
	rssBytes = 0;
	/** True while its link takes no more. */
	isFull = false;
	idleSince = 0;
	/** True once somebody was told how it ended. */
	wasEndTold = false;
	readonly #startedAt = performance.now();
	readonly #resource: WorkerResource;
	readonly #keeper: WorkerKeeper;
	readonly #plan: WorkerPlan;
	#casualties: Job[] = [];
	#lastSettledAt = 0;
	#measuredAt = 0;

	constructor(plan: WorkerPlan, name: string, keeper: WorkerKeeper) {
		this.#plan = plan;
		this.name = name;
		this.#keeper = keeper;
		const connect = (_worker: string, client: CallClient, functions: readonly FunctionInfo[]): void => {
			this.client = client;
			this.functions = functions;
		};
		const serving = { remote: { connect }, concurrency: plan.concurrency, chunks: true };
		this.#resource = new WorkerResource(plan.target as URL, { ...plan.resource, name }, serving);
		this.#resource.start().then(
			() => this.#started(),
			(error: unknown) => {
				if (this.state === 'closing') return;
				this.state = 'gone';
				keeper.onStartFailed(this, error);
			},
		);
	}

	get inFlight(): number {
		return this.jobs.size;
	}

	get room(): number {
		return this.state !== 'serving' || this.isFull || this.client.hasEnded ? 0 : this.#plan.recycle.tasks - this.tasks;
	}

	/** True when it has had all the tasks that it may have, or too few are left for a job of so many items. */
	isSpentFor(items: number): boolean {
		return this.state === 'serving' && this.#plan.recycle.tasks - this.tasks < items;
	}

	get age(): WorkerAge {
		return { tasks: this.tasks, rssBytes: this.rssBytes, ageMs: performance.now() - this.#startedAt };
	}

	get pid(): number | undefined {
		return this.#resource.pid;
	}

	get threadId(): number | undefined {
		return this.#resource.threadId;
	}

	/** How it is reached; undefined until it has started. */
	get transport(): TransportInfo | undefined {
		return this.state === 'starting' || !this.#resource.isAlive ? undefined : this.#resource.transport;
	}

	/** Number of the function that runs others over items. */
	get chunkNumber(): number {
		return this.functions.length - 1;
	}

	/** Throws WorkerStartError unless it has the same functions, with the same numbers, as `former`: its module may have changed. */
	checkFunctions(former: readonly FunctionInfo[]): void {
		const isSame = former.every(
			({ name, streams }, at) => this.functions[at]?.name === name && this.functions[at].streams === streams,
		);
		if (isSame && former.length === this.functions.length) return;
		const why = 'its module exports other functions than when the pool was opened. Open another pool';
		throw new WorkerStartError(this.name, why);
	}

	/** Sends a job. False when it takes no more for now: the job is as it was. */
	give(job: Job): boolean {
		const { slip } = job;
		try {
			this.client.submit(job, job.argsFor(this), job.terms());
		} catch (error) {
			// The limit of the link in bytes: one call is always accepted when there is none, so there is room again soon.
			if (error instanceof QueueFullError || error instanceof ProtocolError || this.client.hasEnded) {
				this.isFull = true;
				return false;
			}
			job.refuse(error);
			return true;
		}
		const wasGivenUp = slip.state === 'over';
		if (!wasGivenUp) slip.state = 'sent';
		slip.worker = this;
		slip.sentAt = performance.now();
		slip.expectedMs = slip.pace.ms * slip.items;
		this.backlogMs += slip.expectedMs;
		this.jobs.add(job);
		this.tasks += slip.items;
		if (wasGivenUp) this.client.cancel(job, new DOMException('The call was given up while it was being sent', 'AbortError'));
		return true;
	}

	/** Notes that a job was answered. Returns how long it ran, in milliseconds. */
	settled(job: Job): number {
		const { slip } = job;
		this.#forget(job);
		this.isFull = false;
		this.completed += slip.items;
		const now = performance.now();
		const ms = now - Math.max(slip.sentAt, this.#plan.concurrency === 1 ? this.#lastSettledAt : 0);
		this.#lastSettledAt = now;
		if (this.jobs.size === 0) this.idleSince = now;
		if (this.#plan.recycle.rssBytes !== Number.POSITIVE_INFINITY && now - this.#measuredAt >= RSS_EVERY_MS) this.#measureRss(now);
		this.#keeper.onSettled(this, job);
		return ms;
	}

	/** True when a job failed because this worker has ended: what becomes of it is told once it is known how. */
	lost(job: Job): boolean {
		if (!this.client.hasEnded) return false;
		this.#forget(job);
		this.#casualties.push(job);
		return true;
	}

	/** Closes it: lets running calls end within `closeTimeout`, then ends it. */
	dispose(): void {
		if (this.state === 'gone' || this.state === 'closing') return;
		const wasStarting = this.state === 'starting';
		this.state = 'closing';
		this.#resource[Symbol.asyncDispose]().then(
			() => this.#keeper.onDisposed(this, undefined),
			(error: unknown) => this.#keeper.onDisposed(this, wasStarting ? undefined : error),
		);
	}

	/** Ends it now. */
	terminate(): void {
		if (this.state === 'starting') this.dispose();
		else if (this.#resource.isAlive) void this.#resource.terminate({ checkAlive: false });
	}

	setRef(isRefd: boolean): void {
		if (isRefd) this.#resource.ref();
		else this.#resource.unref();
	}

	#started(): void {
		this.idleSince = performance.now();
		void this.#resource.exited.then((info) => {
			const casualties = this.#casualties;
			this.#casualties = [];
			this.#keeper.onExit(this, info, casualties);
		});
		if (this.state === 'starting') this.#keeper.onReady(this);
	}

	#forget(job: Job): void {
		if (!this.jobs.delete(job)) return;
		// Sums of fractions drift: an idle worker has no backlog.
		this.backlogMs = this.jobs.size === 0 ? 0 : this.backlogMs - job.slip.expectedMs;
	}

	#measureRss(now: number): void {
		this.#measuredAt = now;
		measureRss(this.client, this.chunkNumber, (bytes) => {
			this.rssBytes = bytes;
		});
	}
}

/** The functions that users may call. */
export function ownFunctions(functions: readonly FunctionInfo[]): FunctionInfo[] {
	return functions.filter(({ name }) => name !== CHUNK_FUNCTION);
}
