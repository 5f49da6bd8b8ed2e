import { RunError } from './usage.ts';

/** How far a batch of results was folded, and what stopped it, if something did. */
export interface FoldReply {
	readonly folded: number;
	readonly hasFailed: boolean;
	readonly error?: unknown;
}

/** The functions of the worker that folds, as they are called. */
export interface FoldCalls {
	fold(results: readonly unknown[]): Promise<FoldReply>;
	folded(): Promise<string>;
}

/** Results that may wait for the worker that folds. */
const MAX_WAITING = 1024;

/** Hands results to the worker that folds them, in order and one batch after the other. */
export class Fold {
	readonly #calls: FoldCalls;
	readonly #name: string;
	readonly #onFailure: (error: Error) => void;
	#waiting: unknown[] = [];
	#running: Promise<void> | undefined;
	#done = 0;
	#failure: Error | undefined;

	/** @param onFailure told at once when the fold fails */
	constructor(name: string, calls: FoldCalls, onFailure: (error: Error) => void) {
		this.#name = name;
		this.#calls = calls;
		this.#onFailure = onFailure;
	}

	/** Takes results. Returns a promise when the fold is behind: await it before the next. */
	put(results: readonly unknown[]): Promise<void> | undefined {
		if (this.#failure) throw this.#failure;
		for (const result of results) this.#waiting.push(result);
		this.#running ??= this.#run();
		return this.#waiting.length > MAX_WAITING ? this.#running : undefined;
	}

	/** Resolves to what came of it, as a line of JSON. Rejects when it failed. */
	async result(): Promise<string> {
		await this.#running;
		if (this.#failure) throw this.#failure;
		try {
			return await this.#calls.folded();
		} catch (error) {
			throw new RunError(`what --reduce ${this.#name} gave in the end cannot be printed: ${textOf(error)}`, { cause: error });
		}
	}

	async #run(): Promise<void> {
		try {
			while (this.#waiting.length > 0) await this.#next(this.#waiting.splice(0));
		} catch (error) {
			this.#failure = new RunError(`--reduce ${this.#name} failed at result ${this.#done + 1}: ${textOf(error)}`, {
				cause: error,
			});
			this.#onFailure(this.#failure);
		}
		this.#running = undefined;
	}

	async #next(batch: readonly unknown[]): Promise<void> {
		const { folded, hasFailed, error } = await this.#calls.fold(batch);
		this.#done += folded;
		// It is the user's, whatever it is.
		// oxlint-disable-next-line typescript/only-throw-error
		if (hasFailed) throw error;
	}
}

function textOf(error: unknown): string {
	return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
