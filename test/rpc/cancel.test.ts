import { AbortIgnoredError, TimeoutError, WorkerExitedError } from 'coproc';
import { expect, it, vi } from 'vitest';

import type * as arithmetic from '../fixtures/rpc/arithmetic.js';
import type * as current from '../fixtures/rpc/current.js';
import type * as order from '../fixtures/rpc/order.js';
import type * as stubborn from '../fixtures/rpc/stubborn.js';
import { untilBegun } from './support/begun.ts';
import { describeEveryWay, rejection, withWorker } from './support/with-worker.ts';

type Current = typeof current;
type Order = typeof order;
type Stubborn = typeof stubborn;

/** Longer than any test: a worker that is ended by its grace is none that has obeyed. */
const LONG = 60_000;

describeEveryWay('an abort', (way) => {
	it('rejects the call at once with the reason of the signal, and is seen in a loop that never yields', async () => {
		await withWorker<Current>('current', { ...way, abortGrace: LONG }, async (call) => {
			for (const fn of [call.spin, call.spinBySignal]) {
				const { result, abort } = await untilBegun<[], Promise<unknown>>(fn, {});
				const reason = new DOMException('not any more', 'AbortError');
				abort(reason);
				await expect(rejection(result)).resolves.toBe(reason);
			}
			expect(await call.takeReasons()).toEqual(['AbortError', 'signal']);
		});
	});

	it('fires the signal of a call that waits, with the reason of the caller', async () => {
		await withWorker<Current>('current', { ...way, abortGrace: LONG }, async (call) => {
			const { result, abort } = await untilBegun(call.waitForAbort, {});
			abort(new TypeError('enough'));
			await expect(result).rejects.toThrow('enough');
			expect(await call.takeReasons()).toEqual(['enough']);
		});
	});

	it('drops a call that has not begun without running it', async () => {
		await withWorker<Order>('order', { ...way, abortGrace: LONG }, async (call) => {
			const blocker = await untilBegun(call.holdUp, {});
			const controller = new AbortController();
			const notes = [1, 2, 3].map((n) => call.note.with(n === 2 ? { signal: controller.signal } : {})(n));
			controller.abort('dropped');
			await expect(rejection(notes[1] as Promise<number>)).resolves.toBe('dropped');
			blocker.abort();
			await Promise.all([notes[0], notes[2]]);
			expect(await call.takeBegan()).toEqual([1, 3]);
		});
	});

	it('of a call that has not begun ends no worker, however long another call runs', async () => {
		await withWorker<Order>('order', { ...way, abortGrace: 100 }, async (call, worker) => {
			const blocker = await untilBegun(call.holdUp, {});
			const aborted = new AbortController();
			const queued = rejection(call.note.with({ signal: aborted.signal })(1));
			aborted.abort('dropped');
			await expect(queued).resolves.toBe('dropped');
			// This takes twice the grace, during which the other one goes on.
			await expect(call.note.with({ timeout: 200 })(2)).rejects.toBeInstanceOf(TimeoutError);
			expect(worker.isAlive).toBe(true);
			blocker.abort();
			expect(await call.takeBegan()).toEqual([]);
		});
	});

	it('by closing a stream that has not begun does not wait for the call that runs', async () => {
		await withWorker<Order>('order', { ...way, abortGrace: LONG }, async (call) => {
			const blocker = await untilBegun(call.holdUp, {});
			const items = call.noteAll([1, 2]);
			const first = items.next();
			expect(await items.return()).toEqual({ value: undefined, done: true });
			expect(await first).toEqual({ value: undefined, done: true });
			blocker.abort();
			expect(await call.takeBegan()).toEqual([]);
		});
	});

	it('before the call rejects it without sending anything', async () => {
		await withWorker<Order>('order', way, async (call) => {
			await expect(rejection(call.note.with({ signal: AbortSignal.abort('never') })(1))).resolves.toBe('never');
			expect(await call.takeBegan()).toEqual([]);
		});
	});

	it('after the answer changes nothing', async () => {
		await withWorker<Current>('current', { ...way, abortGrace: 20 }, async (call, worker) => {
			const controller = new AbortController();
			await call.atLoad.with({ signal: controller.signal })();
			controller.abort();
			await call.atLoad();
			expect(worker.isAlive).toBe(true);
		});
	});

	it('of one signal gives up all calls made with it', async () => {
		await withWorker<Order>('order', { ...way, abortGrace: LONG }, async (call) => {
			const blocker = await untilBegun(call.holdUp, {});
			const controller = new AbortController();
			const note = call.note.with({ signal: controller.signal });
			const notes = Array.from({ length: 500 }, (_, n) => rejection(note(n)));
			controller.abort('all of them');
			expect(new Set(await Promise.all(notes))).toEqual(new Set(['all of them']));
			blocker.abort();
			expect(await call.takeBegan()).toEqual([]);
		});
	});

	it('behind large arguments that are under way still drops the call', async () => {
		await withWorker<typeof arithmetic>('arithmetic', way, async (call) => {
			const controller = new AbortController();
			const large = rejection(call.echo.with({ signal: controller.signal })('x'.repeat(5_000_000)));
			controller.abort('too large');
			await expect(large).resolves.toBe('too large');
			await expect(call.add(1, 2)).resolves.toBe(3);
		});
	});

	it('with a reason that cannot be sent tells the worker what can', async () => {
		await withWorker<Current>('current', { ...way, abortGrace: LONG }, async (call) => {
			const { result, abort } = await untilBegun(call.spin, {});
			const reason = Object.assign(new RangeError('has a function'), { callback: () => 1 });
			abort(reason);
			await expect(rejection(result)).resolves.toBe(reason);
			expect(await call.takeReasons()).toEqual(['RangeError']);
		});
	});
});

