import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { InvalidArgumentError, OptionError, UnknownFunctionError } from 'coproc';
import { describe, expect, it, vi } from 'vitest';

import { collect, deferred, rejection } from '../rpc/support/with-worker.ts';
import { describeBothBackends, WORK, withPool } from './support/with-pool.ts';

const upTo = (end: number): number[] => Array.from({ length: end }, (_, n) => n);
const doubled = (end: number): number[] => upTo(end).map((n) => 2 * n);

/** An endless input that notes how far it was read and whether it was closed. */
function endless() {
	const input = { read: 0, isClosed: false, items };
	function* items(): Generator<number, void, undefined> {
		try {
			for (;;) yield input.read++;
		} finally {
			input.isClosed = true;
		}
	}
	return input;
}

async function* slowly(items: Iterable<number>): AsyncGenerator<number, void, undefined> {
	for (const item of items) {
		await nextTurn();
		yield item;
	}
}

describeBothBackends('a map', (backend) => {
	it('gives results in the order of the items, however they came', async () => {
		await withPool({ backend, size: 3 }, async (pool) => {
			await expect(pool.map('doubleUnevenly', upTo(200), { chunkSize: 3 })).resolves.toEqual(doubled(200));
			await expect(pool.map('doubleUnevenly', upTo(200))).resolves.toEqual(doubled(200));
			await expect(collect(pool.stream('doubleUnevenly', upTo(200)))).resolves.toEqual(doubled(200));
			const unordered = await collect(pool.mapUnordered('doubleUnevenly', upTo(200)));
			expect(unordered.toSorted((a, b) => a - b)).toEqual(doubled(200));
		});
	});

	it('takes no items, one item, and fewer than workers', async () => {
		await withPool({ backend, size: 3 }, async (pool) => {
			for (const items of [[], [5], [5, 6]]) {
				const expected = items.map((n) => 2 * n);
				await expect(pool.map('double', items)).resolves.toEqual(expected);
				await expect(collect(pool.stream('double', items))).resolves.toEqual(expected);
				const unordered = await collect(pool.mapUnordered('double', slowly(items)));
				expect(unordered.toSorted((a, b) => a - b)).toEqual(expected);
			}
		});
	});

	it('fills chunks from an async input that has more at hand', async () => {
		await withPool({ backend, size: 2 }, async (pool) => {
			async function* atHand(): AsyncGenerator<number, void, undefined> {
				for (const n of upTo(5000)) {
					// As a file does: some at once, then the event loop has its turn.
					if (n % 200 === 0) await readFile(WORK);
					yield n;
				}
			}
			expect(await pool.map('double', atHand(), { chunkSize: 100 })).toEqual(doubled(5000));
			// 50 full ones, and some short ones at the beginning, when little is read ahead.
			expect(pool.stats().runMs.count).toBeLessThan(70);
		});
	});

	it('ships a self-contained function, and takes sets, generators and async inputs', async () => {
		await withPool({ backend, size: 2 }, async (pool) => {
			const half = (n: number): number => n / 2;
			await expect(pool.map(half, new Set([2, 4]))).resolves.toEqual([1, 2]);
			await expect(pool.map(half, slowly(doubled(50)))).resolves.toEqual(upTo(50));
			await expect(collect(pool.stream(async (n: number) => n + 1, slowly(upTo(50))))).resolves.toEqual(upTo(51).slice(1));
		});
	});

	it('rejects with the error of an item, and leaves the pool healthy', async () => {
		await withPool({ backend, size: 2 }, async (pool) => {
			await expect(pool.map('failAtThree', upTo(100))).rejects.toThrow(RangeError);
			await expect(collect(pool.mapUnordered('failAtThree', upTo(100)))).rejects.toThrow('no threes');
			const before: number[] = [];
			const stream = pool.stream('failAtThree', upTo(100));
			const error = await rejection(
				(async () => {
					for await (const n of stream) before.push(n);
				})(),
			);
			expect(error).toMatchObject({ message: 'no threes' });
			expect(before).toEqual([0, 1, 2]);
			await expect(pool.map('double', upTo(50))).resolves.toEqual(doubled(50));
			expect(pool.stats().restarts).toBe(0);
		});
	});

	it('goes on after items that fail, where that is asked for', async () => {
		await withPool({ backend, size: 2 }, async (pool) => {
			const settled = await pool.map('failAtThree', upTo(6), { settled: true });
			expect(settled.map(({ index, status }) => [index, status])).toEqual(
				upTo(6).map((n) => [n, n === 3 ? 'rejected' : 'fulfilled']),
			);
			expect(settled[3]).toMatchObject({ reason: { message: 'no threes' } });
		});
	});

	it('fails only the item that cannot be sent', async () => {
		await withPool({ backend, size: 2 }, async (pool) => {
			const items: unknown[] = [1, () => 1, 3];
			const settled = await pool.map((item: unknown) => item, items, { settled: true, chunkSize: 3 });
			expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
			expect(settled[1]).toMatchObject({ reason: { name: 'DataCloneError' } });
			await expect(pool.map((item: unknown) => item, items)).rejects.toThrow('items[1]');
		});
	});

	it('gives the results of what came before an input that throws half-way', async () => {
		await withPool({ backend, size: 2 }, async (pool) => {
			function* breaking(): Generator<number, void, undefined> {
				yield* upTo(10);
				throw new TypeError('the input broke');
			}
			for (const items of [() => breaking(), () => slowly(breaking())]) {
				const got: number[] = [];
				const consumed = (async () => {
					for await (const n of pool.stream('double', items(), { chunkSize: 4 })) got.push(n);
				})();
				await expect(consumed).rejects.toThrow('the input broke');
				expect(got).toEqual(doubled(10));
				await expect(pool.map('double', items())).rejects.toThrow('the input broke');
			}
			await expect(pool.map('double', [1])).resolves.toEqual([2]);
		});
	});

	it('reads an endless input only as far as the consumer comes, and closes it when that stops', async () => {
		await withPool({ backend, size: 2 }, async (pool) => {
			for (const method of ['stream', 'mapUnordered'] as const) {
				const input = endless();
				const results = pool[method]('double', input.items(), { chunkSize: 1 });
				expect(input.read).toBe(0);
				await results.next();
				await pool.drain();
				// Two workers, four chunks of one item held for each, and the one that was taken.
				expect(input.read).toBeLessThanOrEqual(9);
				for (let taken = 1; taken < 100; taken += 1) await results.next();
				await pool.drain();
				expect(input.read).toBeLessThanOrEqual(108);
				await results.return();
				expect(input.isClosed).toBe(true);
				await expect(results.next()).resolves.toEqual({ value: undefined, done: true });
			}
			await expect(pool.map('double', [4])).resolves.toEqual([8]);
		});
	});

	it('stops at the break of its consumer, with an async input too', async () => {
		await withPool({ backend, size: 2 }, async (pool) => {
			const input = endless();
			const got: number[] = [];
			for await (const n of pool.stream('double', slowly(input.items()))) if (got.push(n) === 3) break;
			expect(got).toEqual([0, 2, 4]);
			// It was waiting for its own next item, and takes the end after that.
			await vi.waitFor(() => expect(input.isClosed).toBe(true));
		});
	});

	it('tells its progress, up to the end', async () => {
		await withPool({ backend, size: 2 }, async (pool) => {
			const told: number[] = [];
			await pool.map('double', upTo(40), { onProgress: ({ completed, total }) => void (total === 40 && told.push(completed)) });
			expect(told.at(-1)).toBe(40);
			expect(told).toEqual(told.toSorted((a, b) => a - b));
			const broken = pool.map('double', upTo(40), {
				onProgress: () => {
					throw new Error('no ears');
				},
			});
			await expect(broken).rejects.toThrow('no ears');
		});
	});

	it('rejects with the reason of an abort, at once and before it starts', async () => {
		await withPool({ backend, size: 1 }, async (pool) => {
			const controller = new AbortController();
			const input = endless();
			const onProgress = (): void => controller.abort(new Error('enough'));
			await expect(pool.map('double', input.items(), { signal: controller.signal, onProgress })).rejects.toThrow('enough');
			expect(input.isClosed).toBe(true);
			await expect(pool.map('double', [1], { signal: controller.signal })).rejects.toThrow('enough');
			await expect(pool.map('double', [1])).resolves.toEqual([2]);
		});
	});

	it('gives an item that runs too long up, and nothing else', async () => {
		await withPool({ backend, size: 1, abortGrace: 10_000 }, async (pool) => {
			const settled = await pool.map('waitForAbort', [0], { timeout: 20, settled: true } as const);
			expect(settled).toMatchObject([{ status: 'rejected', reason: { code: 'ERR_COPROC_TIMEOUT' } }]);
			await expect(pool.map('double', [1], { timeout: 2 ** 40 })).resolves.toEqual([2]);
		});
	});

	it('is waited for by drain()', async () => {
		await withPool({ backend, size: 1 }, async (pool) => {
			const gate = deferred<undefined>();
			async function* gated(): AsyncGenerator<number, void, undefined> {
				yield 1;
				await gate.promise;
				yield 2;
			}
			let isDrained = false;
			const firstIsIn = deferred<undefined>();
			const mapped = pool.map('double', gated(), { onProgress: () => firstIsIn.resolve(undefined) });
			const drained = pool.drain().then(() => (isDrained = true));
			await firstIsIn.promise;
			await nextTurn();
			expect(isDrained).toBe(false);
			gate.resolve(undefined);
			await expect(mapped).resolves.toEqual([2, 4]);
			await drained;
		});
	});
});

