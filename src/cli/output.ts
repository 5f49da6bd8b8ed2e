import type { Destination } from './destination.ts';
import { OutputClosed, reasonOf, RunError } from './usage.ts';

/** Characters that are collected before they are written. */
const BATCH = 64 * 1024;

/** Writes lines: in batches when they come fast, at once when they come slowly. */
export class Output {
	readonly #destination: Destination;
	readonly #onFailure: (error: Error) => void;
	#text = '';
	#writing: Promise<void> | undefined;
	#flushSoon: NodeJS.Immediate | undefined;
	#failure: Error | undefined;

	/** @param onFailure told at once when a write fails: with OutputClosed when nobody reads any more, else with a RunError */
	constructor(destination: Destination, onFailure: (error: Error) => void) {
		this.#destination = destination;
		this.#onFailure = onFailure;
	}

	/** Takes whole lines. Returns a promise when whoever reads is slower than this program: await it before the next. */
	put(lines: string): Promise<void> | undefined {
		if (this.#failure) throw this.#failure;
		this.#text += lines;
		if (this.#text.length < BATCH) {
			this.#flushSoon ??= setImmediate(() => this.#flush());
			return undefined;
		}
		this.#flush();
		return this.#writing;
	}

	/** Writes what is left, and completes the file if it is one. Rejects when that fails. */
	async finish(): Promise<void> {
		while (this.#text !== '' || this.#writing) {
			this.#flush();
			await this.#writing;
		}
		if (this.#failure) throw this.#failure;
		try {
			await this.#destination.finish();
		} catch (error) {
			throw this.#explain(error);
		}
	}

	/** Lets go, leaving a file as it was. What standard output can take is written first, but nobody waits for that after an abort. */
	async abandon(signal: AbortSignal): Promise<void> {
		const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
		while (!this.#failure && !signal.aborted && (this.#text !== '' || this.#writing)) {
			this.#flush();
			await Promise.race([this.#writing, aborted]);
		}
		clearImmediate(this.#flushSoon);
		await this.#destination.abandon();
	}

	#flush(): void {
		clearImmediate(this.#flushSoon);
		this.#flushSoon = undefined;
		if (this.#text === '' || this.#writing) return;
		const text = this.#text;
		this.#text = '';
		this.#writing = this.#write(text);
	}

	async #write(text: string): Promise<void> {
		try {
			await this.#destination.write(text);
			this.#writing = undefined;
			if (this.#text !== '' && !this.#flushSoon) this.#flush();
		} catch (error) {
			this.#writing = undefined;
			this.#text = '';
			this.#failure = this.#explain(error);
			this.#onFailure(this.#failure);
		}
	}

	#explain(error: unknown): Error {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return new OutputClosed();
		return new RunError(`cannot write ${this.#destination.name}: ${reasonOf(error)}`, { cause: error });
	}
}
