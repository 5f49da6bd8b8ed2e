import { FifoQueue, type MessageQueue } from './fifo-queue.ts';

interface Entry<T> {
	readonly item: T;
	readonly priority: number;
	readonly order: number;
}

/**
 * Items given back by priority, lower numbers first, in the order they came among equals.
 *
 * A binary heap ordered by priority, then by order of arrival; memory is as much as there are items, whatever the priorities.
 * Items without a priority, which come last and are the most, wait in a plain queue beside it.
 */
export class PriorityQueue<T extends { readonly priority: number }> implements MessageQueue<T> {
	readonly #heap: Entry<T>[] = [];
	readonly #last = new FifoQueue<T>();
	#order = 0;

	get size(): number {
		return this.#heap.length + this.#last.size;
	}

	push(item: T): void {
		const { priority } = item;
		if (priority === Number.POSITIVE_INFINITY) this.#last.push(item);
		else this.#insert({ item, priority, order: this.#order++ });
	}

	peek(): T | undefined {
		return this.#heap.length > 0 ? this.#heap[0]?.item : this.#last.peek();
	}

	shift(): T | undefined {
		const heap = this.#heap;
		const first = heap[0];
		const last = heap.pop();
		if (first === undefined || last === undefined) return this.#last.shift();
		if (heap.length > 0) this.#sink(last);
		else this.#order = 0;
		return first.item;
	}

	/** Puts `entry` at the end and lets it rise to its place. */
	#insert(entry: Entry<T>): void {
		const heap = this.#heap;
		let at = heap.length;
		heap.push(entry);
		while (at > 0) {
			const parentAt = (at - 1) >> 1;
			const parent = heap[parentAt] as Entry<T>;
			if (isBefore(parent, entry)) break;
			heap[at] = parent;
			at = parentAt;
		}
		heap[at] = entry;
	}

	/** Puts `entry` where the first one was and lets it sink to its place. */
	#sink(entry: Entry<T>): void {
		const heap = this.#heap;
		let at = 0;
		for (;;) {
			let childAt = 2 * at + 1;
			if (childAt >= heap.length) break;
			const right = heap[childAt + 1];
			if (right && isBefore(right, heap[childAt] as Entry<T>)) childAt += 1;
			const child = heap[childAt] as Entry<T>;
			if (isBefore(entry, child)) break;
			heap[at] = child;
			at = childAt;
		}
		heap[at] = entry;
	}
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
	return a.priority < b.priority || (a.priority === b.priority && a.order < b.order);
}
