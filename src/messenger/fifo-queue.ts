/** What a channel keeps its messages in. */
export interface MessageQueue<T> {
	readonly size: number;
	push(item: T): void;
	shift(): T | undefined;
	peek(): T | undefined;
}

/** Items given back in the order they came. Shifting is O(1) amortised: the front is cut off when half of it is used up. */
export class FifoQueue<T> implements MessageQueue<T> {
	#items: (T | undefined)[] = [];
	#at = 0;

	get size(): number {
		return this.#items.length - this.#at;
	}

	push(item: T): void {
		this.#items.push(item);
	}

	peek(): T | undefined {
		return this.#items[this.#at];
	}

	shift(): T | undefined {
		const item = this.#items[this.#at];
		if (this.#at === this.#items.length) return undefined;
		this.#items[this.#at] = undefined;
		this.#at += 1;
		if (this.#at === this.#items.length) {
			this.#items = [];
			this.#at = 0;
		} else if (this.#at >= 1024 && this.#at * 2 >= this.#items.length) {
			this.#items = this.#items.slice(this.#at);
			this.#at = 0;
		}
		return item;
	}
}
