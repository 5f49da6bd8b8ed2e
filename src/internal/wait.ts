import { InvalidArgumentError, TimeoutError } from '../errors/index.ts';

/** How long to wait. `timeout: 0` gives up at once when there is nothing; an abort rejects with the signal's reason. */
export interface WaitOptions {
	/** Milliseconds to wait at the most; no limit by default. */
	timeout?: number;
	/** Ends the wait: the call rejects with `signal.reason`. */
	signal?: AbortSignal;
}

/** Longest delay of a Node timer, in milliseconds; a longer one would fire at once. */
const MAX_TIMER = 2 ** 31 - 1;

/** Someone who waits, with the promise that ends it. Whoever ends it first wins; timers and listeners go with it. */
export class Waiter<T> {
	readonly promise: Promise<T>;
	/** True once the wait has ended, however it did. */
	isDone = false;
	#resolve!: (value: T) => void;
	#reject!: (error: unknown) => void;
	#tidy: (() => void) | undefined;

	/**
	 * @param what names the call in a TimeoutError
	 * @param onGivenUp called when timeout or signal end the wait
	 */
	constructor(what: string, options?: WaitOptions, onGivenUp?: () => void) {
		this.promise = new Promise<T>((resolve, reject) => {
			this.#resolve = resolve;
			this.#reject = reject;
		});
		if (options !== undefined) this.#arm(what, options, onGivenUp);
	}

	/** Ends the wait with a value. False when it had ended already: the value is still the caller's. */
	resolve(value: T): boolean {
		if (!this.#end()) return false;
		this.#resolve(value);
		return true;
	}

	/** Ends the wait with an error. False when it had ended already. */
	reject(error: unknown): boolean {
		if (!this.#end()) return false;
		this.#reject(error);
		return true;
	}

	#end(): boolean {
		if (this.isDone) return false;
		this.isDone = true;
		this.#tidy?.();
		return true;
	}

	#arm(what: string, options: WaitOptions, onGivenUp: (() => void) | undefined): void {
		const { timeout, signal } = options;
		const giveUp = (error: unknown): void => {
			if (this.reject(error)) onGivenUp?.();
		};
		const onAbort = (): void => giveUp(signal?.reason);
		if (signal?.aborted) return onAbort();
		const onTimeout = (): void => giveUp(new TimeoutError({ what, timeout: timeout ?? 0 }));
		if (timeout !== undefined && timeout <= 0) return onTimeout();
		const timer = timeout === undefined || timeout > MAX_TIMER ? undefined : setTimeout(onTimeout, timeout);
		signal?.addEventListener('abort', onAbort, { once: true });
		this.#tidy = () => {
			clearTimeout(timer);
			signal?.removeEventListener('abort', onAbort);
		};
	}
}

/** Refuses wait options that mean nothing, before anything is done on their behalf. */
export function checkWaitOptions(method: string, options: WaitOptions | undefined): void {
	const timeout = options?.timeout;
	if (timeout !== undefined && !(typeof timeout === 'number' && timeout >= 0)) {
		throw new InvalidArgumentError(
			`${method}() was refused: \`timeout\` must be a number of milliseconds, 0 or more, not ${String(timeout)}`,
		);
	}
}
