import { PoolClosedError, type PoolFailedError, QueueFullError, type WorkerExitedError } from '../errors/index.ts';
import {
	type Caller,
	type CallOptions,
	CallStream,
	keepSettlers,
	rejectLast,
	rejectToCaller,
	type RemoteMethod,
	resolveLast,
} from '../rpc/index.ts';
import { CallJob } from './call-job.ts';
import { Crew, type CrewKeeper } from './crew.ts';
import { chooseWorker, fateOf } from './dispatch.ts';
import type { Job } from './job.ts';
import { JobQueue } from './job-queue.ts';
import { Latency } from './latency.ts';
import { Pace } from './pace.ts';
import type { PoolPlan } from './pool-options.ts';
import type { PoolWorker } from './pool-worker.ts';
import { StreamJob } from './stream-job.ts';

/** A map under way, which hands in jobs as it goes. */
export interface Run {
	/** True when it goes on by itself, so that `drain()` waits for it; a stream goes on when its consumer does. */
	readonly isDriven: boolean;
	/** Ends it: the pool has no more workers for it. What has begun may end, unwanted. */
	poolEnded(error: unknown): void;
}

/** What the pool has done. */
export interface Counts {
	completed: number;
	failed: number;
	cancelled: number;
	moved: number;
	retried: number;
}

/** What a pool is inside: a queue of jobs, a crew of workers, and the rule by which the ones get the others. */
export class PoolCore implements Caller, CrewKeeper {
	readonly plan: PoolPlan;
	readonly crew: Crew;
	readonly runs = new Set<Run>();
	readonly counts: Counts = { completed: 0, failed: 0, cancelled: 0, moved: 0, retried: 0 };
	/** From being handed in to being begun by a worker, and from there to the answer as the host sees it. */
	readonly waitLatency = new Latency();
	readonly runLatency = new Latency();
	readonly #queue = new JobQueue();
	readonly #paces = new WeakMap<object, Pace>();
	#state: { readonly type: 'open' } | { readonly type: 'over'; readonly error: unknown } = { type: 'open' };
	#isDispatching = false;
	#isScheduled = false;
	#drained: (() => void)[] = [];
	#disarm: () => void = () => {};

	constructor(plan: PoolPlan) {
		this.plan = plan;
		this.crew = new Crew(plan, this);
	}

	/** Starts the workers. */
	async open(): Promise<void> {
		const { signal } = this.plan;
		signal?.throwIfAborted();
		const onAbort = (): void => this.#fail(signal?.reason);
		signal?.addEventListener('abort', onAbort, { once: true });
		this.#disarm = () => signal?.removeEventListener('abort', onAbort);
		try {
			await this.crew.open();
		} catch (error) {
			this.#disarm();
			// What its workers say about an abort is not why.
			throw this.#state.type === 'over' ? this.#state.error : error;
		}
	}

	call(method: RemoteMethod, args: readonly unknown[], options?: CallOptions<never>): Promise<unknown> {
		const promise = new Promise(keepSettlers);
		const job = new CallJob({ core: this, method, args, options }, resolveLast, rejectLast);
		job.start();
		// Its own handler's promise, see rejectToCaller().
		return promise.then(undefined, rejectToCaller);
	}

	stream(method: RemoteMethod, args: readonly unknown[], options?: CallOptions<never>, problem?: Error): CallStream {
		return new CallStream(new StreamJob(this, method, { args, options, problem }));
	}

