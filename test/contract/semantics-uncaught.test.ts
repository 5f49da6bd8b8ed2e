import { describe, expect, it } from 'vitest';

import { COMBINATIONS } from './support/combinations.ts';
import { workersOfEachTest } from './support/workers.ts';

describe.each(COMBINATIONS)('7.6 Uncaught error in the worker: over $name', ({ backend, transport }) => {
	const workers = workersOfEachTest();
	const options = { backend, transport } as const;

	it('keeps its class, message, stack, cause and own properties', async () => {
		const worker = await workers.start(() => {
			function deepInside(): never {
				const cause = Object.assign(new TypeError('the cause'), { errno: -2 });
				throw Object.assign(new RangeError('the error', { cause }), { code: 'E_OWN', details: { at: [1, 2] } });
			}
			deepInside();
		}, options);
		const error = (await worker.messenger.receive().catch((reason: unknown) => reason)) as Error;
		expect(error).toBeInstanceOf(RangeError);
		expect(error).toMatchObject({ name: 'RangeError', message: 'the error', code: 'E_OWN', details: { at: [1, 2] } });
		expect(error.stack).toMatch(/^RangeError: the error\n\s+at deepInside /);
		expect(error.cause).toBeInstanceOf(TypeError);
		expect(error.cause).toMatchObject({ message: 'the cause', errno: -2 });
	});

	it('comes after what was sent before it, to every call that waits', async () => {
		const worker = await workers.start(async (messenger) => {
			const data = await messenger.receive();
			messenger.sendNorequest('before', 'queued');
			throw new Error(`failed with ${String(data)}`);
		}, options);
		const { messenger } = worker;
		const waiting = [messenger.receive(), messenger.request('the question'), messenger.receiveMessage('other')];
		for (const each of await Promise.allSettled(waiting)) {
			expect(each).toMatchObject({ status: 'rejected', reason: { message: 'failed with the question' } });
		}
		expect(await messenger.receive('queued')).toBe('before');
		await expect(messenger.receive('queued')).rejects.toThrow('failed with the question');
		expect(messenger.remaining()).toBe(0);
		expect(await worker.exited).toMatchObject({ exitCode: 1, signal: null, error: { message: 'failed with the question' } });
	});

	it('is told when nobody awaited the work that threw it: a timer, a promise, a tick', async () => {
		const sources = [
			() =>
				new Promise(() =>
					setTimeout(() => {
						throw new Error('from a timer');
					}),
				),
			() => new Promise(() => void Promise.reject(new Error('from a promise'))),
			() =>
				new Promise(() =>
					process.nextTick(() => {
						throw new Error('from a tick');
					}),
				),
		];
		for (const [index, text] of ['from a timer', 'from a promise', 'from a tick'].entries()) {
			const worker = await workers.start(sources[index] as () => unknown, options);
			await expect(worker.messenger.receive()).rejects.toThrow(text);
			expect(await worker.exited).toMatchObject({ exitCode: 1 });
		}
	});

	it('is told whatever was thrown, and whatever it holds', async () => {
		const text = await workers.start(() => {
			// oxlint-disable-next-line typescript/only-throw-error
			throw 'a text';
		}, options);
		await expect(text.messenger.receive()).rejects.toBe('a text');
		const nothing = await workers.start(() => Promise.reject(undefined as unknown as Error), options);
		await expect(nothing.messenger.receive()).rejects.toBeUndefined();
		const odd = await workers.start(() => {
			const trap = {
				enumerable: true,
				get: () => {
					throw new Error('no');
				},
			};
			throw Object.defineProperty(Object.assign(new Error('odd'), { helper: () => 1, fine: 2 }), 'trap', trap);
		}, options);
		const error = await odd.messenger.receive().catch((reason: unknown) => reason);
		expect(error).toMatchObject({
			message: 'odd',
			helper: expect.stringContaining('Function'),
			fine: 2,
			trap: expect.stringContaining('could not be read'),
		});
		const local = await workers.start(() => {
			// oxlint-disable-next-line typescript/only-throw-error
			throw Symbol('mine');
		}, options);
		await expect(local.messenger.receive()).rejects.toThrow('a value that cannot be sent was thrown: Symbol(mine)');
	});

	it('is not there when the target returns: the worker ends with code 0, whatever work is left', async () => {
		const worker = await workers.start(() => void setInterval(() => {}, 1e6), options);
		expect(await worker.exited).toEqual({ exitCode: 0, signal: null });
	});

	it('is not there when the target lets a close request through: the worker has obeyed, code 0', async () => {
		const worker = await workers.start(async (messenger) => {
			for (;;) await messenger.receive();
		}, options);
		expect(await worker.join()).toEqual({ exitCode: 0, signal: null });
	});

	it("is the worker program's own affair when it handles uncaught errors", async () => {
		const worker = await workers.start(async (messenger) => {
			process.on('uncaughtException', (error) => messenger.sendNorequest(`handled: ${error.message}`));
			setTimeout(() => {
				throw new Error('not the end');
			});
			messenger.sendNorequest(await messenger.receive());
		}, options);
		expect(await worker.messenger.receive()).toBe('handled: not the end');
		worker.messenger.sendNorequest('still there');
		expect(await worker.messenger.receive()).toBe('still there');
		expect(await worker.exited).toEqual({ exitCode: 0, signal: null });
	});

	it('leaves the host another uncaught error when sendError() was used before: both are told', async () => {
		const worker = await workers.start((messenger) => {
			messenger.sendNorequest('data');
			messenger.sendError(new Error('told first'));
			throw new Error('told last');
		}, options);
		await worker.exited;
		await expect(worker.messenger.receive()).rejects.toThrow('told first');
		expect(await worker.messenger.receive()).toBe('data');
		await expect(worker.messenger.receive()).rejects.toThrow('told last');
	});
});
