import type { MessageQueue } from './fifo-queue.ts';

interface Entry<T> {
	readonly item: T;
	readonly priority: number;
	readonly order: number;
}

/**
 * Items given back by priority, lower numbers first, in the order they came among equals.
 *
 * A binary heap ordered by priority, then by order of arrival; memory is as much as there are items, whatever the priorities.
 */
export class PriorityQueue<T extends { readonly priority: number }> implements MessageQueue<T> {
	readonly #heap: Entry<T>[] = [];
	#order = 0;

	get size(): number {
		return this.#heap.length;
	}

	push(item: T): void {
		const heap = this.#heap;
		const entry: Entry<T> = { item, priority: item.priority, order: this.#order };
		this.#order += 1;
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

	peek(): T | undefined {
		return this.#heap[0]?.item;
	}

	shift(): T | undefined {
		const heap = this.#heap;
		const first = heap[0];
		const last = heap.pop();
		if (first === undefined || last === undefined) return undefined;
		if (heap.length > 0) this.#sink(last);
		else this.#order = 0;
		return first.item;
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
