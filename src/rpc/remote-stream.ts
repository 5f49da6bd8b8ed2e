import type { StreamCall } from './stream-call.ts';

/**
 * The items of a function that streams, as `for await` takes them. The call is made when the first item is asked for, and the
 * worker is never more ahead of the consumer than 32 items, or 256 KiB and one item.
 *
 * Ending early (`break`, `return()`, disposal) finalises the generator in the worker, and waits for that. An error of the
 * generator rejects the `next()` after the last item; the death of the worker does so too, with WorkerExitedError.
 */
export interface RemoteStream<Y, R = void> extends AsyncIterableIterator<Y, R, undefined>, AsyncDisposable {
	next(): Promise<IteratorResult<Y, R>>;
	return(value?: R): Promise<IteratorResult<Y, R>>;
	throw(error?: unknown): Promise<IteratorResult<Y, R>>;
	[Symbol.asyncIterator](): RemoteStream<Y, R>;
}

/** The face of a stream, without its inside. */
export class CallStream implements RemoteStream<unknown, unknown> {
	readonly #call: StreamCall;

	constructor(call: StreamCall) {
		this.#call = call;
	}

	next(): Promise<IteratorResult<unknown, unknown>> {
		return this.#call.next();
	}

	return(value?: unknown): Promise<IteratorResult<unknown, unknown>> {
		return this.#call.close(value);
	}

	/** Ends the stream as `return()` does, then rejects with `error`. */
	async throw(error?: unknown): Promise<IteratorResult<unknown, unknown>> {
		await this.#call.close(undefined);
		// It is the caller's, whatever it is.
		// oxlint-disable-next-line typescript/only-throw-error
		throw error;
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#call.close(undefined);
	}
}
