import {
	DataCloneError,
	OptionError,
	PoolClosedError,
	PoolFailedError,
	QueueFullError,
	TimeoutError,
	UnknownFunctionError,
	WorkerExitedError,
	WorkerPool,
	type WorkerPoolOptions,
	WorkerStartError,
} from 'coproc';
import { describe, expect, it, vi } from 'vitest';

import { collect, rejection } from '../rpc/support/with-worker.ts';
import { leavingNothing } from '../support/leftovers.ts';

interface Jobs {
	add(a: number, b: number): number;
	square(n: number): number;
	failAtFive(n: number): number;
	count(end: number): Generator<number, void, undefined>;
	waitForAbort(value: number): Promise<number>;
	exit(): void;
	exitAtFive(n: number): number;
	spin(): void;
}

const JOBS = new URL('../fixtures/pool/jobs.js', import.meta.url);

/** Opens a pool of two, runs `body`, disposes of the pool, and fails if anything is left of it. */
async function withPool(options: WorkerPoolOptions, body: (pool: WorkerPool<Jobs>) => Promise<void>): Promise<void> {
	await leavingNothing(async () => {
		const pool = await WorkerPool.import<Jobs>(JOBS, { size: 2, ...options });
		try {
			await body(pool);
		} finally {
			await pool[Symbol.asyncDispose]();
		}
	});
}

/** Numbers from 0 on, without end; tells when it is closed. */
function* numbers(onClosed: () => void): Generator<number, void, undefined> {
	try {
		for (let n = 0; ; n += 1) yield n;
	} finally {
		onClosed();
	}
}

