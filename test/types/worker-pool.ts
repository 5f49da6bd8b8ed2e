/*
 * What the compiler infers for pools. Nothing here runs: `npm run types` is the test.
 */
import { type MapStream, type RemoteStream, type SettledItem, WorkerPool, WorkerResourcePool } from 'coproc';
import { expectTypeOf } from 'vitest';

/** A module as a user writes one. */
const jobs = {
	measure: (path: string): number => path.length,
	load: async (path: string): Promise<Uint8Array> => new TextEncoder().encode(path),
	primes: function* (from: number): Generator<number, string, undefined> {
		yield from;
		return 'done';
	},
	limit: 10,
};

/** Calls are those of a resource. */
export async function infersCalls(): Promise<void> {
	await using pool = await WorkerPool.import<typeof jobs>('./jobs.js', { size: 2, recycle: { tasks: 100 } });
	expectTypeOf(pool.call.measure('a')).toEqualTypeOf<Promise<number>>();
	expectTypeOf(pool.call.primes(1)).toEqualTypeOf<RemoteStream<number, string>>();
	// @ts-expect-error a number where the function takes a text
	void pool.call.measure(1);
	// @ts-expect-error no such option
	void WorkerPool.open({ sise: 2 });
}

/** Maps take the function's first argument, and give its results. */
export async function infersMaps(): Promise<void> {
	await using pool = await WorkerPool.import<typeof jobs>('./jobs.js');
	expectTypeOf(pool.map('measure', ['a'])).toEqualTypeOf<Promise<number[]>>();
	expectTypeOf(pool.map('load', new Set(['a']))).toEqualTypeOf<Promise<Uint8Array[]>>();
	expectTypeOf(pool.map('measure', ['a'], { settled: true })).toEqualTypeOf<Promise<SettledItem<number>[]>>();
	expectTypeOf(pool.map('measure', ['a'], { chunkSize: 3 })).toEqualTypeOf<Promise<number[]>>();
	expectTypeOf(pool.stream('measure', ['a'])).toEqualTypeOf<MapStream<number>>();
	expectTypeOf(pool.mapUnordered((n: number) => String(n), [1])).toEqualTypeOf<MapStream<string>>();
	void pool.map('measure', ['a'], { onProgress: ({ completed }) => expectTypeOf(completed).toEqualTypeOf<number>() });
	// @ts-expect-error numbers where the function takes texts
	void pool.map('measure', [1]);
	// @ts-expect-error a stream is no result of an item
	void pool.map('primes', [1]);
	// @ts-expect-error a value, which cannot be called
	void pool.map('limit', [1]);
	// @ts-expect-error no such function
	void pool.map('measures', ['a']);
	// @ts-expect-error no such option
	void pool.map('measure', ['a'], { chunksize: 3 });
}

/** A pool without a module has nothing to call. */
export async function infersOpenPools(): Promise<void> {
	await using pool = await WorkerPool.open();
	expectTypeOf(pool.map(async (text: string) => text.length, ['a'])).toEqualTypeOf<Promise<number[]>>();
	// @ts-expect-error there is no module
	void pool.call.anything();
}

/** Groups start with the arguments of their target. */
export async function infersGroups(): Promise<void> {
	await using group = new WorkerResourcePool(2, (_messenger, _name: string) => {});
	await group.start('a');
	expectTypeOf(await group.applyToWorkers(async ({ name }) => name)).toEqualTypeOf<string[]>();
	// @ts-expect-error a number where the target takes a text
	await group.start(1);
}
