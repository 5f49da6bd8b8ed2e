import { armGiveUp, type CallOptions, type ChunkReply, PendingCall, relabel, RemoteFailure } from '../rpc/index.ts';
import { CHUNK_BUDGET_MS } from './dispatch.ts';
import { type Job, Slip } from './job.ts';
import type { Mapper } from './mapper.ts';
import type { PoolCore } from './pool-core.ts';
import type { PoolWorker } from './pool-worker.ts';

/** What chunks of one map share. */
export interface ChunkOwner {
	readonly core: PoolCore;
	readonly mapper: Mapper;
	readonly priority: number;
	readonly retry: number;
	/** Milliseconds that one item may run; undefined for no limit. */
	readonly timeout: number | undefined;
	/** True to cut short a chunk that takes long. */
	readonly isAuto: boolean;
	/** True to go on after an item that fails. */
	readonly keepsGoing: boolean;
	/** Results have come; `rest` are items that were not run. */
	onReply(job: ChunkJob, reply: ChunkReply): void;
	/** All items of the job have failed, with this. */
	onFailed(job: ChunkJob, error: unknown): void;
	/** It cannot be sent as one: other jobs take its items. */
	onSplit(job: ChunkJob): void;
}

/** Some items of a map that travel in one call. */
export class ChunkJob extends PendingCall implements Job {
	readonly slip: Slip;
	readonly priority: number;
	readonly isCounted = false;
	readonly canBeSentAgain = true;
	/** Place of the first item in the input. */
	readonly start: number;
	readonly items: readonly unknown[];
	readonly #owner: ChunkOwner;
	/** Lets go of the timer. */
	#disarm: () => void = () => {};

	constructor(owner: ChunkOwner, start: number, items: readonly unknown[]) {
		super(owner.mapper.method);
		this.#owner = owner;
		this.start = start;
		this.items = items;
		this.priority = owner.priority;
		this.slip = new Slip(owner.mapper.pace, owner.retry, items.length);
	}

	argsFor(worker: PoolWorker): readonly unknown[] {
		const { mapper, isAuto, keepsGoing } = this.#owner;
		const { number, inline } = mapper;
		const isKnown = inline === undefined || worker.known.has(number);
		if (!isKnown) worker.known.add(number);
		return [number, isKnown ? undefined : inline, this.items, isAuto ? CHUNK_BUDGET_MS : Number.POSITIVE_INFINITY, keepsGoing];
	}

	terms(): CallOptions<never> | undefined {
		return this.priority === Number.POSITIVE_INFINITY ? undefined : { priority: this.priority };
	}

	override begun(): void {
		super.begun();
		const { core, timeout } = this.#owner;
		core.waitLatency.record(performance.now() - this.slip.queuedAt);
		if (timeout === undefined || this.slip.state !== 'sent') return;
		this.#disarm = armGiveUp(`call of ${this.method.name}()`, { timeout }, (error) => this.#tooLong(error));
	}

	succeed(value: unknown): void {
		const isWanted = this.#settled();
		if (!isWanted) return;
		const { core, mapper } = this.#owner;
		if (value === undefined) {
			// The worker has let go of the function, or its source travels more slowly than this call.
			this.slip.worker?.known.delete(mapper.number);
			this.hasBegun = false;
			return core.resubmit(this);
		}
		const reply = value as ChunkReply;
		const done = reply.values.length;
		if (done > 0) mapper.pace.measured(reply.ms, done);
		mapper.pace.bytes = this.bytes / this.items.length;
		core.runLatency.record(reply.ms);
		core.counts.completed += done - reply.failures.length;
		core.counts.failed += reply.failures.length;
		this.#owner.onReply(this, reply);
	}

	fail(error: unknown): void {
		this.#disarm();
		if (this.slip.worker?.lost(this) || !this.#settled()) return;
		this.#owner.core.counts.failed += this.items.length;
		this.#owner.onFailed(this, error);
	}

	refuse(error: unknown): void {
		if (this.items.length > 1) {
			this.slip.state = 'over';
			this.#owner.onSplit(this);
		} else this.reject(relabel(error, `items[${this.start}]`, 'arguments[2][0]'));
	}

	reject(error: unknown): void {
		if (this.slip.state === 'over') return;
		this.slip.state = 'over';
		this.#owner.onFailed(this, error);
	}

	/** Nobody wants its results any more. */
	giveUp(reason: unknown): void {
		this.#disarm();
		if (this.slip.state !== 'over') this.#owner.core.cancel(this, reason);
	}

	/** Gives an error of the function's that caller to whom it happened. */
	failureOf(error: unknown): RemoteFailure {
		return new RemoteFailure(error, this.method.name, this.slip.worker?.name ?? '');
	}

	#tooLong(error: unknown): void {
		if (this.slip.state !== 'sent') return;
		this.giveUp(error);
		this.#owner.onFailed(this, error);
	}

	/** True when somebody waits for it. */
	#settled(): boolean {
		const isWanted = this.slip.state === 'sent';
		this.#disarm();
		this.slip.worker?.settled(this);
		return isWanted;
	}
}
