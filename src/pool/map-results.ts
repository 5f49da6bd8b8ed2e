import { FifoQueue } from '../messenger/index.ts';
import { rejectToCaller, type Settle } from '../rpc/index.ts';
import type { MapRun } from './map-run.ts';
import type { Sink } from './sink.ts';

/** The results of a map as it gives them: taken one by one, or ended early. */
export interface MapStream<R> extends AsyncIterableIterator<R, undefined, undefined>, AsyncDisposable {
	next(): Promise<IteratorResult<R, undefined>>;
	return(): Promise<IteratorResult<R, undefined>>;
	throw(error?: unknown): Promise<IteratorResult<R, undefined>>;
	[Symbol.asyncIterator](): MapStream<R>;
}

/** Takes all results, in the order of the items. */
export class ResultList implements Sink {
	readonly isOrdered = false;
	readonly isDriven = true;
	readonly promise: Promise<unknown[]>;
	readonly #results: unknown[] = [];
	#run: MapRun | undefined;
	#resolve!: (results: unknown[]) => void;
	#reject!: Settle;

	constructor() {
		const promise = new Promise<unknown[]>((resolve, reject) => {
			this.#resolve = resolve;
			this.#reject = reject;
		});
		this.promise = promise.then(undefined, rejectToCaller);
	}

	start(run: MapRun): Promise<unknown[]> {
		this.#run = run;
		run.start();
		return this.promise;
	}

	put(index: number, value: unknown): void {
		this.#results[index] = value;
		this.#run?.release(1);
	}

	end(failure?: { readonly error: unknown }): void {
		if (failure) this.#reject(failure.error);
		else this.#resolve(this.#results);
	}
}

interface Taker {
	readonly resolve: (result: IteratorResult<unknown, undefined>) => void;
	readonly reject: (error: unknown) => void;
}

const DONE: IteratorResult<never, undefined> = { value: undefined, done: true };

/** Gives results one by one, as they come or in the order of the items. Nothing is read before the first is asked for. */
export class ResultStream implements Sink, MapStream<unknown> {
	readonly isOrdered: boolean;
	readonly isDriven = false;
	readonly #ready = new FifoQueue<{ readonly value: unknown }>();
	readonly #takers = new FifoQueue<Taker>();
	/** In order: results that came before one that goes before them. */
	readonly #early = new Map<number, unknown>();
	readonly #run: MapRun;
	#next = 0;
	/** ended: the consumer is told once it has taken what is there. */
	#state: 'new' | 'open' | 'ended' | 'over' = 'new';
	#failure: { readonly error: unknown } | undefined;

	constructor(isOrdered: boolean, makeRun: (sink: Sink) => MapRun) {
		this.isOrdered = isOrdered;
		this.#run = makeRun(this);
	}

	next(): Promise<IteratorResult<unknown, undefined>> {
		if (this.#state === 'new') {
			this.#state = 'open';
			this.#run.start();
		}
		const ready = this.#ready.shift();
		if (ready) {
			this.#run.release(1);
			return Promise.resolve({ value: ready.value, done: false });
		}
		if (this.#state === 'over') return Promise.resolve(DONE);
		const told = new Promise<IteratorResult<unknown, undefined>>((resolve, reject) => this.#takers.push({ resolve, reject }));
		if (this.#state === 'ended') this.#tellEnd();
		return told.then(undefined, rejectToCaller);
	}

	async return(): Promise<IteratorResult<unknown, undefined>> {
		const wasOpen = this.#state === 'open' || this.#state === 'new';
		this.#failure = undefined;
		while (this.#ready.shift());
		this.#early.clear();
		this.#tellEnd();
		if (wasOpen) await this.#run.stop();
		return DONE;
	}

	/** Ends the map as `return()` does, then rejects with `error`. */
	async throw(error?: unknown): Promise<IteratorResult<unknown, undefined>> {
		await this.return();
		// It is the caller's, whatever it is.
		// oxlint-disable-next-line typescript/only-throw-error
		throw error;
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.return();
	}

	put(index: number, value: unknown): void {
		if (this.#state !== 'open') return;
		if (!this.isOrdered) return this.#give(value);
		if (index !== this.#next) return void this.#early.set(index, value);
		this.#give(value);
		this.#next += 1;
		while (this.#early.size > 0 && this.#early.has(this.#next)) {
			this.#give(this.#early.get(this.#next));
			this.#early.delete(this.#next);
			this.#next += 1;
		}
	}

	end(failure?: { readonly error: unknown }): void {
		if (this.#state === 'over') return;
		this.#failure = failure;
		this.#early.clear();
		this.#state = 'ended';
		if (this.#takers.size > 0) this.#tellEnd();
	}

	#give(value: unknown): void {
		const taker = this.#takers.shift();
		if (!taker) return this.#ready.push({ value });
		taker.resolve({ value, done: false });
		this.#run.release(1);
	}

	/** Tells the first taker how it ended, the others that it has. */
	#tellEnd(): void {
		this.#state = 'over';
		const failure = this.#failure;
		this.#failure = undefined;
		const first = failure && this.#takers.shift();
		first?.reject(failure?.error);
		for (let taker = this.#takers.shift(); taker; taker = this.#takers.shift()) taker.resolve(DONE);
	}
}
