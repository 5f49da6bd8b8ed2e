import type { CallOptions } from './call-options.ts';
import { ProgressListener } from './progress-listener.ts';

/** A function of a worker, as the host knows it. */
export interface RemoteMethod {
	readonly name: string;
	/** Its number in the worker that is alive now; -1 when that one has no such function. */
	number: number;
	/** True when a call gives a stream. */
	streams: boolean;
}

/** A call that was sent and not answered: what the client's table holds. */
export abstract class PendingCall {
	readonly method: RemoteMethod;
	/** Its number; -1 before it was sent, and again once it was answered. */
	id = -1;
	/** What it counts against the limit, in bytes. */
	bytes = 0;
	/** True once the worker has said that it begins, which it does of calls that can be cancelled. */
	hasBegun = false;
	/** True once the worker was told that nobody wants the result. */
	isCancelled = false;
	/** Ends the worker if a cancelled call goes on. */
	graceTimer: NodeJS.Timeout | undefined;

	constructor(method: RemoteMethod) {
		this.method = method;
	}

	/** Takes the result; nothing when the call was dropped. */
	abstract succeed(value: unknown): void;
	/** Takes the error, as a RemoteFailure if it is the worker's. */
	abstract fail(error: unknown): void;
	/** Notes that the worker begins. */
	begun(): void {
		this.hasBegun = true;
	}
	/** Takes the next item of a stream, and its size in bytes. */
	item(_value: unknown, _bytes: number): void {}
	/** Takes progress. */
	progress(_value: unknown): void {}
}

/** What a call that can be given up needs of the client. */
export interface CallKeeper {
	/** Tells the worker that nobody wants the result; one that has begun must end within the grace. */
	cancel(call: PendingCall, reason: unknown): void;
	/** Runs `delivery` soon, where user code may run, after those before it. */
	deliver(delivery: () => void): void;
}

/** Settles a promise. */
export type Settle = (value: unknown) => void;

/** A call without options: nothing but its promise. */
export class PlainCall extends PendingCall {
	readonly #resolve: Settle;
	readonly #reject: Settle;

	constructor(method: RemoteMethod, resolve: Settle, reject: Settle) {
		super(method);
		this.#resolve = resolve;
		this.#reject = reject;
	}

	succeed(value: unknown): void {
		this.#resolve(value);
	}

	fail(error: unknown): void {
		this.#reject(error);
	}
}

/** A call with options: it can be given up, and may report progress. */
export class WatchedCall extends PlainCall {
	readonly #keeper: CallKeeper;
	readonly #options: CallOptions<never>;
	readonly #listener: ProgressListener | undefined;
	/** Lets go of timer and signal. */
	disarm: () => void = () => {};

	constructor(method: RemoteMethod, resolve: Settle, reject: Settle, keeper: CallKeeper, options: CallOptions<never>) {
		super(method, resolve, reject);
		this.#keeper = keeper;
		this.#options = options;
		this.#listener = options.onProgress && new ProgressListener(options.onProgress, (error) => this.giveUp(error));
	}

	override succeed(value: unknown): void {
		this.#end(() => super.succeed(value));
	}

	override fail(error: unknown): void {
		this.#end(() => super.fail(error));
	}

	override progress(value: unknown): void {
		if (!this.#listener) return;
		this.#keeper.deliver(() => {
			if (!this.isCancelled) this.#listener?.tell(value);
		});
	}

	override begun(): void {
		super.begun();
		this.#options.onBegun?.();
	}

	/** Rejects at once, and tells the worker. */
	giveUp(reason: unknown): void {
		if (this.isCancelled) return;
		this.disarm();
		super.fail(reason);
		this.#keeper.cancel(this, reason);
	}

	/** Where somebody listens to progress, the end waits behind it: then it can still turn out to be an error of the listener. */
	#end(settle: () => void): void {
		this.disarm();
		if (this.#listener) this.#keeper.deliver(settle);
		else settle();
	}
}
