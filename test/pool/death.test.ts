import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PoolFailedError, type WorkerExitedError, WorkerPool } from 'coproc';
import { describe, expect, it, vi } from 'vitest';

import { untilBegun } from '../rpc/support/begun.ts';
import { collect, deferred, rejection } from '../rpc/support/with-worker.ts';
import { leavingNothing } from '../support/leftovers.ts';
import { describeBothBackends, withPool, WORK } from './support/with-pool.ts';

// A replacement is a process that starts, which takes its time on a busy machine.
describe('a worker process of a pool that is killed', { timeout: 60_000 }, () => {
	it('rejects the call that it had begun, and moves those that it had not', async () => {
		await withPool({ size: 1, concurrency: 2 }, async ({ call }) => {
			const begun = deferred<number>();
			const running = call.waitForAbort.with({ onProgress: begun.resolve })();
			running.catch(() => {});
			const pid = await begun.promise;
			// The other place is taken too, so what follows waits in the worker or in the pool.
			const second = deferred<number>();
			const other = call.waitForRelease.with({ onProgress: second.resolve })();
			other.catch(() => {});
			await second.promise;
			const queued = Array.from({ length: 20 }, (_, n) => call.double(n));
			process.kill(pid, 'SIGKILL');
			expect(await rejection(running)).toMatchObject({ code: 'ERR_COPROC_WORKER_EXITED', signal: 'SIGKILL' });
			expect(await rejection(other)).toMatchObject({ signal: 'SIGKILL' });
			expect(await Promise.all(queued)).toEqual(Array.from({ length: 20 }, (_, n) => 2 * n));
			expect(await call.whoAmI()).not.toBe(pid);
		});
	});

	it('leaves the others alone', async () => {
		await withPool({ size: 2 }, async (pool) => {
			const begun = deferred<number>();
			const first = rejection(pool.call.waitForAbort.with({ onProgress: begun.resolve })());
			const pid = await begun.promise;
			const other = await untilBegun(pool.call.waitForAbort, {});
			process.kill(pid, 'SIGKILL');
			expect(await first).toMatchObject({ signal: 'SIGKILL' });
			await vi.waitFor(() => expect(pool.stats().workers.map(({ state }) => state)).toEqual(['serving', 'serving']), 30_000);
			expect(await pool.call.double(2)).toBe(4);
			other.abort(new Error('it was still there'));
			expect(await rejection(other.result)).toMatchObject({ message: 'it was still there' });
			expect(pool.stats().restarts).toBe(1);
		});
	});

	it('has its item run again where `retry` says so, and rejects the map where not', async () => {
		await withPool({ size: 1 }, async (pool) => {
			const kill = async (retry: number): Promise<unknown> => {
				let kills = 0;
				const onProgress = (): void => {
					if (kills++ === 0) process.kill(pool.stats().workers[0]?.pid as number, 'SIGKILL');
				};
				return pool.map(
					'doubleUnevenly',
					Array.from({ length: 300 }, (_, n) => n),
					{ retry, onProgress, chunkSize: 1 },
				);
			};
			await expect(kill(3)).resolves.toEqual(Array.from({ length: 300 }, (_, n) => 2 * n));
			expect(pool.stats().restarts).toBe(1);
			await expect(pool.map('exit', [3])).rejects.toMatchObject({ code: 'ERR_COPROC_WORKER_EXITED', exitCode: 3 });
			await expect(pool.map('exit', [3], { retry: 2 })).rejects.toMatchObject({ exitCode: 3 });
			expect(pool.stats()).toMatchObject({ restarts: 5 });
			await expect(pool.map('double', [1])).resolves.toEqual([2]);
		});
	});

	it('ends its streams, and those that had not begun move', async () => {
		await withPool({ size: 1 }, async (pool) => {
			const stream = pool.call.hangAfterOne();
			expect(await stream.next()).toEqual({ value: 0, done: false });
			const next = rejection(stream.next());
			const waiting = collect(pool.call.count(5));
			process.kill(pool.stats().workers[0]?.pid as number, 'SIGKILL');
			expect(await next).toMatchObject({ signal: 'SIGKILL' });
			expect(await waiting).toEqual([0, 1, 2, 3, 4]);
		});
	});
});

