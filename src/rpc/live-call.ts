/** A call as the function that answers it sees it: what `currentCall()` gives. */
export interface CurrentCall {
	/** Name of the function that was called. */
	readonly name: string;
	/**
	 * Aborts when nobody wants the result any more: by an abort or a timeout of the caller, or because the consumer of a stream
	 * is done with it. Its listeners run when this thread's event loop, or this property or `aborted`, next looks.
	 */
	readonly signal: AbortSignal;
	/** True when nobody wants the result any more. Reading it takes in what has arrived, so a loop that never yields may ask. */
	readonly aborted: boolean;
	/** When the caller's timeout ends, as `Date.now()` counts; undefined without one. */
	readonly deadline: number | undefined;
	/** Throws the caller's reason when nobody wants the result any more. */
	throwIfAborted(): void;
	/**
	 * Hands a value to the caller's `onProgress`, in order with the result; without one, nothing is sent. Returns false when more
	 * than `highWaterMark` bytes wait on this side: the caller is slower than this function. After the result, nothing is sent.
	 *
	 * @throws DataCloneError for a value that cannot be sent, QueueFullError when more than `maxQueuedBytes` would wait
	 */
	progress(value: unknown): boolean;
}

/** What a {@link LiveCall} shows. */
export interface LiveCallSource {
	readonly name: string;
	readonly signal: AbortSignal;
	readonly deadline: number | undefined;
	/** Why nobody wants the result, if so; takes in what has arrived. */
	abortReason(): { readonly reason: unknown } | undefined;
	progress(value: unknown): boolean;
}

/** The face of a call, without its inside. */
export class LiveCall implements CurrentCall {
	readonly #source: LiveCallSource;

	constructor(source: LiveCallSource) {
		this.#source = source;
	}

	get name(): string {
		return this.#source.name;
	}

	get signal(): AbortSignal {
		return this.#source.signal;
	}

	get aborted(): boolean {
		return this.#source.abortReason() !== undefined;
	}

	get deadline(): number | undefined {
		return this.#source.deadline;
	}

	throwIfAborted(): void {
		const abort = this.#source.abortReason();
		if (abort) throw abort.reason;
	}

	progress(value: unknown): boolean {
		return this.#source.progress(value);
	}
}
