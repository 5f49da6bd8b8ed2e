import { type CallOptions, WorkerResource } from 'coproc';
import { expect, it } from 'vitest';

import type * as hostile from '../fixtures/rpc/hostile.js';
import { leavingNothing } from '../support/leftovers.ts';
import { untilBegun } from './support/begun.ts';
import { collect, describeEveryWay, rejection, withWorker } from './support/with-worker.ts';

type Hostile = typeof hostile;
const MAX = 64 * 1024;

function revoked(): unknown {
	const { proxy, revoke } = Proxy.revocable({}, {});
	revoke();
	return proxy;
}

describeEveryWay('code that does what nobody expects', (way) => {
	it('exports `then` and `constructor`: the module loads, and nothing takes it for a promise', async () => {
		await withWorker<Hostile>('hostile', way, async (call) => {
			expect((call as { then?: unknown }).then).toBeUndefined();
			await expect(call.constructor()).resolves.toBe('constructed');
			await expect(call.echo(1)).resolves.toBe(1);
		});
	});

	it('throws an error too large to be sent: its beginning arrives, and the worker goes on', async () => {
		await withWorker<Hostile>('hostile', { ...way, maxMessageBytes: MAX }, async (call) => {
			const error = (await rejection(call.failAtLength(100_000))) as Error;
			expect(error).toMatchObject({ name: 'RangeError' });
			expect(error.message).toMatch(/^x{1000}\.\.\. \(cut, for it is too large to be sent\)$/);
			await expect(call.echo(1)).resolves.toBe(1);
		});
	});

	it('throws what cannot be read', async () => {
		await withWorker<Hostile>('hostile', way, async (call) => {
			expect(await rejection(call.failWithRevoked())).toBeInstanceOf(Error);
			expect(await rejection(call.failUnreadably())).toBeInstanceOf(Error);
			expect(await rejection(call.giveUnreadable())).toEqual(new RangeError('not readable'));
			await expect(call.echo(1)).resolves.toBe(1);
		});
	});

	it('streams what is no iterator result', async () => {
		await withWorker<Hostile>('hostile', way, async (call) => {
			expect(await rejection(collect(call.noResults()))).toEqual(new TypeError('iterator result 5 is not an object'));
		});
	});

	it('asks whether it was aborted in a getter of what it sends', async () => {
		await withWorker<Hostile>('hostile', way, async (call) => {
			const heard: unknown[] = [];
			const options: CallOptions = { onProgress: (value) => heard.push(value) };
			await expect(call.lookWhileSending.with(options)(300)).resolves.toBe(300);
			const text = 'x'.repeat(10_000);
			expect(heard).toEqual(Array.from({ length: 300 }, (_, at) => ({ at, isAborted: false, text })));
		});
	});

	it('aborts its call in a getter of an argument', async () => {
		await withWorker<Hostile>('hostile', { ...way, closeTimeout: 0 }, async (call) => {
			const controller = new AbortController();
			const reason = new Error('while it was sent');
			const wait = call.wait.with({ signal: controller.signal }) as (argument: object) => Promise<unknown>;
			const argument = {
				get value() {
					controller.abort(reason);
					return 1;
				},
			};
			expect(await rejection(wait(argument))).toBe(reason);
		});
	});

	it.each([
		['too large', 'x'.repeat(2 * MAX)],
		['an error too large', new Error('x'.repeat(2 * MAX))],
		['not readable', revoked()],
	])('aborts with a reason that is %s: the function sees that it was aborted', async (_what, reason) => {
		await withWorker<Hostile>('hostile', { ...way, maxMessageBytes: MAX, abortGrace: 60_000 }, async (call) => {
			const { result, abort } = await untilBegun(call.spin, {});
			abort(reason);
			const told = await result.then(
				() => [],
				(error: unknown) => [error],
			);
			expect(Object.is(told[0], reason)).toBe(true);
			await expect(call.echo(1)).resolves.toBe(1);
		});
	});

	it('ends a worker by an error too large to be sent', async () => {
		await leavingNothing(async () => {
			const worker = await WorkerResource.start(
				() => {
					throw new RangeError('x'.repeat(100_000));
				},
				{ ...way, maxMessageBytes: MAX },
			);
			const { error } = await worker.exited;
			expect(error).toMatchObject({ name: 'RangeError' });
			expect(await rejection(worker[Symbol.asyncDispose]())).toBe(error);
		});
	});
});