describe('a pool whose workers end over and over', () => {
	it('gives up, tells everyone why, and leaves nothing', async () => {
		await withPool({ backend: 'process', size: 1, restart: { max: 2, withinMs: 60_000 } }, async ({ call }) => {
			const ends = await Promise.all([rejection(call.exit(3)), rejection(call.exit(3)), rejection(call.exit(3))]);
			expect(ends.map((end) => (end as WorkerExitedError).exitCode)).toEqual([3, 3, 3]);
			const error = await rejection(call.double(1));
			expect(error).toBeInstanceOf(PoolFailedError);
			expect(error).toMatchObject({ cause: { code: 'ERR_COPROC_WORKER_EXITED', exitCode: 3 } });
		});
	});
});

describeBothBackends('a pool that is opened', (backend) => {
	it('rejects when a worker ends before the others have started', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'coproc-pool-'));
		// The first worker ends once the second is there, which never finishes loading.
		const source = `
			import { existsSync, mkdirSync } from 'node:fs';
			const [first, second] = ${JSON.stringify([join(folder, 'first'), join(folder, 'second')])};
			const endSoon = () => (existsSync(second) ? process.exit(4) : setImmediate(endSoon));
			let isFirst = true;
			try { mkdirSync(first); } catch { isFirst = false; }
			if (isFirst) endSoon();
			else {
				mkdirSync(second);
				await new Promise(() => setInterval(() => {}, 1000));
			}
			export const f = () => 1;
		`;
		try {
			await leavingNothing(async () => {
				const module = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
				expect(String(await rejection(WorkerPool.import(module, { backend, size: 2 })))).toMatch(/exit code 4/);
			});
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	it('rejects with the reason of an abort that comes meanwhile', async () => {
		await leavingNothing(async () => {
			const controller = new AbortController();
			const opened = rejection(WorkerPool.import(WORK, { backend, size: 2, signal: controller.signal }));
			setImmediate(() => controller.abort(new Error('not any more')));
			expect(await opened).toMatchObject({ message: 'not any more' });
		});
	});
});

describeBothBackends('a call that is given up', (backend) => {
	it('leaves the queue, or its worker, and the pool serves on', async () => {
		await withPool({ backend, size: 1 }, async ({ call }) => {
			const underway = await untilBegun(call.waitForAbort, {});
			const controller = new AbortController();
			const queued = rejection(call.note.with({ signal: controller.signal })('never'));
			const late = rejection(call.note.with({ timeout: 1 })('never'));
			controller.abort(new Error('enough'));
			expect(await queued).toMatchObject({ message: 'enough' });
			expect(await late).toMatchObject({ code: 'ERR_COPROC_TIMEOUT' });
			underway.abort(new Error('now you'));
			expect(await rejection(underway.result)).toMatchObject({ message: 'now you' });
			expect(await call.notes()).toEqual([]);
		});
	});

	it('has its worker replaced when it ignores that, and what waits there runs elsewhere', async () => {
		await withPool({ backend, size: 1, abortGrace: 10, killGrace: 10 }, async (pool) => {
			const underway = await untilBegun(pool.call.hang, {});
			const queued = pool.call.double(4);
			underway.abort(new Error('stop'));
			expect(await rejection(underway.result as Promise<unknown>)).toMatchObject({ message: 'stop' });
			expect(await queued).toBe(8);
			expect(pool.stats().restarts).toBe(0);
		});
	});

	it('is given up by its own argument, while that is being sent', async () => {
		await withPool({ backend, size: 1 }, async (pool) => {
			const controller = new AbortController();
			const argument = {
				get text(): string {
					controller.abort(new Error('on second thoughts'));
					return 'x';
				},
			};
			const call = pool.call.note.with({ signal: controller.signal })(argument as unknown as string);
			expect(await rejection(call)).toMatchObject({ message: 'on second thoughts' });
			await pool.drain();
			expect(pool.stats()).toMatchObject({ queued: 0, inFlight: 0 });
			expect(await pool.call.double(2)).toBe(4);
		});
	});

	it('hands its buffers over once', async () => {
		await withPool({ backend, size: 1 }, async ({ call }) => {
			const buffer = new ArrayBuffer(16);
			expect(await call.byteLength.with({ transfer: [buffer] })(buffer)).toBe(16);
			expect(buffer.byteLength).toBe(0);
		});
	});
});