describeEveryWay('a timeout', (way) => {
	it('rejects with TimeoutError, and is seen in a loop that never yields', async () => {
		await withWorker<Current>('current', { ...way, abortGrace: LONG }, async (call) => {
			const error = (await rejection(call.spin.with({ timeout: 30 })())) as TimeoutError;
			expect(error).toBeInstanceOf(TimeoutError);
			expect(error).toMatchObject({ timeout: 30, message: 'call of spin() timed out: nothing came within 30 ms' });
			expect(await call.takeReasons()).toEqual(['TimeoutError']);
		});
	});

	it('of 0 rejects at once, without sending anything', async () => {
		await withWorker<Order>('order', way, async (call) => {
			await expect(call.note.with({ timeout: 0 })(1)).rejects.toBeInstanceOf(TimeoutError);
			expect(await call.takeBegan()).toEqual([]);
		});
	});

	it('that is longer than a timer can be is none', async () => {
		await withWorker<Order>('order', way, async (call) => {
			await expect(call.note.with({ timeout: 2 ** 40 })(1)).resolves.toBe(1);
		});
	});

	it('gives the worker a deadline', async () => {
		await withWorker<Current>('current', way, async (call) => {
			const before = Date.now();
			const deadline = (await call.deadline.with({ timeout: 5000 })()) as number;
			expect(deadline).toBeGreaterThanOrEqual(before + 5000);
			expect(deadline).toBeLessThanOrEqual(Date.now() + 5000);
			await expect(call.deadline()).resolves.toBeUndefined();
		});
	});
});

describeEveryWay('a call that goes on after an abort', (way) => {
	it('has its worker ended after the grace; other calls reject with WorkerExitedError, whose cause says why', async () => {
		await withWorker<Stubborn>('stubborn', { ...way, abortGrace: 50 }, async (call, worker) => {
			const waiting = rejection(call.wait());
			const { result, abort } = await untilBegun(call.spinForEver, {});
			const queued = rejection(call.answer());
			abort('stop');
			await expect(rejection(result as Promise<unknown>)).resolves.toBe('stop');
			for (const error of (await Promise.all([waiting, queued])) as WorkerExitedError[]) {
				expect(error).toBeInstanceOf(WorkerExitedError);
				expect(error.cause).toBeInstanceOf(AbortIgnoredError);
			}
			const { error, signal } = await worker.exited;
			expect((error as Error).message).toBe(
				'worker "stubborn.js" was ended: its call of spinForEver() went on for 50 ms after it was aborted. ' +
					'Look at `currentCall().aborted` in long loops, or raise `abortGrace`.',
			);
			if (way.backend === 'process') expect(signal).toBe('SIGTERM');
			await worker.start();
			await expect(call.answer()).resolves.toBe(42);
		});
	});

	it('is no matter when it ends within the grace, whatever it gives', async () => {
		await withWorker<Current>('current', { ...way, abortGrace: LONG }, async (call, worker) => {
			const { result, abort } = await untilBegun(call.spin, {});
			abort('stop');
			await expect(rejection(result)).resolves.toBe('stop');
			await expect(call.takeReasons()).resolves.toHaveLength(1);
			expect(worker.isAlive).toBe(true);
		});
	});

	it('is ended in its wait as in its loop', async () => {
		await withWorker<Stubborn>('stubborn', { ...way, abortGrace: 30 }, async (call, worker) => {
			// Begun: a call that is given up before it begins ends nobody.
			const { result, abort } = await untilBegun(call.wait, {});
			abort('stop');
			await expect(rejection(result)).resolves.toBe('stop');
			expect((await worker.exited).error).toBeInstanceOf(AbortIgnoredError);
		});
	});
});

describeEveryWay('calls that wait for their turn', (way) => {
	it('begin by priority, lower first, then in the order they were made', async () => {
		await withWorker<Order>('order', { ...way, abortGrace: LONG }, async (call) => {
			const blocker = await untilBegun(call.holdUp, {});
			const priorities = [undefined, 5, 1, 5, -1, undefined];
			const notes = priorities.map((priority, n) => call.note.with(priority === undefined ? {} : { priority })(n));
			blocker.abort();
			await Promise.all(notes);
			expect(await call.takeBegan()).toEqual([4, 2, 1, 3, 0, 5]);
		});
	});
});

describeEveryWay('a timeout that the worker sees before its host', (way) => {
	it('rejects with TimeoutError, whatever the function returns or throws then', async () => {
		await withWorker<Current>('current', { ...way, abortGrace: LONG }, async (call) => {
			// The host's own clock stands still.
			vi.useFakeTimers({ toFake: ['setTimeout'] });
			try {
				for (const fn of [call.spin, call.spinAndThrow, call.sleepBySignal])
					await expect(rejection(fn.with({ timeout: 20 })())).resolves.toMatchObject({ code: 'ERR_COPROC_TIMEOUT', timeout: 20 });
			} finally {
				vi.useRealTimers();
			}
		});
	});
});