describe.each(['thread', 'process'] as const)('WorkerPool on a %s', (backend) => {
	it('calls, pipelined and one by one', async () => {
		await withPool({ backend }, async ({ call }) => {
			expect(await call.add(1, 2)).toBe(3);
			const sums = await Promise.all(Array.from({ length: 1000 }, (_, n) => call.add(n, 1)));
			expect(sums).toEqual(Array.from({ length: 1000 }, (_, n) => n + 1));
			expect(await collect(call.count(100))).toHaveLength(100);
		});
	});

	it('maps in the order of the input: nothing, less than there are workers, much', async () => {
		await withPool({ backend }, async (pool) => {
			expect(await pool.map('square', [])).toEqual([]);
			expect(await pool.map('square', [3])).toEqual([9]);
			const many = Array.from({ length: 20_000 }, (_, n) => n);
			expect(await pool.map('square', many)).toEqual(many.map((n) => n * n));
			expect(await pool.map((n: number) => n + 1, new Set([1, 2, 3]))).toEqual([2, 3, 4]);
			expect(await collect(pool.stream('square', many.slice(0, 500)))).toEqual(many.slice(0, 500).map((n) => n * n));
			const unordered = await collect(pool.mapUnordered('square', many.slice(0, 500)));
			expect(unordered.toSorted((a, b) => a - b)).toEqual(many.slice(0, 500).map((n) => n * n));
		});
	});

	it('reads an endless input no further than is wanted, and closes it', async () => {
		await withPool({ backend }, async (pool) => {
			const onClosed = vi.fn<() => void>();
			const got: number[] = [];
			for await (const square of pool.stream('square', numbers(onClosed))) if (got.push(square) === 5) break;
			expect(got).toEqual([0, 1, 4, 9, 16]);
			expect(onClosed).toHaveBeenCalledOnce();
			expect(await pool.call.add(1, 1)).toBe(2);
		});
	});

	it('reads an async input', async () => {
		await withPool({ backend }, async (pool) => {
			async function* items(): AsyncGenerator<number, void, undefined> {
				for (let n = 0; n < 300; n += 1) yield n;
			}
			expect(await pool.map('square', items())).toEqual(Array.from({ length: 300 }, (_, n) => n * n));
		});
	});

	it('rejects with what the input throws half-way, after what came before it where that is in order', async () => {
		await withPool({ backend }, async (pool) => {
			function* broken(): Generator<number, void, undefined> {
				yield* [1, 2, 3];
				throw new RangeError('half-way');
			}
			await expect(pool.map('square', broken())).rejects.toThrow('half-way');
			const got: number[] = [];
			const reading = (async () => {
				for await (const square of pool.stream('square', broken())) got.push(square);
			})();
			await expect(reading).rejects.toThrow('half-way');
			expect(got).toEqual([1, 4, 9]);
		});
	});

	it('is healthy after an item that fails, and closes the input', async () => {
		await withPool({ backend }, async (pool) => {
			const onClosed = vi.fn<() => void>();
			await expect(pool.map('failAtFive', numbers(onClosed))).rejects.toThrow(RangeError);
			await vi.waitFor(() => expect(onClosed).toHaveBeenCalledOnce());
			expect(await pool.map('failAtFive', [4, 5, 6], { settled: true })).toMatchObject([
				{ index: 0, status: 'fulfilled', value: 4 },
				{ index: 1, status: 'rejected', reason: { message: 'five' } },
				{ index: 2, status: 'fulfilled', value: 6 },
			]);
			expect(await pool.map('square', [1, 2])).toEqual([1, 4]);
		});
	});

	it('blames the one item or result that cannot be sent', async () => {
		await withPool({ backend }, async (pool) => {
			const items: unknown[] = [1, { deep: () => 1 }, 3];
			const settled = await pool.map((value: unknown) => value, items, { settled: true, chunkSize: 3 });
			expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
			expect(settled[1]).toMatchObject({ reason: { path: 'items[1].deep' } });
			const results = await pool.map((n: number) => (n === 2 ? () => n : n), [1, 2, 3], { settled: true, chunkSize: 3 });
			expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
			expect(await rejection(pool.map((value: unknown) => value, items))).toBeInstanceOf(DataCloneError);
		});
	});

	it('rejects the call that was running in a worker that ends, and no other', async () => {
		await withPool({ backend }, async ({ call }) => {
			const results = await Promise.allSettled([call.exit(), ...Array.from({ length: 50 }, (_, n) => call.add(n, 0))]);
			expect(results[0]).toMatchObject({ status: 'rejected', reason: { code: 'ERR_COPROC_WORKER_EXITED', exitCode: 3 } });
			expect(results.slice(1).every(({ status }) => status === 'fulfilled')).toBe(true);
			expect(await call.add(1, 1)).toBe(2);
		});
	});

	it('rejects a map whose item ends a worker, and goes on with the next', async () => {
		await withPool({ backend }, async (pool) => {
			expect(await rejection(pool.map('exitAtFive', [4, 5, 6], { chunkSize: 1 }))).toBeInstanceOf(WorkerExitedError);
			expect(await pool.map('square', [1, 2, 3])).toEqual([1, 4, 9]);
			const error = await rejection(pool.map('exitAtFive', [5], { retry: 2 }));
			expect(error).toBeInstanceOf(WorkerExitedError);
			expect(pool.stats()).toMatchObject({ retried: 2, restarts: 4 });
		});
	});

	it('gives a call up: told first, ended and replaced after the grace', async () => {
		await withPool({ backend, abortGrace: 50 }, async ({ call }) => {
			const controller = new AbortController();
			const waiting = call.waitForAbort.with({ signal: controller.signal })(1);
			controller.abort(new Error('enough'));
			await expect(waiting).rejects.toThrow('enough');
			await expect(call.spin.with({ timeout: 50 })()).rejects.toThrow(TimeoutError);
			await expect(Promise.all([call.add(1, 1), call.add(2, 2), call.add(3, 3)])).resolves.toEqual([2, 4, 6]);
		});
	});

	it('fails the item that runs longer than its timeout', async () => {
		await withPool({ backend, abortGrace: 50 }, async (pool) => {
			expect(await rejection(pool.map('spin' as 'exit', [1] as never[], { timeout: 50 }))).toBeInstanceOf(TimeoutError);
			expect(await pool.map('square', [2], { timeout: 10_000 })).toEqual([4]);
		});
	});

	it('rejects calls beyond maxQueue', async () => {
		await withPool({ backend, size: 1, maxQueue: 1 }, async ({ call }) => {
			const controller = new AbortController();
			const running = call.waitForAbort.with({ signal: controller.signal })(1);
			const waiting = call.add(1, 1);
			expect(await rejection(call.add(2, 2))).toBeInstanceOf(QueueFullError);
			controller.abort();
			await expect(running).rejects.toThrow();
			expect(await waiting).toBe(2);
		});
	});

	it('replaces a worker that has had its tasks, and gives it never more', async () => {
		await leavingNothing(async () => {
			const pool = await WorkerPool.open({ backend, size: 1, recycle: { tasks: 3 } });
			const ids = await pool.map(
				async () => `${process.pid}.${(await import('node:worker_threads')).threadId}`,
				Array.from({ length: 12 }, (_, n) => n),
			);
			const counts = [...new Set(ids)].map((id) => ids.filter((other) => other === id).length);
			expect(counts).toEqual([3, 3, 3, 3]);
			await pool[Symbol.asyncDispose]();
		});
	});

	it('gives up when workers end too often, and tells everyone', async () => {
		await withPool({ backend, restart: { max: 1, withinMs: 60_000 } }, async ({ call }) => {
			const results = await Promise.allSettled([call.exit(), call.exit(), call.exit(), call.exit()]);
			expect(results.every(({ status }) => status === 'rejected')).toBe(true);
			await vi.waitFor(async () => expect(await rejection(call.add(1, 1))).toBeInstanceOf(PoolFailedError));
		});
	});

	it('lets running calls end when it is disposed of, and rejects what waits', async () => {
		await leavingNothing(async () => {
			const pool = await WorkerPool.import<Jobs>(JOBS, { backend, size: 1 });
			const running = pool.call.add(1, 2);
			const waiting = rejection(pool.call.add(3, 4));
			await pool[Symbol.asyncDispose]();
			expect(await running).toBe(3);
			expect(await waiting).toBeInstanceOf(PoolClosedError);
			expect(await rejection(pool.call.add(1, 1))).toBeInstanceOf(PoolClosedError);
			expect(await rejection(pool.map('square', [1]))).toBeInstanceOf(PoolClosedError);
			await pool[Symbol.asyncDispose]();
		});
	});

	it('drains', async () => {
		await withPool({ backend }, async (pool) => {
			let settled = 0;
			for (let n = 0; n < 100; n += 1) void pool.call.add(n, 1).then(() => (settled += 1));
			await pool.drain();
			expect(settled).toBe(100);
			expect(pool.stats()).toMatchObject({ completed: 100, queued: 0, inFlight: 0, runMs: { count: 100 } });
		});
	});
});

