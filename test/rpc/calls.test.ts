import { AsyncLocalStorage } from 'node:async_hooks';

import {
	type CurrentCall,
	DataCloneError,
	QueueFullError,
	UnknownFunctionError,
	WorkerExitedError,
	WorkerResource,
	WorkerStartError,
} from 'coproc';
import { describe, expect, it } from 'vitest';

import type * as arithmetic from '../fixtures/rpc/arithmetic.js';
import type * as dying from '../fixtures/rpc/dying.js';
import type * as failures from '../fixtures/rpc/failures.js';
import { leavingNothing } from '../support/leftovers.ts';
import { collect, describeEveryWay, fixture, rejection, withWorker } from './support/with-worker.ts';

/** In scope where an inline function runs; an import would be renamed here, and unknown there. */
declare const currentCall: () => CurrentCall;

type Arithmetic = typeof arithmetic;
type Dying = typeof dying;
type Failures = typeof failures;

describeEveryWay('a call', (way) => {
	it('gives what the function returns or resolves to, for any number of arguments', async () => {
		await withWorker<Arithmetic>('arithmetic', way, async (call) => {
			await expect(call.add(1, 2)).resolves.toBe(3);
			await expect(call.double(21)).resolves.toBe(42);
			await expect(
				Promise.all([call.countArguments(), call.countArguments(undefined), call.countArguments(1, 2, 3)]),
			).resolves.toEqual([0, 1, 3]);
		});
	});

	it('carries what messages carry, both ways: cycles, maps, bytes, undefined, large values', async () => {
		await withWorker<Arithmetic>('arithmetic', way, async (call) => {
			const cyclic: { self?: unknown; map: Map<string, bigint> } = { map: new Map([['a', 1n]]) };
			cyclic.self = cyclic;
			await expect(call.echo(cyclic)).resolves.toEqual(cyclic);
			await expect(call.echo(undefined)).resolves.toBeUndefined();
			await expect(call.echo([1, 2])).resolves.toEqual([1, 2]);
			const bytes = new Uint8Array(3_000_000).fill(7);
			expect(Buffer.compare((await call.echo(bytes)) as Uint8Array, bytes)).toBe(0);
		});
	});

	it('passes others: many are in flight at once, and each gets its own answer', async () => {
		await withWorker<Arithmetic>('arithmetic', way, async (call) => {
			const answers = await Promise.all(Array.from({ length: 2000 }, (_, n) => (n % 2 === 0 ? call.double(n) : call.add(n, n))));
			expect(answers).toEqual(Array.from({ length: 2000 }, (_, n) => 2 * n));
		});
	});

	it('keeps its answer apart from large ones that are under way', async () => {
		await withWorker<Arithmetic>('arithmetic', way, async (call) => {
			const sizes = [2_000_000, 10, 1_000_000, 20];
			const answers = await Promise.all(sizes.map((size) => call.echo('x'.repeat(size))));
			expect(answers.map((answer) => (answer as string).length)).toEqual(sizes);
		});
	});

	it('hands over what is listed in `transfer`', async () => {
		await withWorker<Arithmetic>('arithmetic', way, async (call) => {
			const buffer = new Uint8Array([1, 2, 3]).buffer;
			const back = await call.echo.with({ transfer: [buffer] })(buffer);
			expect(buffer.byteLength).toBe(0);
			expect([...new Uint8Array(back as ArrayBuffer)]).toEqual([1, 2, 3]);
		});
	});
});

