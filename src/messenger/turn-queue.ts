import { FifoQueue } from './fifo-queue.ts';

/**
 * A FIFO queue whose items may lose interest before their turn: those are skipped, and soon let go of.
 *
 * Memory is as much as twice the items that still wait: whoever makes an item lose interest says so by {@link withdrawn}.
 */
export class TurnQueue<T> {
	readonly #isOut: (item: T) => boolean;
	#items = new FifoQueue<T>();
	#out = 0;

	/** @param isOut tells whether an item has lost interest; one that has never regains it */
	constructor(isOut: (item: T) => boolean) {
		this.#isOut = isOut;
	}

	push(item: T): void {
		this.#items.push(item);
	}

	/** The next item that still waits. */
	peek(): T | undefined {
		for (let item = this.#items.peek(); item !== undefined && this.#isOut(item); item = this.#items.peek()) {
			this.#items.shift();
			this.#out -= 1;
		}
		return this.#items.peek();
	}

	/** Takes the next item that still waits. */
	shift(): T | undefined {
		if (this.peek() === undefined) return undefined;
		return this.#items.shift();
	}

	/** Says that one item in the queue has lost interest. */
	withdrawn(): void {
		this.#out += 1;
		// Lets go of those in front, which are most.
		this.peek();
		if (this.#out * 2 <= this.#items.size) return;
		const items = new FifoQueue<T>();
		for (let item = this.shift(); item !== undefined; item = this.shift()) items.push(item);
		this.#items = items;
		this.#out = 0;
	}

	/** Items that are held, those among them that have lost interest and were not let go of yet included. */
	get held(): number {
		return this.#items.size;
	}
}
