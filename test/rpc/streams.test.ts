import { DataCloneError, WorkerExitedError } from 'coproc';
import { expect, it, vi } from 'vitest';

import type * as dying from '../fixtures/rpc/dying.js';
import type * as streams from '../fixtures/rpc/streams.js';
import { collect, describeEveryWay, rejection, withWorker } from './support/with-worker.ts';

type Streams = typeof streams;

/** Items that may be under way. */
const WINDOW = 32;

describeEveryWay('a stream', (way) => {
	it('gives the items of a generator, in order, then what it returns', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			expect(await collect(call.count(200))).toEqual(Array.from({ length: 200 }, (_, n) => n));
			expect(await collect(call.countSlowly(100))).toEqual(Array.from({ length: 100 }, (_, n) => n));
			const one = call.count(1);
			expect(await one.next()).toEqual({ value: 0, done: false });
			expect(await one.next()).toEqual({ value: 'counted', done: true });
			expect(await one.next()).toEqual({ value: undefined, done: true });
		});
	});

	it('gives the items of what stream() marks, and of promises that a generator yields', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			expect(await collect(call.marked('abc'))).toEqual(['a', 'b', 'c']);
			expect(await collect(call.markedLater(3))).toEqual([0, 1, 2]);
			expect(await collect(call.promises())).toEqual([1, 2]);
		});
	});

	it('keeps the order of items that travel in fragments', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			const sizes: number[] = [];
			for await (const chunk of call.chunks(12, 400_000)) sizes.push(chunk[0] as number);
			expect(sizes).toEqual(Array.from({ length: 12 }, (_, n) => n));
		});
	});

	it('answers several next() at once in order', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			const items = call.countSlowly(3);
			const results = await Promise.all([items.next(), items.next(), items.next(), items.next(), items.next()]);
			expect(results.map(({ value, done }) => (done ? 'end' : value))).toEqual([0, 1, 2, 'end', 'end']);
		});
	});

	it('is finalised in the worker when its consumer stops after 3 of infinitely many', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			for (const endless of [call.count, call.countSlowly]) {
				const before = (await call.tally()).finalised;
				const taken: number[] = [];
				for await (const n of endless(Number.POSITIVE_INFINITY)) if (taken.push(n) === 3) break;
				expect(taken).toEqual([0, 1, 2]);
				// No wait: the end of the loop has waited for it.
				expect((await call.tally()).finalised).toBe(before + 1);
			}
		});
	});

	it('is finalised when its consumer throws, calls return() or throw(), or disposes of it', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			const throwing = async (): Promise<void> => {
				for await (const n of call.count(1e9)) throw new Error(`consumer at ${n}`);
			};
			await expect(throwing()).rejects.toThrow('consumer at 0');
			const returned = call.count(1e9);
			await returned.next();
			expect(await returned.return('mine')).toEqual({ value: 'mine', done: true });
			expect(await returned.next()).toEqual({ value: undefined, done: true });
			const thrown = call.count(1e9);
			await thrown.next();
			await expect(thrown.throw(new TypeError('mine'))).rejects.toThrow('mine');
			const disposed = call.count(1e9);
			await disposed.next();
			await disposed[Symbol.asyncDispose]();
			expect((await call.tally()).finalised).toBe(4);
		});
	});

	it('is not begun when it is closed, or its signal aborts, before the first item is asked for', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			const closed = call.count(10);
			expect(await closed.return()).toEqual({ value: undefined, done: true });
			expect(await collect(closed)).toEqual([]);
			const aborted = call.count.with({ signal: AbortSignal.abort('not wanted') })(10);
			await expect(rejection(aborted.next())).resolves.toBe('not wanted');
			expect(await aborted.next()).toEqual({ value: undefined, done: true });
			expect(await call.tally()).toEqual({ drawn: 0, finalised: 0 });
		});
	});

	it('is never more ahead of its consumer than its window of items', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			const items = call.count(1e9);
			for (let taken = 1; taken <= 50; taken += 1) {
				await items.next();
				if (taken % 10 !== 0) continue;
				const { drawn } = await call.tally();
				expect(drawn).toBeLessThanOrEqual(taken + WINDOW);
			}
			await vi.waitFor(async () => expect((await call.tally()).drawn).toBeGreaterThanOrEqual(50 + WINDOW / 2));
			await items.return();
		});
	});

	it('is never more ahead of its consumer than its window of bytes', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			const items = call.chunks(100, 100_000);
			await items.next();
			// 256 KiB and one item.
			await vi.waitFor(async () => expect((await call.tally()).drawn).toBe(4));
			expect((await call.tally()).drawn).toBe(4);
			expect(await collect(items)).toHaveLength(99);
		});
	});

	it('rejects with the error of the generator after the items before it, then is over', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			const items = call.failAfterTwo();
			expect([await items.next(), await items.next()].map(({ value }) => value)).toEqual([1, 2]);
			const error = (await rejection(items.next())) as RangeError;
			expect(error).toBeInstanceOf(RangeError);
			expect(error.message).toBe('no third');
			expect(error.stack).toMatch(/failAfterTwo[\s\S]*was called in worker/);
			expect(await items.next()).toEqual({ value: undefined, done: true });
		});
	});

	it('rejects with the path of an item that cannot be sent, and finalises the generator', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			const items = call.giveFunctionSecond();
			await items.next();
			const error = (await rejection(items.next())) as DataCloneError;
			expect(error).toBeInstanceOf(DataCloneError);
			expect(error.path).toBe('item.callback');
			expect((await call.tally()).finalised).toBe(1);
		});
	});

	it('rejects return() with an error of the finally blocks', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			const items = call.failAtTheEnd();
			await items.next();
			await expect(items.return()).rejects.toThrow('could not tidy up');
			await expect(items.return()).resolves.toEqual({ value: undefined, done: true });
		});
	});

	it('tells a generator that blocks between two items that its consumer is done', async () => {
		await withWorker<Streams>('streams', { ...way, abortGrace: 10_000 }, async (call) => {
			for await (const item of call.blockAfterOne()) {
				expect(item).toBe(1);
				break;
			}
			expect((await call.tally()).finalised).toBe(1);
		});
	});

	it('rejects at once when its signal aborts or its time is up, and is finalised', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			const controller = new AbortController();
			const items = call.countSlowly.with({ signal: controller.signal })(1e9);
			await items.next();
			controller.abort(new Error('enough'));
			await expect(rejection(items.next())).resolves.toBe(controller.signal.reason);
			expect(await items.next()).toEqual({ value: undefined, done: true });
			const late = rejection(collect(call.countSlowly.with({ timeout: 20 })(Number.POSITIVE_INFINITY)));
			await expect(late).resolves.toMatchObject({ code: 'ERR_COPROC_TIMEOUT', timeout: 20 });
			await vi.waitFor(async () => expect((await call.tally()).finalised).toBe(2));
		});
	});

	it('hands over progress in order with its items', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			const seen: unknown[] = [];
			for await (const n of call.withProgress.with({ onProgress: (text: string) => seen.push(text) })(3)) seen.push(n);
			expect(seen.filter((value) => typeof value === 'string')).toEqual(['item 0', 'item 1', 'item 2']);
			for (const n of [0, 1, 2]) expect(seen.indexOf(`item ${n}`)).toBeLessThan(seen.indexOf(n));
		});
	});

	it('runs beside other streams and calls', async () => {
		await withWorker<Streams>('streams', way, async (call) => {
			const lengths = await Promise.all(
				[call.count(300), call.countSlowly(50), call.count(100)].map(async (items) => (await collect(items)).length),
			);
			expect(lengths).toEqual([300, 50, 100]);
			expect((await call.tally()).finalised).toBe(3);
		});
	});
});