	/** Takes a job. Throws when the pool takes no more. */
	submit(job: Job): void {
		if (this.#state.type === 'over') throw this.#state.error;
		job.slip.queuedAt = performance.now();
		this.#queue.push(job);
		this.dispatch();
		const { name, maxQueue } = this.plan;
		if (!job.isCounted || this.#queue.counted <= maxQueue || job.slip.state !== 'queued') return;
		this.#queue.remove(job);
		throw new QueueFullError({ pool: name, maxQueue });
	}

	/** Takes a job back that a worker had; it goes before others. */
	resubmit(job: Job): void {
		if (this.#state.type === 'over') return job.reject(this.#state.error);
		this.#queue.push(job, true);
		this.onRoom();
	}

	/** Nobody waits for a job any more: it leaves the queue, or its worker is told. */
	cancel(job: Job, reason: unknown): void {
		const { slip } = job;
		if (slip.state === 'queued') this.#queue.remove(job);
		else if (slip.state === 'sent') {
			slip.state = 'over';
			slip.worker?.client.cancel(job, reason);
		} else slip.state = 'over';
		this.counts.cancelled += 1;
		this.#checkDrainedSoon();
	}

	/** How long calls of a function take. */
	paceOf(method: object): Pace {
		const known = this.#paces.get(method);
		if (known) return known;
		const pace = new Pace();
		this.#paces.set(method, pace);
		return pace;
	}

	get waiting(): number {
		return this.#queue.size;
	}

	/** Calls that workers run at once, all together. */
	get places(): number {
		return Math.max(1, this.crew.serving.length, this.plan.size.max) * this.plan.worker.concurrency;
	}

	/** Why it takes no more jobs, if so. */
	get ending(): { readonly error: unknown } | undefined {
		return this.#state.type === 'over' ? this.#state : undefined;
	}

	/** Resolves when no job waits or runs. */
	drain(): Promise<void> {
		if (this.#isIdle) return Promise.resolve();
		return new Promise((resolve) => this.#drained.push(resolve));
	}

	/** Gives jobs to workers as far as they take them. */
	dispatch(): void {
		// A getter of what is being sent has made a call: the loop further down the stack goes on with it.
		if (this.#isDispatching) return;
		this.#isDispatching = true;
		try {
			for (let job = this.#queue.peek(); job; job = this.#queue.peek()) if (!this.#giveAway(job)) break;
		} finally {
			this.#isDispatching = false;
		}
		if (this.#queue.size > 0) this.crew.adjust();
	}

	onRoom(): void {
		if (this.#isScheduled) return;
		this.#isScheduled = true;
		// Not at once: frames are being read, and encoding runs code of the user's.
		queueMicrotask(() => {
			this.#isScheduled = false;
			this.dispatch();
		});
	}

	onSettled(job: Job): void {
		if (job.slip.state === 'sent') job.slip.state = 'over';
		if (this.#queue.size > 0) this.onRoom();
		else this.#checkDrainedSoon();
	}

	/** A map has ended. */
	runEnded(): void {
		this.#checkDrainedSoon();
	}

	onExit(error: WorkerExitedError, casualties: readonly Job[]): boolean {
		let wasTold = false;
		for (const job of casualties) {
			const { slip } = job;
			const { hasBegun, canBeSentAgain } = job;
			const isOver = slip.state === 'over';
			const fate = fateOf({ isOver, canBeSentAgain, hasBegun, retries: slip.retries });
			// Whoever has it run again has provided for that.
			wasTold ||= !isOver && fate !== 'move';
			if (fate === 'reject') job.reject(error);
			else if (this.#state.type === 'over') job.reject(this.#state.error);
			else {
				this.counts[fate === 'move' ? 'moved' : 'retried'] += 1;
				if (fate === 'retry') slip.retries -= 1;
				job.hasBegun = false;
				this.resubmit(job);
			}
		}
		this.#checkDrainedSoon();
		return wasTold;
	}

	onGivenUp(error: PoolFailedError): void {
		this.#fail(error);
	}

	/** Closes the pool: running calls may end within `closeTimeout`, everything else rejects with PoolClosedError. */
	async close(): Promise<void> {
		this.#end(new PoolClosedError({ pool: this.plan.name, what: 'a call' }), true);
		this.#disarm();
		await this.crew.close();
		const { untold } = this.crew;
		if (untold.length === 1) throw untold[0];
		if (untold.length > 1)
			throw new AggregateError(untold, `workers of pool "${this.plan.name}" ended with errors that nobody was told of`);
	}

	/** Ends the pool for good, with an error to everyone. */
	#fail(error: unknown): void {
		if (this.#state.type === 'over') return;
		this.#end(error, false);
		this.crew.terminate();
	}

	#end(error: unknown, mayFinish: boolean): void {
		if (this.#state.type === 'over') return;
		this.#state = { type: 'over', error };
		for (const run of this.runs) run.poolEnded(error);
		for (const job of this.#queue.clear()) job.reject(error);
		for (const worker of this.crew.workers) this.#endJobs(worker, mayFinish ? this.plan.worker.concurrency : 0, error);
		this.#checkDrainedSoon();
	}

	/** Rejects the jobs of a worker but up to `running`: those that have begun, then those whose turn is next. */
	#endJobs(worker: PoolWorker, running: number, error: unknown): void {
		for (const job of inTurn(worker.jobs).slice(running)) {
			if (job.slip.state === 'over') continue;
			this.cancel(job, error);
			job.reject(error);
		}
	}

	/** False when the job has to wait. */
	#giveAway(job: Job): boolean {
		const { serving } = this.crew;
		const { items } = job.slip;
		const at = chooseWorker(serving, this.plan.worker.concurrency, items);
		if (at < 0) {
			this.crew.relieve(items);
			return false;
		}
		const worker = serving[at] as PoolWorker;
		this.#queue.shift();
		// Neither queued nor sent while its arguments are encoded: their getters may give it up.
		job.slip.state = 'new';
		if (worker.give(job)) this.crew.given(worker);
		else if (job.slip.state === 'new') this.#queue.push(job, true);
		return true;
	}

	get #isIdle(): boolean {
		const isAnyDriven = [...this.runs].some(({ isDriven }) => isDriven);
		return !isAnyDriven && this.#queue.size === 0 && this.crew.workers.every(({ inFlight }) => inFlight === 0);
	}

	/** Not at once: what has just been answered may be followed by more. */
	#checkDrainedSoon(): void {
		if (this.#drained.length > 0) queueMicrotask(() => this.#checkDrained());
	}

	#checkDrained(): void {
		if (this.#drained.length === 0 || !this.#isIdle) return;
		// After whoever awaits the last call: its promise settles after this, and has handlers.
		setImmediate(() => {
			if (this.#isIdle) for (const resolve of this.#drained.splice(0)) resolve();
		});
	}
}

/** Jobs of a worker in the order of their turns: those that have begun, then by priority, then as they were sent. */
function inTurn(jobs: Iterable<Job>): Job[] {
	return [...jobs].sort((a, b) => Number(turnOf(a) > turnOf(b)) - Number(turnOf(a) < turnOf(b)));
}

function turnOf({ hasBegun, priority }: Job): number {
	return hasBegun ? Number.NEGATIVE_INFINITY : priority;
}