describe('WorkerPool.import()', () => {
	it('rejects and leaves nothing when its workers cannot start', async () => {
		await leavingNothing(async () => {
			const missing = new URL('../fixtures/pool/missing.js', import.meta.url);
			expect(await rejection(WorkerPool.import(missing, { size: 2, backend: 'thread' }))).toBeInstanceOf(WorkerStartError);
		});
	});

	it('refuses options that mean nothing, and names the nearest', async () => {
		const error = await rejection(WorkerPool.open({ concurency: 2 } as WorkerPoolOptions));
		expect(error).toBeInstanceOf(OptionError);
		expect((error as Error).message).toBe('WorkerPool was not made: option `concurency` is unknown. Did you mean `concurrency`?');
		for (const options of [{ size: 0 }, { min: 3, max: 2 }, { size: 1, max: 2 }, { backend: 'thread', recycle: { rssBytes: 1 } }])
			expect(await rejection(WorkerPool.open(options as WorkerPoolOptions))).toBeInstanceOf(OptionError);
	});

	it('names `tasks` to whoever has misspelt it', async () => {
		expect(await rejection(WorkerPool.import(JOBS, { taks: {} } as object))).toMatchObject({
			message: 'WorkerPool was not made: option `taks` is unknown. Did you mean `tasks`?',
		});
	});

	it('refuses options that are no object, and tasks that are none', async () => {
		for (const [options, problem] of [
			[null, '`options` must be an object, not null'],
			[5, '`options` must be an object, not 5'],
			[[], '`options` must be an object, not an array'],
			[{ tasks: 5 }, '`tasks` must be an object, not 5'],
		] as const)
			for (const refused of [WorkerPool.open(options as object), WorkerPool.import(JOBS, options as object)])
				expect(await rejection(refused)).toEqual(
					expect.objectContaining({ message: `WorkerPool was not made: option ${problem}` }),
				);
	});

	it('knows no names of functions where there is no module', async () => {
		await leavingNothing(async () => {
			const pool = await WorkerPool.open({ backend: 'thread', size: 1 });
			const map = pool.map.bind(pool) as (name: string, items: unknown[]) => Promise<unknown>;
			expect(await rejection(map('nothing', [1]))).toMatchObject({
				code: 'ERR_COPROC_UNKNOWN_FUNCTION',
				message: 'call of `nothing` failed: worker "pool" has no function of that name; it exports no functions.',
			});
			await pool[Symbol.asyncDispose]();
		});
	});

	it('refuses a map over what cannot be mapped', async () => {
		await withPool({ backend: 'thread' }, async (pool) => {
			expect(await rejection(pool.map('sqare' as 'square', [1]))).toBeInstanceOf(UnknownFunctionError);
			await expect(pool.map('count' as 'square', [1])).rejects.toThrow('streams');
			await expect(pool.map('square', 5 as unknown as number[])).rejects.toThrow('must be an iterable');
			await expect(pool.map(Math.abs, [1])).rejects.toThrow('native');
		});
	});
});
