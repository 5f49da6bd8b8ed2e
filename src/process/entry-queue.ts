/** From how many taken items on the front is cut off. */
const CUT_AT = 1024;

/** A FIFO queue from whose middle an item can be taken. Shifting is O(1) amortised, taking from the middle O(n). */
export class EntryQueue<T> {
	#items: (T | undefined)[] = [];
	#at = 0;

	get size(): number {
		return this.#items.length - this.#at;
	}

	push(item: T): void {
		this.#items.push(item);
	}

	shift(): T | undefined {
		if (this.#at === this.#items.length) return undefined;
		const item = this.#items[this.#at];
		this.#items[this.#at] = undefined;
		this.#at += 1;
		if (this.#at === this.#items.length) this.clear();
		else if (this.#at >= CUT_AT && this.#at * 2 >= this.#items.length) {
			this.#items = this.#items.slice(this.#at);
			this.#at = 0;
		}
		return item;
	}

	/** Takes the first item that `isWanted` is true of, unless `isBarrier` is true of one before it: then that one, which stays. */
	take(
		isWanted: (item: T) => boolean,
		isBarrier: (item: T) => boolean,
	): { readonly taken: T } | { readonly barrier: T } | undefined {
		for (let index = this.#at; index < this.#items.length; index += 1) {
			const item = this.#items[index] as T;
			if (isWanted(item)) {
				if (index === this.#at) this.shift();
				else this.#items.splice(index, 1);
				return { taken: item };
			}
			if (isBarrier(item)) return { barrier: item };
		}
		return undefined;
	}

	clear(): void {
		this.#items = [];
		this.#at = 0;
	}
}
