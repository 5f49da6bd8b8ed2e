import { type MultiMessenger, WorkerResourcePool } from 'coproc';
import { describe, expect, it } from 'vitest';

import { collect, rejection } from '../rpc/support/with-worker.ts';
import { leavingNothing } from '../support/leftovers.ts';
import { describeBothBackends } from './support/with-pool.ts';

/** Replies with the double; fails the request of a 7, ends at a -1. */
async function doubles(messenger: MultiMessenger): Promise<void> {
	for (;;) {
		const message = await messenger.receiveMessage('numbers');
		if (message.data === -1) process.exit(6);
		if (message.data === 7) message.fail(new RangeError('no sevens'));
		else message.reply(2 * (message.data as number));
	}
}

/** Starts a group of three, runs `body`, disposes of the group, and fails if anything is left of it. */
async function withGroup(backend: 'thread' | 'process', body: (group: WorkerResourcePool<[]>) => Promise<void>): Promise<void> {
	await leavingNothing(async () => {
		const group = new WorkerResourcePool<[]>(3, doubles, { backend });
		try {
			await group.start();
			await body(group);
		} finally {
			await group[Symbol.asyncDispose]();
		}
	});
}

describeBothBackends('a WorkerResourcePool', (backend) => {
	it('maps any number of messages, as they come', async () => {
		await withGroup(backend, async (group) => {
			for (const count of [0, 1, 2, 100]) {
				const items = Array.from({ length: count }, (_, n) => n + 10);
				const replies = (await collect(group.mapMessages(items, 'numbers'))) as number[];
				expect(replies.toSorted((a, b) => a - b)).toEqual(items.map((n) => 2 * n));
			}
		});
	});

	it('is of use after an item that failed, and closes the input then and at a break', async () => {
		await withGroup(backend, async (group) => {
			let closed = 0;
			function* input(from: number): Generator<number, void, undefined> {
				try {
					for (let n = from; ; n += 1) yield n;
				} finally {
					closed += 1;
				}
			}
			expect(await rejection(collect(group.mapMessages(input(0), 'numbers')))).toMatchObject({ message: 'no sevens' });
			expect(closed).toBe(1);
			for await (const reply of group.mapMessages(input(10), 'numbers')) if ((reply as number) >= 20) break;
			expect(closed).toBe(2);
			expect(await collect(group.mapMessages([20], 'numbers'))).toEqual([40]);
		});
	});

	it('rejects when a worker ends, and replaces none', async () => {
		await withGroup(backend, async (group) => {
			expect(await rejection(collect(group.mapMessages([1, -1, 2], 'numbers')))).toMatchObject({ exitCode: 6 });
			expect(group.isAlive).toBe(false);
			expect([...group].filter(({ isAlive }) => isAlive)).toHaveLength(2);
			expect(await rejection(group.waitUntilDead({ timeout: 10 }))).toMatchObject({ code: 'ERR_COPROC_TIMEOUT' });
		});
	});

	it('applies a function to its workers, in their order, and waits until all are dead', async () => {
		await withGroup(backend, async (group) => {
			expect(await group.applyToWorkers((_worker, index) => index)).toEqual([0, 1, 2]);
			const dead = group.waitUntilDead();
			const infos = await group.terminate();
			expect(await dead).toEqual(infos);
			expect(infos).toHaveLength(3);
		});
	});
});

describe('new WorkerResourcePool()', () => {
	it('refuses numbers that are none, and a start that fails leaves nothing', async () => {
		for (const n of [0, -1, 1.5, Number.NaN]) expect(() => new WorkerResourcePool(n, doubles)).toThrow(/whole number of workers/);
		await leavingNothing(async () => {
			const group = new WorkerResourcePool(2, './no-such-module.js');
			expect(await rejection(group.start())).toMatchObject({ code: 'ERR_COPROC_WORKER_START' });
			await group[Symbol.asyncDispose]();
		});
	});
});
