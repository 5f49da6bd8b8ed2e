import { AsyncResource } from 'node:async_hooks';

/** A caller's `onProgress`, called in the caller's context: that of whoever made the call. */
export class ProgressListener {
	readonly #context = new AsyncResource('coproc.call');
	readonly #onProgress: (value: unknown) => void;
	readonly #onError: (error: unknown) => void;

	/** @param onError takes what `onProgress` throws */
	constructor(onProgress: (value: never) => void, onError: (error: unknown) => void) {
		this.#onProgress = onProgress as (value: unknown) => void;
		this.#onError = onError;
	}

	tell(value: unknown): void {
		try {
			this.#context.runInAsyncScope(this.#onProgress, undefined, value);
		} catch (error) {
			this.#onError(error);
		}
	}
}