describeEveryWay('a call that fails', (way) => {
	it('rejects with the class, message, code, own properties and cause of the error, and the stack of the worker', async () => {
		await withWorker<Failures>('failures', way, async (call) => {
			const error = (await rejection(call.failWith('too far'))) as RangeError & { code: string; detail: number[] };
			expect(error).toBeInstanceOf(RangeError);
			expect(error).toMatchObject({ message: 'too far', code: 'E_FIXTURE', detail: [1, 2], cause: { message: 'the cause' } });
			expect(error.stack).toMatch(/^RangeError: too far\n {4}at failWith \(.*failures\.js/);
		});
	});

	it('appends the functions of the host that await it to the stack, and leaves out how the worker called the function', async () => {
		await withWorker<Failures>('failures', way, async (call) => {
			async function asksTheWorker(): Promise<void> {
				await call.failWith('deep');
			}
			async function goesThroughAll(): Promise<void> {
				await Promise.all([call.giveThenable(), asksTheWorker()]);
			}
			const { stack } = (await rejection(goesThroughAll())) as Error;
			expect(stack).toMatch(
				/at failWith \(.*\n {4}---- failWith\(\) was called in worker "failures.js" by ----\n {4}at (?:async )?asksTheWorker .*\n(.*\n)* {4}at (?:async )?goesThroughAll /,
			);
			expect(stack).not.toMatch(/ServedCall|CallQueue|node:internal/);
		});
	});

	it('rejects with an AggregateError and all its errors', async () => {
		await withWorker<Failures>('failures', way, async (call) => {
			const error = (await rejection(call.failWithSeveral(['a', 'b']))) as AggregateError;
			expect(error).toBeInstanceOf(AggregateError);
			expect(error.errors.map(String)).toEqual(['TypeError: a', 'TypeError: b']);
		});
	});

	it('rejects with what is no error as it is', async () => {
		await withWorker<Failures>('failures', way, async (call) => {
			await expect(rejection(call.failWithText())).resolves.toBe('a text');
		});
	});

	it('rejects with what can be sent of an error that cannot be sent', async () => {
		await withWorker<Failures>('failures', way, async (call) => {
			const error = (await rejection(call.failWithFunction())) as Error & { callback: unknown };
			expect(error.message).toBe('holds a function');
			expect(error.callback).toBe('[Function: callback]');
		});
	});

	it('leaves the worker alive', async () => {
		await withWorker<Failures>('failures', way, async (call, worker) => {
			await rejection(call.failWith('once'));
			await rejection(call.giveFunction());
			await expect(call.giveThenable()).resolves.toBe(7);
			expect(worker.isAlive).toBe(true);
		});
	});
});

describeEveryWay('a value that cannot be sent', (way) => {
	it('rejects the call with its path, as an argument, and nothing was sent', async () => {
		await withWorker<Arithmetic>('arithmetic', way, async (call) => {
			const one = (await rejection(call.echo({ a: { b: () => 1 } }))) as DataCloneError;
			expect(one).toBeInstanceOf(DataCloneError);
			expect(one.path).toBe('arguments[0].a.b');
			expect(one.message).toMatch(/^`arguments\[0\]\.a\.b` cannot be sent: it is a function\./);
			const two = (await rejection(call.countArguments(1, Symbol('s')))) as DataCloneError;
			expect(two.path).toBe('arguments[1]');
			await expect(call.add(1, 2)).resolves.toBe(3);
		});
	});

	it('rejects the call with its path, as a result, and says of an iterator how to make it a stream', async () => {
		await withWorker<Failures>('failures', way, async (call) => {
			const error = (await rejection(call.giveFunction())) as DataCloneError;
			expect(error).toBeInstanceOf(DataCloneError);
			expect(error.path).toBe('result.rows[0].callback');
			await expect(call.giveIterator()).rejects.toThrow(
				/`result` cannot be sent: it is an iterator.*mark the function by stream\(\)/s,
			);
		});
	});

	it('rejects the call when its class is registered in the worker alone', async () => {
		await withWorker<Failures>('failures', way, async (call) => {
			const error = await rejection(call.failWithMoney());
			expect(error).toMatchObject({ code: 'ERR_COPROC_TYPE_NOT_REGISTERED', typeName: 'Money' });
			await expect(call.giveThenable()).resolves.toBe(7);
		});
	});
});

describe('resource.call', () => {
	const way = { backend: 'thread', transport: 'ring' } as const;

	it('is not thenable, and shows the functions that can be called', async () => {
		await withWorker<Arithmetic>('arithmetic', way, async (call) => {
			await expect(Promise.resolve(call)).resolves.toBe(call);
			expect(Object.keys(call)).toEqual(['add', 'countArguments', 'double', 'echo']);
			expect(JSON.stringify(call)).toBe('{}');
		});
	});

	it('rejects at once for a function that is not there, naming the nearest that is', async () => {
		await withWorker<Record<string, () => void>>('arithmetic', way, async (call) => {
			const error = (await rejection(call['duoble']?.() as Promise<void>)) as UnknownFunctionError;
			expect(error).toBeInstanceOf(UnknownFunctionError);
			expect(error).toMatchObject({ functionName: 'duoble', code: 'ERR_COPROC_UNKNOWN_FUNCTION' });
			expect(error.message).toBe(
				'call of `duoble` failed: worker "arithmetic.js" has no function of that name. Did you mean `double`?',
			);
			await expect(call['subtraction']?.()).rejects.toThrow('it exports `add`, `countArguments`, `double`, `echo`.');
			await expect(call['notAFunction']?.with({ timeout: 5 })()).rejects.toBeInstanceOf(UnknownFunctionError);
		});
	});

	it('calls the new worker after a restart, and rejects in between', async () => {
		await withWorker<Arithmetic>('arithmetic', way, async (call, worker) => {
			await worker.terminate();
			await expect(call.add(1, 2)).rejects.toBeInstanceOf(WorkerExitedError);
			await worker.start();
			await expect(call.add(1, 2)).resolves.toBe(3);
		});
	});

	it('refuses options that are unknown or mean nothing, at once', async () => {
		await withWorker<Arithmetic>('arithmetic', way, async ({ add }) => {
			expect(() => add.with({ timout: 5 } as object)).toThrow(
				'with() was refused: option `timout` is unknown. Did you mean `timeout`?',
			);
			expect(() => add.with({ timeout: -1 })).toThrow('`timeout` must be a number of milliseconds, 0 or more, not -1');
			expect(() => add.with({ priority: Number.NaN })).toThrow('`priority` must be a number that can be ordered, not NaN');
			expect(() => add.with({ signal: {} as AbortSignal })).toThrow('`signal` must be an AbortSignal');
		});
	});

	it('bounds the bytes of calls that are not answered, and takes calls again when they are', async () => {
		const options = { ...way, maxQueuedBytes: 100_000, highWaterMark: 1000 };
		await withWorker<Arithmetic>('arithmetic', options, async (call) => {
			const calls = Array.from({ length: 5 }, () => call.echo('x'.repeat(30_000)));
			const settled = await Promise.allSettled(calls);
			expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
			expect((settled[3] as PromiseRejectedResult).reason).toBeInstanceOf(QueueFullError);
			// One is always taken when none is pending.
			await expect(call.echo('x'.repeat(200_000))).resolves.toHaveLength(200_000);
		});
	});

	it('keeps the AsyncLocalStorage context of the caller', async () => {
		await withWorker<Arithmetic>('arithmetic', way, async (call) => {
			const storage = new AsyncLocalStorage<number>();
			const seen = await Promise.all(
				[1, 2, 3].map((n) => storage.run(n, async () => [await call.double(n), storage.getStore()] as const)),
			);
			expect(seen).toEqual([
				[2, 1],
				[4, 2],
				[6, 3],
			]);
		});
	});
});

describe('WorkerResource.import()', () => {
	it('rejects for a module that is missing, throws, or exports no functions', async () => {
		await leavingNothing(async () => {
			await expect(WorkerResource.import(fixture('missing'), { backend: 'thread' })).rejects.toThrow(
				/missing\.js does not exist/,
			);
			const nothing = new URL('data:text/javascript,export const a = 1; export class B {}');
			await expect(WorkerResource.import(nothing, { backend: 'thread' })).rejects.toThrow(/exports no functions/);
			await expect(WorkerResource.import(nothing, { backend: 'thread' })).rejects.toBeInstanceOf(WorkerStartError);
		});
		await expect(WorkerResource.import(fixture('arithmetic'), { export: 'add' } as object)).rejects.toThrow(
			'option `export` means nothing to a worker that answers calls',
		);
		await expect(WorkerResource.import(42 as unknown as string)).rejects.toThrow(
			'it takes a URL or a path, not a value of type number',
		);
	});

	it('finds the functions of a default export, and of a CommonJS module', async () => {
		await leavingNothing(async () => {
			const module = new URL('data:text/javascript,export default { twice: (n) => 2 * n };');
			const worker = await WorkerResource.import<{ twice(n: number): number }>(module, { backend: 'thread' });
			await expect(worker.call.twice(2)).resolves.toBe(4);
			await worker[Symbol.asyncDispose]();
		});
	});

	it('answers what had come before it was asked to close', async () => {
		await leavingNothing(async () => {
			const worker = await WorkerResource.import<Arithmetic>(fixture('arithmetic'), { backend: 'thread' });
			const calls = Array.from({ length: 100 }, (_, n) => worker.call.double(n));
			const large = worker.call.echo('x'.repeat(3_000_000));
			const exit = await worker.join();
			expect(exit.exitCode).toBe(0);
			await expect(large).resolves.toHaveLength(3_000_000);
			expect(await Promise.all(calls)).toEqual(Array.from({ length: 100 }, (_, n) => 2 * n));
			await expect(worker.call.double(1)).rejects.toBeInstanceOf(WorkerExitedError);
		});
	});

	it('leaves messages of the host in their queue, and throws no error at disposal that a call has told', async () => {
		await withWorker<Dying>('dying', { backend: 'process', transport: 'ring' }, async (call, worker) => {
			worker.messenger.sendNorequest('nobody receives this');
			await expect(call.echo(3)).resolves.toBe(3);
			const pending = rejection(call.wait());
			process.kill(worker.pid as number, 'SIGKILL');
			await worker.exited;
			await pending;
		});
	});
});

describe('WorkerResource.wrap()', () => {
	it('calls a self-contained function, which streams if it is a generator', async () => {
		await leavingNothing(async () => {
			const adder = await WorkerResource.wrap((a: number, b: number) => a + b, { backend: 'thread' });
			await expect(adder.call(1, 2)).resolves.toBe(3);
			await expect(adder.call.with({ timeout: 5000 })(3, 4)).resolves.toBe(7);
			await expect(Promise.resolve(adder.call)).resolves.toBe(adder.call);
			await adder[Symbol.asyncDispose]();
			const counter = await WorkerResource.wrap(
				function* count(end: number) {
					for (let n = 0; n < end; n += 1) yield n;
				},
				{ backend: 'thread' },
			);
			expect(await collect(counter.call(3))).toEqual([0, 1, 2]);
			await counter[Symbol.asyncDispose]();
		});
	});

	it('has currentCall() in scope, across awaits', async () => {
		await leavingNothing(async () => {
			const worker = await WorkerResource.wrap(
				async function named() {
					await Promise.resolve();
					return currentCall().name;
				},
				{ backend: 'thread' },
			);
			await expect(worker.call()).resolves.toBe('named');
			await worker[Symbol.asyncDispose]();
		});
	});

	it('says why a name of the surrounding code is missing', async () => {
		await leavingNothing(async () => {
			const outside = 5;
			const worker = await WorkerResource.wrap(() => outside, { backend: 'thread' });
			await expect(worker.call()).rejects.toThrow(/Only the source of an inline target is shipped/);
			await worker[Symbol.asyncDispose]();
		});
	});

	it('refuses a class and what is no function', async () => {
		await leavingNothing(async () => {
			class Shape {
				readonly sides = 4;
			}
			await expect(WorkerResource.wrap(Shape as unknown as () => void, { backend: 'thread' })).rejects.toThrow(
				/takes a function/,
			);
		});
		await expect(WorkerResource.wrap('text' as unknown as () => void)).rejects.toThrow(
			'it takes a function, not a value of type string',
		);
	});
});
