import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FifoQueue, type MessageQueue } from '../../src/messenger/fifo-queue.ts';
import { PriorityQueue } from '../../src/messenger/priority-queue.ts';

interface Item {
	readonly priority: number;
	readonly order: number;
}

/** What happens to a queue: an item of that priority is pushed, or, for undefined, one is shifted. */
const steps = fc.array(
	fc.option(
		fc.oneof(
			{ weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) },
			fc.constant(Number.POSITIVE_INFINITY),
			fc.constant(Number.NEGATIVE_INFINITY),
			fc.double({ noNaN: true }),
		),
		{
			nil: undefined,
			freq: 2,
		},
	),
	{ maxLength: 400 },
);

/** Compares a queue with an array in which `choose` finds the index of what comes next. */
function behavesLike(
	queue: MessageQueue<Item>,
	choose: (items: readonly Item[]) => number,
	script: readonly (number | undefined)[],
): void {
	const model: Item[] = [];
	let order = 0;
	for (const priority of script) {
		if (priority === undefined) {
			const expected = model.length > 0 ? model.splice(choose(model), 1)[0] : undefined;
			expect(queue.shift()).toBe(expected);
		} else {
			const item = { priority, order: order++ };
			queue.push(item);
			model.push(item);
		}
		expect(queue.size).toBe(model.length);
		expect(queue.peek()).toBe(model.length > 0 ? model[choose(model)] : undefined);
	}
}

function lowestFirst(items: readonly Item[]): number {
	let best = 0;
	for (const [index, item] of items.entries()) if (item.priority < (items[best] as Item).priority) best = index;
	return best;
}

describe('FifoQueue', () => {
	it('gives items back in the order they came', () => {
		fc.assert(fc.property(steps, (script) => behavesLike(new FifoQueue<Item>(), () => 0, script)));
	});

	it('holds no more than what is in it after a long time of one in, one out', () => {
		const queue = new FifoQueue<Item>();
		for (let order = 0; order < 5; order += 1) queue.push({ priority: 0, order });
		for (let order = 5; order < 100_000; order += 1) {
			queue.push({ priority: 0, order });
			expect(queue.shift()?.order).toBe(order - 5);
		}
		expect(queue.size).toBe(5);
	});
});

describe('PriorityQueue', () => {
	it('gives back the lowest priority first, FIFO among equals', () => {
		fc.assert(fc.property(steps, (script) => behavesLike(new PriorityQueue<Item>(), lowestFirst, script)));
	});

	it('takes -0 and 0 for equals', () => {
		const queue = new PriorityQueue<Item>();
		[0, -0, 0].forEach((priority, order) => queue.push({ priority, order }));
		expect([queue.shift()?.order, queue.shift()?.order, queue.shift()?.order]).toEqual([0, 1, 2]);
	});

	it('sorts a hundred thousand distinct priorities well within a second', () => {
		const queue = new PriorityQueue<Item>();
		const start = performance.now();
		for (let order = 0; order < 100_000; order += 1) queue.push({ priority: (order * 7919) % 100_003, order });
		let last = Number.NEGATIVE_INFINITY;
		for (let item = queue.shift(); item; item = queue.shift()) {
			if (item.priority < last) expect.unreachable(`${item.priority} after ${last}`);
			last = item.priority;
		}
		expect(performance.now() - start).toBeLessThan(1000);
	});
});
