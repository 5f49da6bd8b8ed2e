import { AsyncLocalStorage } from 'node:async_hooks';

import { DataCloneError } from 'coproc';
import { expect, it, vi } from 'vitest';

import type * as progress from '../fixtures/rpc/progress.js';
import { describeEveryWay, rejection, withWorker } from './support/with-worker.ts';

type Progress = typeof progress;

describeEveryWay('progress', (way) => {
	it('comes in order, and all of it before the result', async () => {
		await withWorker<Progress>('progress', way, async (call) => {
			for (const fn of [call.steps, call.stepsApart]) {
				const seen: number[] = [];
				const result = fn.with({ onProgress: (step: number) => seen.push(step) })(500);
				let seenAtResult = -1;
				await result.then(() => (seenAtResult = seen.length));
				expect(seenAtResult).toBe(500);
				expect(seen).toEqual(Array.from({ length: 500 }, (_, n) => n));
			}
		});
	});

	it('keeps its place before the result when it travels in fragments', async () => {
		await withWorker<Progress>('progress', way, async (call) => {
			const seen: unknown[] = [];
			const onProgress = (value: Uint8Array | string): void => void seen.push(value.length);
			seen.push(await call.largeProgress.with({ onProgress })(2_000_000));
			expect(seen).toEqual([2_000_000, 5, 'done']);
		});
	});

	it('is sent to nobody when nobody listens', async () => {
		await withWorker<Progress>('progress', way, async (call) => {
			await expect(call.steps(1000)).resolves.toBe(1000);
		});
	});

	it('comes while a function that never yields is running', async () => {
		await withWorker<Progress>('progress', { ...way, abortGrace: 60_000 }, async (call) => {
			const controller = new AbortController();
			let count = 0;
			const onProgress = (n: number): void => {
				expect(n).toBe(count);
				count += 1;
				if (count === 2000) controller.abort('seen enough');
			};
			const result = call.reportUntilAborted.with({ onProgress, signal: controller.signal })();
			await expect(rejection(result)).resolves.toBe('seen enough');
			expect(count).toBe(2000);
		});
	});

	it('is heard in the AsyncLocalStorage context of the caller', async () => {
		await withWorker<Progress>('progress', way, async (call) => {
			const storage = new AsyncLocalStorage<string>();
			const seen = new Set<string | undefined>();
			const calls = ['a', 'b'].map((name) =>
				storage.run(name, async () =>
					call.stepsApart.with({ onProgress: (n) => seen.add(`${storage.getStore()}${n as number}`) })(3),
				),
			);
			await Promise.all(calls);
			expect(seen).toEqual(new Set(['a0', 'a1', 'a2', 'b0', 'b1', 'b2']));
		});
	});

	it('whose listener throws gives up the call with that error', async () => {
		await withWorker<Progress>('progress', way, async (call, worker) => {
			const onProgress = vi.fn((step: number) => {
				if (step === 2) throw new RangeError(`at ${step}`);
			});
			for (const fn of [call.steps, call.stepsApart]) {
				onProgress.mockClear();
				await expect(fn.with({ onProgress })(10)).rejects.toThrow('at 2');
				expect(onProgress).toHaveBeenCalledTimes(3);
			}
			expect(await call.steps(1)).toBe(1);
			expect(worker.isAlive).toBe(true);
		});
	});

	it('that cannot be sent throws in the worker, naming the path', async () => {
		await withWorker<Progress>('progress', way, async (call) => {
			const error = (await rejection(call.functionAsProgress.with({ onProgress: () => {} })())) as DataCloneError;
			expect(error).toBeInstanceOf(DataCloneError);
			expect(error.path).toBe('progress.at');
		});
	});
});
