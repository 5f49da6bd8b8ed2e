import { InvalidArgumentError } from '../errors/index.ts';

/** What a map runs over. */
export type Items<T> = Iterable<T> | AsyncIterable<T>;

/**
 * The input of a map: read on demand, one item at a time, and told when no more is wanted.
 *
 * What an input throws ends it; its `return` is called if it has one, unless it ended by itself.
 */
export class ItemSource {
	/** How many items there are; undefined if only reading them tells. */
	readonly total: number | undefined;
	readonly #sync: Iterator<unknown> | undefined;
	readonly #async: AsyncIterator<unknown> | undefined;
	/** True once the iterator has ended, so that it need not be closed. */
	#isDone = false;
	/** What it threw when items had been read in the same go: thrown by the next. */
	#late: { readonly error: unknown } | undefined;
	/** An async input is being asked for an item. */
	#asked: Promise<unknown> | undefined;

	constructor(method: string, items: unknown) {
		if (has(items, Symbol.asyncIterator)) this.#async = (items as AsyncIterable<unknown>)[Symbol.asyncIterator]();
		else if (has(items, Symbol.iterator)) this.#sync = (items as Iterable<unknown>)[Symbol.iterator]();
		else
			throw new InvalidArgumentError(
				`${method}() was refused: its items must be an iterable or an async iterable, not ${kindOf(items)}`,
			);
		this.total = sizeOf(items);
	}

	get isAsync(): boolean {
		return this.#async !== undefined;
	}

	/** True once there is nothing to read any more. */
	get isOver(): boolean {
		return this.#isDone && !this.#late;
	}

	/** Reads up to `count` items of an input that is not async. Throws what it throws, after the items before that. */
	read(count: number): unknown[] {
		const items: unknown[] = [];
		const iterator = this.#sync as Iterator<unknown>;
		while (items.length < count && !this.#isDone) {
			try {
				const step = iterator.next();
				if (step.done) this.#isDone = true;
				else items.push(step.value);
			} catch (error) {
				this.#isDone = true;
				this.#late = { error };
			}
		}
		const late = this.#late;
		if (!late || items.length > 0) return items;
		this.#late = undefined;
		throw late.error;
	}

	/** Reads one item of an async input; undefined at the end. Rejects with what it throws. */
	async readNext(): Promise<{ readonly value: unknown } | undefined> {
		if (this.#isDone) return undefined;
		const asked = Promise.resolve((this.#async as AsyncIterator<unknown>).next());
		this.#asked = asked.catch(() => {});
		try {
			const step = await asked;
			if (!step.done) return { value: step.value };
			this.#isDone = true;
			return undefined;
		} catch (error) {
			this.#isDone = true;
			throw error;
		} finally {
			this.#asked = undefined;
		}
	}

	/** Ends an input that has more: calls its `return`. Rejects with what that throws. */
	async close(): Promise<void> {
		this.#late = undefined;
		if (this.#isDone) return;
		this.#isDone = true;
		if (this.#sync) return void this.#sync.return?.();
		const iterator = this.#async as AsyncIterator<unknown>;
		// A generator that waits for its own next item takes the return after that, maybe never: nobody waits for it then.
		const closed = Promise.resolve(iterator.return?.());
		if (this.#asked) closed.catch(() => {});
		else await closed;
	}
}

function has(items: unknown, method: symbol): boolean {
	return typeof (items as Record<symbol, unknown> | null | undefined)?.[method] === 'function';
}

function sizeOf(items: unknown): number | undefined {
	if (Array.isArray(items)) return items.length;
	if (ArrayBuffer.isView(items)) return (items as Uint8Array).length;
	return items instanceof Set || items instanceof Map ? items.size : undefined;
}

function kindOf(value: unknown): string {
	return value === null ? 'null' : `a value of type ${typeof value}`;
}
