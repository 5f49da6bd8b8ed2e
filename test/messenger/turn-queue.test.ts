import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { TurnQueue } from '../../src/messenger/turn-queue.ts';

interface Item {
	readonly number: number;
	isOut: boolean;
}

const newQueue = (): TurnQueue<Item> => new TurnQueue((item) => item.isOut);

describe('TurnQueue', () => {
	it('gives back what still waits, in order, like a plain array that forgets the rest', () => {
		const step = fc.oneof(fc.constant('push'), fc.constant('shift'), fc.nat({ max: 30 }));
		fc.assert(
			fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
				const queue = newQueue();
				let model: Item[] = [];
				let number = 0;
				for (const each of steps) {
					if (each === 'push') {
						const item = { number: number++, isOut: false };
						queue.push(item);
						model.push(item);
					} else if (each === 'shift') {
						expect(queue.shift()).toBe(model.shift());
					} else {
						const item = model[each];
						if (!item) continue;
						item.isOut = true;
						model = model.filter((other) => other !== item);
						queue.withdrawn();
					}
					expect(queue.peek()).toBe(model[0]);
					expect(queue.held).toBeLessThanOrEqual(2 * model.length);
				}
			}),
		);
	});

	it('holds nothing of a million items that withdrew, behind one that waits for ever', () => {
		const queue = newQueue();
		queue.push({ number: 0, isOut: false });
		for (let number = 1; number <= 1_000_000; number += 1) {
			const item = { number, isOut: false };
			queue.push(item);
			item.isOut = true;
			queue.withdrawn();
		}
		expect(queue.held).toBeLessThanOrEqual(2);
		expect(queue.shift()?.number).toBe(0);
	});
});