describeEveryWay('a stream whose worker ends', (way) => {
	it('gives the items that had come, then rejects with WorkerExitedError', async () => {
		await withWorker<typeof dying>('dying', way, async (call) => {
			const taken: number[] = [];
			const consume = async (): Promise<void> => {
				for await (const n of call.threeThenDeath()) taken.push(n);
			};
			const error = (await rejection(consume())) as WorkerExitedError;
			expect(error).toBeInstanceOf(WorkerExitedError);
			expect(error.exitCode).toBe(7);
			expect(taken).toEqual([1, 2, 3]);
		});
	});

	it('rejects when the worker is killed in the middle, whether somebody waits for an item or not', async () => {
		await withWorker<typeof dying>('dying', way, async (call, worker) => {
			const waiting = call.items();
			const resting = call.items();
			await waiting.next();
			await resting.next();
			const rest = rejection(collect(waiting));
			if (worker.pid) process.kill(worker.pid, 'SIGKILL');
			else void worker.terminate();
			await worker.exited;
			await expect(rest).resolves.toBeInstanceOf(WorkerExitedError);
			await expect(rejection(collect(resting))).resolves.toBeInstanceOf(WorkerExitedError);
			expect(await resting.next()).toEqual({ value: undefined, done: true });
			await expect(call.items().next()).rejects.toBeInstanceOf(WorkerExitedError);
		});
	});

	it('settles return() when a generator that never looks is ended after the grace', async () => {
		await withWorker<Streams>('streams', { ...way, abortGrace: 50 }, async (call) => {
			const items = call.hangAfterOne();
			await items.next();
			const error = (await rejection(items.return())) as WorkerExitedError;
			expect(error).toBeInstanceOf(WorkerExitedError);
			expect(error.cause).toMatchObject({ code: 'ERR_COPROC_ABORT_IGNORED', functionName: 'hangAfterOne', abortGrace: 50 });
		});
	});

	it('is cut by disposal, which does not wait for its consumer', async () => {
		let left: Promise<unknown> | undefined;
		await withWorker<Streams>('streams', { ...way, closeTimeout: 60_000 }, async (call) => {
			const items = call.count(1e9);
			await items.next();
			left = rejection(collect(items));
			const idle = call.count(1e9);
			await idle.next();
		});
		await expect(left).resolves.toBeInstanceOf(WorkerExitedError);
	});
});
