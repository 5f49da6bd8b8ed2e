import { setImmediate as nextTurn } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { type Beginner, CallQueue } from '../../src/rpc/call-queue.ts';

const PLENTY = Number.MAX_SAFE_INTEGER;

/** A call that does `action` when it begins. */
function beginner(action: () => void, priority = Number.POSITIVE_INFINITY, isQuick = true): Beginner {
	return {
		priority,
		isQuick,
		begin: () => {
			action();
			return true;
		},
	};
}

describe('CallQueue', () => {
	// A machine that is busy could end the turn of the calls between any two of them: time passes as the test says.
	let now = 0;
	beforeEach(() => void vi.spyOn(performance, 'now').mockImplementation(() => now));
	afterEach(() => void vi.restoreAllMocks());

	it('runs nothing where it is put in, for that is a handler of frames', async () => {
		const queue = new CallQueue(PLENTY, () => {});
		const began = vi.fn();
		queue.add(beginner(began));
		queue.goOn(began);
		expect(began).not.toHaveBeenCalled();
		await nextTurn();
		expect(began).toHaveBeenCalledTimes(2);
	});

	it('begins as many at once as it may, the next when one has ended', async () => {
		const queue = new CallQueue(2, () => {});
		const began: number[] = [];
		for (const n of [1, 2, 3, 4]) queue.add(beginner(() => began.push(n)));
		await nextTurn();
		expect(began).toEqual([1, 2]);
		queue.ended();
		await nextTurn();
		expect(began).toEqual([1, 2, 3]);
		const idle = vi.fn();
		void queue.idle().then(idle);
		queue.ended();
		queue.ended();
		await nextTurn();
		expect(began).toEqual([1, 2, 3, 4]);
		expect(idle).not.toHaveBeenCalled();
		queue.ended();
		await nextTurn();
		expect(idle).toHaveBeenCalledOnce();
	});

	it('does not count a call that had no need to begin any more', async () => {
		const queue = new CallQueue(1, () => {});
		const began = vi.fn();
		queue.add({ priority: 0, isQuick: true, begin: () => false });
		queue.add(beginner(began));
		await nextTurn();
		expect(began).toHaveBeenCalledOnce();
	});

	it('lets steps and new calls take turns', async () => {
		const queue = new CallQueue(PLENTY, () => {});
		const order: string[] = [];
		const step = (n: number): void => {
			order.push(`step ${n}`);
			if (n < 3) queue.goOn(() => step(n + 1));
		};
		queue.goOn(() => step(1));
		for (const n of [1, 2, 3]) queue.add(beginner(() => order.push(`call ${n}`)));
		await nextTurn();
		expect(order).toEqual(['step 1', 'call 1', 'step 2', 'call 2', 'step 3', 'call 3']);
	});

	it('looks before a call that may take long, and after one that did, so that an urgent one can overtake', async () => {
		const order: string[] = [];
		const queue: CallQueue = new CallQueue(PLENTY, () => {
			if (order.length === 1) queue.add(beginner(() => order.push('urgent'), 0));
		});
		queue.add(
			beginner(() => {
				now += 0.2;
				order.push('first');
			}),
		);
		queue.add(beginner(() => order.push('second')));
		await nextTurn();
		await nextTurn();
		expect(order).toEqual(['first', 'urgent', 'second']);
		const look = vi.fn();
		const careful = new CallQueue(PLENTY, look);
		careful.add(beginner(() => expect(look).toHaveBeenCalledOnce(), 0, false));
		await nextTurn();
		expect(look).toHaveBeenCalled();
	});

	it('gives the event loop its turn between calls that take long', async () => {
		const queue = new CallQueue(PLENTY, () => {});
		const order: string[] = [];
		const busy = (name: string) => (): void => {
			now += 1.5;
			order.push(name);
		};
		queue.add(beginner(busy('one')));
		queue.add(beginner(busy('two')));
		setImmediate(() => order.push('event loop'));
		await vi.waitFor(() => expect(order).toHaveLength(3));
		expect(order).toEqual(['one', 'event loop', 'two']);
	});
});
