import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { PoolClosedError, QueueFullError } from 'coproc';
import { describe, expect, it, vi } from 'vitest';

import { untilBegun } from '../rpc/support/begun.ts';
import { collect, rejection } from '../rpc/support/with-worker.ts';
import { describeBothBackends, withPool } from './support/with-pool.ts';

const run = promisify(execFile);

describeBothBackends('a pool', (backend) => {
	it('begins calls that wait by priority, then in the order they were made', async () => {
		await withPool({ backend, size: 1 }, async ({ call }) => {
			const underway = await untilBegun(call.waitForAbort, {});
			const noted = [
				call.note('last'),
				call.note.with({ priority: 1 })('b'),
				call.note.with({ priority: 0 })('a'),
				call.note('very last'),
			];
			const end = rejection(underway.result);
			underway.abort(new Error('go on'));
			await end;
			await Promise.all(noted);
			expect(await call.notes()).toEqual(['a', 'b', 'last', 'very last']);
		});
	});

	it('refuses calls beyond maxQueue, and maps none the less', async () => {
		await withPool({ backend, size: 1, maxQueue: 2 }, async (pool) => {
			const { call } = pool;
			const underway = await untilBegun(call.waitForAbort, {});
			const waiting = [call.note('a'), call.note('b')];
			expect(await rejection(call.note('c'))).toBeInstanceOf(QueueFullError);
			const mapped = pool.map('double', [1, 2, 3, 4]);
			const end = rejection(underway.result);
			underway.abort(new Error('go on'));
			await Promise.all([end, ...waiting]);
			expect(await mapped).toEqual([2, 4, 6, 8]);
			expect(await call.notes()).toEqual(['a', 'b']);
		});
	});

	it('gives a place to a stream for as long as that goes on, and finalises it when its consumer stops', async () => {
		await withPool({ backend, size: 1 }, async (pool) => {
			const got: number[] = [];
			for await (const n of pool.call.count(1e9)) if (got.push(n) === 3) break;
			expect(got).toEqual([0, 1, 2]);
			expect(await pool.call.finalisedStreams()).toBe(1);
			expect(await collect(pool.call.count(100))).toHaveLength(100);
			await pool.drain();
			expect(pool.stats()).toMatchObject({ queued: 0, inFlight: 0 });
		});
	});

	it('starts workers when calls wait, and closes them when they have nothing to do', async () => {
		await withPool({ backend, min: 0, max: 2, idleTimeout: 30 }, async (pool) => {
			const underway = [await untilBegun(pool.call.waitForAbort, {}), await untilBegun(pool.call.waitForAbort, {})];
			expect(pool.stats().workers).toHaveLength(2);
			const ends = underway.map(({ result }) => rejection(result));
			for (const each of underway) each.abort(new Error('go on'));
			await Promise.all(ends);
			await vi.waitFor(() => expect(pool.stats().workers).toEqual([]), { timeout: 5000 });
			expect(await pool.call.double(2)).toBe(4);
			expect(pool.stats().restarts).toBe(0);
		});
	});

	it('gives a worker no more tasks than it may have, and loses none', async () => {
		await withPool({ backend, size: 2, recycle: { tasks: 10 } }, async (pool) => {
			const items = Array.from({ length: 200 }, (_, n) => n);
			expect(await pool.map('double', items)).toEqual(items.map((n) => 2 * n));
			expect(await Promise.all(items.map((n) => pool.call.double(n)))).toEqual(items.map((n) => 2 * n));
			expect(pool.stats().recycled).toBeGreaterThanOrEqual(38);
			expect(pool.stats()).toMatchObject({ restarts: 0, failed: 0 });
			// Node itself may lose a descriptor of a thread that is ended while it loads its modules; this test is about tasks.
			await vi.waitFor(() => expect(pool.stats().workers.map(({ state }) => state)).not.toContain('starting'), { timeout: 5000 });
		});
	});

	it('lets running calls end when it is disposed of, rejects the others, and takes no more', async () => {
		await withPool({ backend, size: 1 }, async (pool) => {
			const { call } = pool;
			const running = await untilBegun(call.waitForRelease, {});
			const queued = rejection(call.double(1));
			const urgent = rejection(call.double.with({ priority: 0 })(1));
			const mapped = rejection(pool.map('double', [1, 2]));
			const closed = pool[Symbol.asyncDispose]();
			expect(await queued).toBeInstanceOf(PoolClosedError);
			expect(await urgent).toBeInstanceOf(PoolClosedError);
			expect(await mapped).toBeInstanceOf(PoolClosedError);
			expect(await rejection(call.double(1))).toBeInstanceOf(PoolClosedError);
			expect(await rejection(pool.map('double', [1]))).toBeInstanceOf(PoolClosedError);
			running.abort(new Error('that will do'));
			expect(await rejection(running.result)).toMatchObject({ message: 'that will do' });
			await closed;
			await pool[Symbol.asyncDispose]();
		});
	});

	it('ends with the reason of its signal', async () => {
		const controller = new AbortController();
		await withPool({ backend, size: 1, signal: controller.signal }, async (pool) => {
			const running = await untilBegun(pool.call.waitForAbort, {});
			const mapped = rejection(pool.map('double', [1]));
			controller.abort(new Error('all of it'));
			for (const end of [rejection(running.result), mapped, rejection(pool.call.double(1))])
				expect(await end).toMatchObject({ message: 'all of it' });
		});
	});

	it('says how long calls waited and ran', async () => {
		await withPool({ backend, size: 1 }, async (pool) => {
			await Promise.all(Array.from({ length: 50 }, (_, n) => pool.call.double(n)));
			const { waitMs, runMs, completed } = pool.stats();
			expect([waitMs.count, runMs.count, completed]).toEqual([50, 50, 50]);
			expect(waitMs.p50).toBeLessThanOrEqual(waitMs.p99);
			expect(runMs.max).toBeGreaterThan(0);
		});
	});
});

describe('a pool after unref()', () => {
	it.each(['thread', 'process'])('lets the host end while its workers are idle, backend %s', async (backend) => {
		const program = `
			import { WorkerPool } from 'coproc';
			const pool = await WorkerPool.open({ backend: '${backend}', size: 2 });
			console.log(await pool.map((n) => n + 1, [1, 2]));
			pool.unref();
		`;
		const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { timeout: 15_000 });
		expect(stdout).toBe('[ 2, 3 ]\n');
	});
});
