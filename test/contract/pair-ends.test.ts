import { DataCloneError, MessengerClosedError, MultiMessenger, OptionError, PriorityMessenger, WorkerExitedError } from 'coproc';
import { describe, expect, it } from 'vitest';

import { MESSENGERS, PROCESS_RING, THREADS } from './support/combinations.ts';
import { workersOfEachTest } from './support/workers.ts';

describe.each(MESSENGERS)('A pair of %ss', (_name, Messenger) => {
	it('is connected when it is made, and both ends are of its class', async () => {
		const [a, b] = Messenger.pair();
		await using first = a;
		await using second = b;
		expect([first, second].map((end) => end.constructor)).toEqual([Messenger, Messenger]);
		first.sendNorequest('x');
		expect(await second.receive()).toBe('x');
	});

	it('tells the closing of one end to the other as an exit with code 0, after what it had sent', async () => {
		const [a, b] = Messenger.pair();
		const waiting = Promise.allSettled([b.receive(), b.receive(), b.request('?')]);
		a.sendNorequest('last');
		await a[Symbol.asyncDispose]();
		const [first, ...rest] = await waiting;
		expect(first).toEqual({ status: 'fulfilled', value: 'last' });
		for (const each of rest)
			expect(each).toMatchObject({ status: 'rejected', reason: { code: 'ERR_COPROC_WORKER_EXITED', exitCode: 0 } });
		expect(() => b.sendNorequest(1)).toThrow(WorkerExitedError);
		await b[Symbol.asyncDispose]();
	});

	it('ends a loop over the other end', async () => {
		const [a, b] = Messenger.pair();
		const loop = (async () => {
			const all = [];
			for await (const data of b) all.push(data);
			return all;
		})();
		a.sendNorequest(1);
		a.sendNorequest(2);
		await a[Symbol.asyncDispose]();
		expect(await loop).toEqual([1, 2]);
		await b[Symbol.asyncDispose]();
	});

	it('refuses every call on an end that was closed here, pending ones included, and can be closed twice', async () => {
		const [a, b] = Messenger.pair();
		const pending = [a.receive(), a.awaitAvailable(), a.request(1)];
		const loop = (async () => {
			for await (const data of a) expect.unreachable(String(data));
		})();
		await a[Symbol.asyncDispose]();
		await a[Symbol.asyncDispose]();
		for (const each of await Promise.allSettled(pending)) {
			expect(each).toMatchObject({ status: 'rejected', reason: { code: 'ERR_COPROC_MESSENGER_CLOSED' } });
		}
		await loop;
		expect(() => a.sendNorequest(1)).toThrow(
			'sendNorequest() failed: this messenger was closed on this side. Start the resource again, or make a new pair.',
		);
		expect(() => a.available()).toThrow(MessengerClosedError);
		await expect(a.receive()).rejects.toThrow('receive() failed');
		await expect(a.request(1)).rejects.toThrow('request() failed');
		await b[Symbol.asyncDispose]();
	});

	it('refuses a ring size that cannot be', () => {
		expect(() => Messenger.pair({ ringBytes: 5000 })).toThrow(OptionError);
		expect(() => Messenger.pair({ ringBytes: 5000 })).toThrow(
			'pair was not made: option `ringBytes` must be a power of two from 4096 to 67108864, not 5000',
		);
	});
});

describe.each(THREADS)('An end of a pair that is handed to a thread over $name', ({ backend, transport }) => {
	const workers = workersOfEachTest();
	const options = { backend, transport } as const;

	it('works there as an argument of start(), parked too', async () => {
		const [mine, theirs] = PriorityMessenger.pair();
		const worker = await workers.start(
			(messenger, end: PriorityMessenger) => {
				end.sendNorequest('hello from the thread');
				end.sendNorequest(end.receiveBlocking());
				messenger.receiveBlocking();
			},
			options,
			theirs,
		);
		expect(await mine.receive()).toBe('hello from the thread');
		mine.sendNorequest({ echo: [1n] });
		expect(await mine.receive()).toEqual({ echo: [1n] });
		expect(() => theirs.sendNorequest(1)).toThrow(MessengerClosedError);
		worker.messenger.sendNorequest('end');
		await worker.exited;
		await expect(mine.receive()).rejects.toThrow(WorkerExitedError);
		await mine[Symbol.asyncDispose]();
	});

	it('works there when it comes in a message, listed in `transfer`', async () => {
		const worker = await workers.start(async (messenger) => {
			const { end } = (await messenger.receive()) as { end: MultiMessenger };
			for await (const data of end) end.sendNorequest(data);
		}, options);
		const [mine, theirs] = MultiMessenger.pair();
		worker.messenger.sendNorequest({ end: theirs }, null, { transfer: [theirs] });
		mine.sendNorequest(42);
		expect(await mine.receive()).toBe(42);
		await mine[Symbol.asyncDispose]();
		expect(await worker.exited).toEqual({ exitCode: 0, signal: null });
	});

	it('connects two threads, and the death of one is told to the other', async () => {
		const [one, two] = MultiMessenger.pair();
		const echo = await workers.start(
			async (messenger, end: MultiMessenger) => {
				void (async () => {
					for (;;) end.sendNorequest(await end.receive());
				})().catch(() => {});
				await messenger.receive();
			},
			options,
			one,
		);
		const asker = await workers.start(
			async (messenger, end: MultiMessenger) => {
				end.sendNorequest('between threads');
				messenger.sendNorequest(await end.receive());
				messenger.sendNorequest(
					await end.receive().catch((error: unknown) => [(error as Error).name, (error as { exitCode: number }).exitCode]),
				);
			},
			options,
			two,
		);
		expect(await asker.messenger.receive()).toBe('between threads');
		await echo.terminate();
		expect(await asker.messenger.receive()).toEqual(['WorkerExitedError', 1]);
	});

	it('must be listed, unused, and goes to threads only', async () => {
		const worker = await workers.start((messenger) => messenger.receive(), options);
		const [a, b] = MultiMessenger.pair();
		expect(() => worker.messenger.sendNorequest(a)).toThrow(DataCloneError);
		expect(() => worker.messenger.sendNorequest(a)).toThrow('must be listed in `transfer`, before it is used');
		b.sendNorequest('used');
		expect(() => worker.messenger.sendNorequest(b, null, { transfer: [b] })).toThrow(
			'can be handed over once, before it is used',
		);
		const other = await workers.start((messenger) => messenger.receive(), {
			backend: PROCESS_RING.backend,
			transport: PROCESS_RING.transport,
		});
		expect(() => other.messenger.sendNorequest(a, null, { transfer: [a] })).toThrow(DataCloneError);
		// Refused there, it is still good here.
		expect(await a.receive()).toBe('used');
		await a[Symbol.asyncDispose]();
		await b[Symbol.asyncDispose]();
	});
});