describe('what a map refuses', () => {
	it('says what it takes instead', async () => {
		await withPool({ backend: 'thread', size: 1 }, async (pool) => {
			const untyped = pool as unknown as { map(...args: unknown[]): Promise<unknown>; stream(...args: unknown[]): unknown };
			await expect(untyped.map('doubel', [1])).rejects.toThrow(UnknownFunctionError);
			await expect(untyped.map('count', [1])).rejects.toThrow(/`count` streams/);
			await expect(untyped.map(7, [1])).rejects.toThrow(InvalidArgumentError);
			await expect(untyped.map('double', 7)).rejects.toThrow(/items must be an iterable/);
			await expect(untyped.map('double', [1], { chunkSize: 0 })).rejects.toThrow(OptionError);
			expect(() => untyped.stream('double', [1], { chunksize: 1 })).toThrow('chunkSize');
			await expect(untyped.map(Math.sqrt, [1])).rejects.toThrow(/native or bound/);
		});
	});

	it('names unknown options of the pool', async () => {
		const { WorkerPool } = await import('coproc');
		await expect(WorkerPool.import(WORK, { sise: 1 } as object)).rejects.toThrow('size');
		await expect(WorkerPool.import(WORK, { size: 1, min: 1 })).rejects.toThrow('excludes');
	});
});
