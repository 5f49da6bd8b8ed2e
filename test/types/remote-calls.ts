/*
 * What the compiler infers for calls of a worker's functions. Nothing here runs: `npm run types` is the test.
 */
import { currentCall, defineTask, type Remote, type RemoteStream, stream, WorkerResource } from 'coproc';
import { expectTypeOf } from 'vitest';
import { z } from 'zod';

/** A module as a user writes one. */
const jobs = {
	fib: (n: number): number => n,
	load: async (path: string, options?: { encoding: string }): Promise<Uint8Array> =>
		new TextEncoder().encode(path + options?.encoding),
	primes: function* (from: number): Generator<number, string, undefined> {
		yield from;
		return 'done';
	},
	lines: async function* (path: string): AsyncGenerator<string, void, undefined> {
		yield path;
	},
	words: stream((text: string) => new Set([text])),
	wordsLater: stream(async (text: string) => [text]),
	nothing: (): void => {},
	fails: (): never => {
		throw new Error('always');
	},
	anything: (): unknown => 1,
	limit: 10,
	Shape: class {
		readonly sides = 4;
	},
	// oxlint-disable-next-line unicorn/no-thenable
	then: (): number => 1,
	resize: defineTask({
		input: z.object({ width: z.coerce.number<string>() }),
		output: z.string().transform(Number),
		run: ({ width }) => String(width satisfies number),
	}),
	halves: defineTask({
		output: z.number(),
		run: function* (from: unknown) {
			yield Number(from) / 2;
		},
	}),
};

/** Functions give promises of what they return, with the arguments that they take. */
export async function infersCalls(): Promise<void> {
	await using worker = await WorkerResource.import<typeof jobs>(new URL('file:///jobs.js'));
	const { call } = worker;
	expectTypeOf(call.fib(40)).toEqualTypeOf<Promise<number>>();
	expectTypeOf(call.load('a')).toEqualTypeOf<Promise<Uint8Array>>();
	expectTypeOf(call.load('a', { encoding: 'utf8' })).toEqualTypeOf<Promise<Uint8Array>>();
	expectTypeOf(call.nothing()).toEqualTypeOf<Promise<void>>();
	expectTypeOf(call.fails()).toEqualTypeOf<Promise<never>>();
	expectTypeOf(call.anything()).toEqualTypeOf<Promise<unknown>>();
	expectTypeOf(call.fib.with({ timeout: 10, priority: 0 })(1)).toEqualTypeOf<Promise<number>>();
	// @ts-expect-error a text where the function takes a number
	void call.fib('40');
	// @ts-expect-error too few
	void call.fib();
	// @ts-expect-error too many
	void call.fib(1, 2);
	// @ts-expect-error no such function
	void call.fob(1);
	// @ts-expect-error a value, which cannot be called
	void call.limit();
	// @ts-expect-error a class, which cannot be called
	void call.Shape();
	// @ts-expect-error a text where the function takes a number, with options
	void call.fib.with({ timeout: 10 })('1');
	// @ts-expect-error no such option
	void call.fib.with({ timout: 10 });
	// @ts-expect-error options are no arguments
	void call.fib(1, { timeout: 10 });
}

/** Generators and what `stream()` marks give streams. */
export async function infersStreams(): Promise<void> {
	await using worker = await WorkerResource.import<typeof jobs>('./jobs.js');
	const { call } = worker;
	expectTypeOf(call.primes(10)).toEqualTypeOf<RemoteStream<number, string>>();
	expectTypeOf(call.lines('a')).toEqualTypeOf<RemoteStream<string>>();
	expectTypeOf(call.words('a b')).toEqualTypeOf<RemoteStream<string, unknown>>();
	expectTypeOf(call.wordsLater('a b')).toEqualTypeOf<RemoteStream<string, unknown>>();
	for await (const prime of call.primes(10)) expectTypeOf(prime).toEqualTypeOf<number>();
	for await (const prime of call.primes.with({ timeout: 10 })(10)) expectTypeOf(prime).toEqualTypeOf<number>();
	const last = await call.primes(1).next();
	if (last.done) expectTypeOf(last.value).toEqualTypeOf<string>();
	// @ts-expect-error a stream is no promise
	void call.primes(10).then(String);
	// @ts-expect-error a text where the generator takes a number
	void call.primes('10');
}

/** `call` is not thenable, whatever the module exports. */
export function isNotThenable(call: Remote<typeof jobs>): void {
	expectTypeOf(call).not.toHaveProperty('then');
	expectTypeOf<Awaited<typeof call>>().toEqualTypeOf<typeof call>();
}

/** Progress is what the listener says that it takes. */
export function typesProgress(call: Remote<typeof jobs>): void {
	void call.fib.with({ onProgress: (done: number) => done.toFixed() })(1);
	void call.fib.with({ onProgress: (done) => expectTypeOf(done).toBeUnknown() })(1);
}

/** A wrapped function is `call` itself. */
export async function infersWrapped(): Promise<void> {
	await using adder = await WorkerResource.wrap((a: number, b: number) => a + b);
	expectTypeOf(adder.call(1, 2)).toEqualTypeOf<Promise<number>>();
	// @ts-expect-error too few
	void adder.call(1);
	await using counter = await WorkerResource.wrap(function* (end: number) {
		for (let n = 0; n < end; n += 1) yield n;
	});
	for await (const n of counter.call(3)) expectTypeOf(n).toEqualTypeOf<number>();
	// @ts-expect-error a module, which is no function
	void WorkerResource.wrap('./jobs.js');
}

/** A task takes what its input schema takes, and gives what its output schema gives. */
export async function infersTasks(call: Remote<typeof jobs>): Promise<void> {
	expectTypeOf(call.resize({ width: '5' })).toEqualTypeOf<Promise<number>>();
	expectTypeOf(await jobs.resize({ width: '5' })).toEqualTypeOf<number>();
	for await (const half of call.halves(8)) expectTypeOf(half).toEqualTypeOf<number>();
	// @ts-expect-error the input of the schema is a text
	void call.resize({ width: 5 });
	// @ts-expect-error nothing to resize
	void call.resize();
	defineTask({
		input: z.number(),
		output: z.string(),
		// @ts-expect-error gives a number where the schema takes a text
		run: (n) => n,
	});
	await WorkerResource.import<typeof jobs>('./jobs.js', { tasks: { resize: jobs.resize } });
}

/** A module that nothing is known about can be called all the same. */
export async function allowsUntyped(): Promise<void> {
	await using worker = await WorkerResource.import('./jobs.js');
	expectTypeOf(await worker.call['fib']?.(1)).toBeUnknown();
	for await (const prime of worker.call['primes']?.(10) ?? []) expectTypeOf(prime).toBeUnknown();
	// @ts-expect-error the export is not chosen, all can be called
	await WorkerResource.import('./jobs.js', { export: 'fib' });
}

/** Inside a call. */
export function typesTheCurrentCall(): void {
	const call = currentCall();
	expectTypeOf(call.signal).toEqualTypeOf<AbortSignal>();
	expectTypeOf(call.aborted).toEqualTypeOf<boolean>();
	expectTypeOf(call.deadline).toEqualTypeOf<number | undefined>();
	expectTypeOf(call.progress(1)).toEqualTypeOf<boolean>();
}
