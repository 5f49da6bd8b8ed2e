import {
	armGiveUp,
	type CallOptions,
	givenUpBefore,
	type PendingCall,
	type RemoteMethod,
	StreamCall,
	type StreamKeeper,
} from '../rpc/index.ts';
import { type Job, Slip } from './job.ts';
import type { PoolCore } from './pool-core.ts';

/** What a stream is asked for. */
export interface StreamOrder {
	readonly args: readonly unknown[];
	readonly options: CallOptions<never> | undefined;
	/** What is wrong with the arguments: that is what the first item is. */
	readonly problem: Error | undefined;
}

/** A call that gives a stream: it waits for a worker when its first item is asked for, and has a place there until it ends. */
export class StreamJob extends StreamCall implements Job {
	readonly slip: Slip;
	readonly priority: number;
	readonly isCounted = true;
	readonly canBeSentAgain: boolean;
	readonly #core: PoolCore;
	readonly #order: StreamOrder;
	#deadline = 0;

	constructor(core: PoolCore, method: RemoteMethod, order: StreamOrder) {
		super(method, new Desk(core, () => this.#open()), order.options);
		this.#core = core;
		this.#order = order;
		this.priority = order.options?.priority ?? Number.POSITIVE_INFINITY;
		this.canBeSentAgain = !order.options?.transfer?.length;
		// What a stream gave is with its consumer: it is never run again.
		this.slip = new Slip(core.paceOf(method), 0);
	}

	argsFor(): readonly unknown[] {
		return this.#order.args;
	}

	terms(): CallOptions<never> | undefined {
		const { options } = this.#order;
		if (options?.timeout === undefined) return options;
		return { ...options, timeout: Math.max(0, this.#deadline - performance.now()) };
	}

	override begun(): void {
		super.begun();
		this.#core.waitLatency.record(performance.now() - this.slip.queuedAt);
	}

	override succeed(value: unknown): void {
		this.#settled('completed');
		super.succeed(value);
	}

	override fail(error: unknown): void {
		if (this.slip.worker?.lost(this)) return;
		this.#settled('failed');
		super.fail(error);
	}

	refuse(error: unknown): void {
		this.reject(error);
	}

	reject(error: unknown): void {
		if (this.slip.state !== 'over') this.#core.counts.failed += 1;
		this.slip.state = 'over';
		super.fail(error);
	}

	#open(): void {
		const { options = {}, problem } = this.#order;
		if (problem) throw problem;
		const what = `call of ${this.method.name}()`;
		const before = givenUpBefore(what, options);
		if (before) throw before.reason;
		this.#deadline = performance.now() + (options.timeout ?? 0);
		this.#core.submit(this);
		this.disarm = armGiveUp(what, options, (reason) => this.giveUp(reason));
	}

	#settled(how: 'completed' | 'failed'): void {
		const { slip } = this;
		const isWanted = slip.state === 'sent';
		const ms = slip.worker?.settled(this) ?? 0;
		if (!isWanted) return;
		this.#core.runLatency.record(ms);
		this.#core.counts[how] += 1;
	}
}

/** What a stream needs of its client, whichever that will be. */
class Desk implements StreamKeeper {
	readonly #core: PoolCore;
	readonly #open: () => void;

	constructor(core: PoolCore, open: () => void) {
		this.#core = core;
		this.#open = open;
	}

	open(): void {
		this.#open();
	}

	taken(call: StreamCall, items: number): void {
		if (call instanceof StreamJob) call.slip.worker?.client.taken(call, items);
	}

	cancel(call: PendingCall, reason: unknown): void {
		if (call instanceof StreamJob) this.#core.cancel(call, reason);
	}

	deliver(delivery: () => void): void {
		queueMicrotask(delivery);
	}

	/** Casualties of a worker are told by the pool. */
	told(): void {}
}
