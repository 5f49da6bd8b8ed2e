import {
	CHUNK_FUNCTION,
	type ChunkArguments,
	type ChunkReply,
	findAnswerable,
	type InlineFunction,
	isThenable,
	type Repair,
	type ServedFunction,
} from '../rpc/index.ts';
import { loadInlineFunction } from './load-target.ts';

type Run = ServedFunction['run'];

/** Shipped functions that are kept; the one used longest ago goes first, and is shipped again when it is needed. */
const KEPT_FUNCTIONS = 256;
/** Time between two looks for an abort, in milliseconds. */
const LOOK_MS = 0.5;

/** The function that runs the others, or a shipped one, over several items in one call. */
export function chunkFunction(functions: readonly ServedFunction[]): ServedFunction {
	const served = functions.slice();
	const shipped = new Map<number, Run>();
	const find = (fn: number, inline: InlineFunction | undefined): Run | undefined => {
		if (fn >= 0) return served[fn]?.run;
		const run = shipped.get(fn) ?? (inline && loadInlineFunction(inline).run);
		if (!run) return undefined;
		shipped.delete(fn);
		shipped.set(fn, run);
		if (shipped.size > KEPT_FUNCTIONS) shipped.delete(shipped.keys().next().value as number);
		return run;
	};
	const run = (...args: unknown[]): unknown => {
		const [fn, inline, items, budgetMs, keepsGoing] = args as unknown as ChunkArguments;
		const found = find(fn, inline);
		return found && new Chunk(found, items, budgetMs, keepsGoing).run();
	};
	return { name: CHUNK_FUNCTION, streams: false, run, mend, isQuick: false };
}

/** One chunk under way: items one after the other, until all are done, one fails, time is up, or nobody wants the rest. */
class Chunk {
	readonly #fn: Run;
	readonly #items: readonly unknown[];
	readonly #keepsGoing: boolean;
	readonly #begun = performance.now();
	readonly #end: number;
	readonly #call = findAnswerable();
	readonly #values: unknown[] = [];
	readonly #failures: [number, unknown][] = [];
	#lookedAt = this.#begun;
	#isStopped = false;

	constructor(fn: Run, items: readonly unknown[], budgetMs: number, keepsGoing: boolean) {
		this.#fn = fn;
		this.#items = items;
		this.#keepsGoing = keepsGoing;
		this.#end = this.#begun + budgetMs;
	}

	run(): ChunkReply | Promise<ChunkReply> {
		while (this.#hasNext) {
			try {
				const result = runItem(this.#fn, this.#items[this.#values.length]);
				if (isThenable(result)) return this.#runAwaiting(result);
				this.#values.push(result);
			} catch (error) {
				this.#fail(error);
			}
		}
		return this.#reply;
	}

	async #runAwaiting(first: PromiseLike<unknown>): Promise<ChunkReply> {
		let result: unknown = first;
		for (;;) {
			try {
				this.#values.push(await result);
			} catch (error) {
				this.#fail(error);
			}
			if (!this.#hasNext) return this.#reply;
			try {
				result = runItem(this.#fn, this.#items[this.#values.length]);
			} catch (error) {
				result = Promise.reject(error);
			}
		}
	}

	get #reply(): ChunkReply {
		return { values: this.#values, failures: this.#failures, ms: performance.now() - this.#begun };
	}

	get #hasNext(): boolean {
		const done = this.#values.length;
		if (this.#isStopped || done === this.#items.length) return false;
		if (done === 0) return true;
		const now = performance.now();
		if (now >= this.#end) return false;
		if (now - this.#lookedAt < LOOK_MS) return true;
		this.#lookedAt = now;
		return !this.#call?.face.aborted;
	}

	#fail(error: unknown): void {
		this.#failures.push([this.#values.length, error]);
		this.#values.push(undefined);
		this.#isStopped = !this.#keepsGoing;
	}
}

/** A frame of its own: in the stack of an error, what is below it is none of the caller's business. */
function runItem(fn: Run, item: unknown): unknown {
	return fn(item);
}

/** A value that cannot be sent fails its item, and only that; of an error, what can be sent is. */
function mend(result: unknown, repair: Repair): ChunkReply {
	const { values, failures, ms } = result as ChunkReply;
	const sendable = failures.map(([index, error]) => [index, repair.refusal(error) ? repair.portable(error) : error] as const);
	const refused = values.flatMap((value, index) => {
		const refusal = repair.refusal(value);
		return refusal === undefined ? [] : [[index, refusal] as const];
	});
	for (const [index] of refused) values[index] = undefined;
	return { values, failures: [...sendable, ...refused].sort(([a], [b]) => a - b), ms };
}
