import {
	armGiveUp,
	type CallOptions,
	givenUpBefore,
	PendingCall,
	ProgressListener,
	type RemoteMethod,
	type Settle,
} from '../rpc/index.ts';
import { type Job, Slip } from './job.ts';
import type { PoolCore } from './pool-core.ts';

/** What a {@link CallJob} is made of. */
export interface CallOrder {
	readonly core: PoolCore;
	readonly method: RemoteMethod;
	readonly args: readonly unknown[];
	readonly options: CallOptions<never> | undefined;
}

/** A call that gives one result, from being made to being settled, whichever worker runs it. */
export class CallJob extends PendingCall implements Job {
	readonly slip: Slip;
	readonly priority: number;
	readonly isCounted = true;
	readonly canBeSentAgain: boolean;
	readonly #core: PoolCore;
	readonly #args: readonly unknown[];
	readonly #options: CallOptions<never> | undefined;
	readonly #resolve: Settle;
	readonly #reject: Settle;
	#listener: ProgressListener | undefined;
	#disarm: (() => void) | undefined;
	#deadline = 0;

	constructor({ core, method, args, options }: CallOrder, resolve: Settle, reject: Settle) {
		super(method);
		this.#core = core;
		this.#args = args;
		this.#options = options;
		this.#resolve = resolve;
		this.#reject = reject;
		this.priority = options?.priority ?? Number.POSITIVE_INFINITY;
		this.canBeSentAgain = !options?.transfer?.length;
		this.slip = new Slip(core.paceOf(method), core.plan.map.retry ?? 0);
	}

	/** Hands it in; it settles with the error if that fails. */
	start(): void {
		const options = this.#options;
		try {
			if (options) this.#arm(options);
			this.#core.submit(this);
		} catch (error) {
			this.reject(error);
		}
	}

	argsFor(): readonly unknown[] {
		return this.#args;
	}

	terms(): CallOptions<never> | undefined {
		const options = this.#options;
		if (options?.timeout === undefined) return options;
		return { ...options, timeout: Math.max(0, this.#deadline - performance.now()) };
	}

	override begun(): void {
		super.begun();
		this.#core.waitLatency.record(performance.now() - this.slip.queuedAt);
		this.#options?.onBegun?.();
	}

	override progress(value: unknown): void {
		queueMicrotask(() => this.#listener?.tell(value));
	}

	succeed(value: unknown): void {
		this.#settled(true, value);
	}

	fail(error: unknown): void {
		if (!this.slip.worker?.lost(this)) this.#settled(false, error);
	}

	refuse(error: unknown): void {
		this.reject(error);
	}

	reject(error: unknown): void {
		this.#disarm?.();
		if (this.slip.state !== 'over') this.#core.counts.failed += 1;
		this.slip.state = 'over';
		this.#reject(error);
	}

	#arm(options: CallOptions<never>): void {
		const what = `call of ${this.method.name}()`;
		const before = givenUpBefore(what, options);
		if (before) throw before.reason;
		const { timeout, signal, onProgress } = options;
		this.#deadline = performance.now() + (timeout ?? 0);
		if (onProgress) this.#listener = new ProgressListener(onProgress, (error) => this.#giveUp(error));
		if (timeout !== undefined || signal) this.#disarm = armGiveUp(what, options, (reason) => this.#giveUp(reason));
	}

	/** Rejects at once; its worker is told, or it never gets to one. */
	#giveUp(reason: unknown): void {
		this.#disarm?.();
		this.#listener = undefined;
		this.#reject(reason);
		if (this.slip.state !== 'over') this.#core.cancel(this, reason);
	}

	/** Where somebody listens to progress, the end waits behind it: then it can still turn out to be an error of the listener. */
	#settled(isSuccess: boolean, outcome: unknown): void {
		const { slip } = this;
		const isWanted = slip.state === 'sent';
		const ms = slip.worker?.settled(this) ?? 0;
		if (!isWanted) return;
		this.#disarm?.();
		slip.pace.measured(ms);
		this.#core.runLatency.record(ms);
		this.#core.counts[isSuccess ? 'completed' : 'failed'] += 1;
		const settle = isSuccess ? this.#resolve : this.#reject;
		if (this.#listener) queueMicrotask(() => settle(outcome));
		else settle(outcome);
	}
}
