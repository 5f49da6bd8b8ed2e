import { inspect } from 'node:util';

import { WorkerExitedError } from 'coproc';
import { describe, expect, it, vi } from 'vitest';

import { COMBINATIONS, PROCESSES, THREADS } from './support/combinations.ts';
import { type AnyWorker, workersOfEachTest } from './support/workers.ts';

/** What every call that needs the peer does once the peer is gone and its messages are delivered. */
const CALLS: readonly (readonly [name: string, call: (worker: AnyWorker) => unknown])[] = [
	['receive', ({ messenger }) => messenger.receive()],
	['receive with timeout 0', ({ messenger }) => messenger.receive('other', { timeout: 0 })],
	['receiveMessage', ({ messenger }) => messenger.receiveMessage()],
	['awaitAvailable', ({ messenger }) => messenger.awaitAvailable()],
	['request', ({ messenger }) => messenger.request(1)],
	['flushed', ({ messenger }) => messenger.flushed()],
	['sendNorequest', ({ messenger }) => messenger.sendNorequest(1)],
	['sendRequest', ({ messenger }) => messenger.sendRequest(1)],
	['sendRequestMultiple', ({ messenger }) => messenger.sendRequestMultiple([1])],
	['sendReply', ({ messenger }) => messenger.sendReply(1)],
	['sendError', ({ messenger }) => messenger.sendError(new Error('too late'))],
	['sendCloseRequest', ({ messenger }) => messenger.sendCloseRequest()],
];

async function iterate(messenger: AsyncIterable<unknown>): Promise<unknown[]> {
	const all = [];
	for await (const data of messenger) all.push(data);
	return all;
}

describe.each(COMBINATIONS)('7.1 Deliver, then fail: over $name', ({ backend, transport }) => {
	const workers = workersOfEachTest();

	it('everything that was sent before a return is received after the exit, then every call tells the exit', async () => {
		const worker = await workers.start(
			(messenger) => {
				for (let number = 0; number < 3; number += 1) messenger.sendNorequest(number);
				messenger.sendNorequest(new Uint8Array(2_000_000).fill(9), 'large');
			},
			{ backend, transport, name: 'brief' },
		);
		const { messenger } = worker;
		expect(await worker.exited).toEqual({ exitCode: 0, signal: null });
		expect([await messenger.receive(), await messenger.receive()]).toEqual([0, 1]);
		expect(messenger.available()).toBe(1);
		expect(messenger.receiveAvailable()).toEqual([2]);
		expect((await messenger.receive('large')) as Uint8Array).toHaveLength(2_000_000);
		for (const [name, call] of CALLS) {
			const error = await Promise.resolve(worker)
				.then(call)
				.catch((reason: unknown) => reason);
			expect(error, name).toBeInstanceOf(WorkerExitedError);
			expect(error, name).toMatchObject({ code: 'ERR_COPROC_WORKER_EXITED', exitCode: 0, signal: null, worker: 'brief' });
		}
		expect(messenger.receiveAvailable()).toEqual([]);
		expect(messenger.available()).toBe(0);
		await expect(messenger.receive()).rejects.toThrow('worker "brief" exited (exit code 0) and nothing more will come from it.');
	});

	it('calls that wait get what comes first, and the exit next, even exit code 0', async () => {
		const worker = await workers.start(async (messenger) => void messenger.sendNorequest(await messenger.receive()), {
			backend,
			transport,
		});
		const { messenger } = worker;
		const waiting = [messenger.receive(), messenger.receive(), messenger.receive('other'), messenger.request('x', 'other')];
		const watching = messenger.awaitAvailable();
		watching.catch(() => {});
		messenger.sendNorequest('last words');
		const [first, ...rest] = await Promise.allSettled(waiting);
		expect(first).toEqual({ status: 'fulfilled', value: 'last words' });
		for (const each of rest)
			expect(each).toMatchObject({ status: 'rejected', reason: { code: 'ERR_COPROC_WORKER_EXITED', exitCode: 0 } });
		expect(messenger.remaining('other')).toBe(0);
	});

	it('process.exit() in the middle of a large send loses nothing, and its code is told', async () => {
		const worker = await workers.start(
			(messenger) => {
				for (let index = 0; index < 40; index += 1) messenger.sendNorequest(new Uint8Array(50_000).fill(index));
				process.exit(7);
			},
			{ backend, transport },
		);
		const { messenger } = worker;
		for (let index = 0; index < 40; index += 1) expect(((await messenger.receive()) as Uint8Array)[49_999]).toBe(index);
		await expect(messenger.receive()).rejects.toMatchObject({ exitCode: 7, signal: null });
		expect(await worker.exited).toMatchObject({ exitCode: 7 });
	});

	it('for await ends with exit code 0 and throws with any other', async () => {
		const source = (messenger: { sendNorequest(data: unknown): boolean }, code: number): void => {
			messenger.sendNorequest('a');
			messenger.sendNorequest('b');
			process.exitCode = code;
			if (code !== 0) process.exit(code);
		};
		const good = await workers.start(source, { backend, transport }, 0);
		expect(await iterate(good.messenger)).toEqual(['a', 'b']);
		const bad = await workers.start(source, { backend, transport }, 3);
		await expect(iterate(bad.messenger)).rejects.toMatchObject({ exitCode: 3 });
	});

	it('receiveRemaining() yields what came and throws for requests that were lost', async () => {
		const worker = await workers.start(
			async (messenger) => {
				for (let count = 0; count < 2; count += 1) messenger.sendReply(await messenger.receive());
			},
			{ backend, transport },
		);
		const { messenger } = worker;
		messenger.sendRequestMultiple([1, 2, 3]);
		const yielded: unknown[] = [];
		const collect = async (): Promise<void> => {
			for await (const data of messenger.receiveRemaining()) yielded.push(data);
		};
		await expect(collect()).rejects.toThrow(WorkerExitedError);
		expect(yielded).toEqual([1, 2]);
		expect(messenger.remaining()).toBe(0);
		await expect(collect()).rejects.toThrow(WorkerExitedError);
	});

	it('the last twenty lines of stderr are in the error, and inspection shows them', async () => {
		const worker = await workers.start(
			() => {
				for (let line = 1; line <= 30; line += 1) console.error(`line ${line} of trouble`);
				process.exit(1);
			},
			// Piped and not read: what a program does with it is no matter here.
			{ backend, transport, name: 'loud', stdio: { stderr: 'pipe' } },
		);
		worker.stderr?.resume();
		const error = await worker.messenger.receive().catch((reason: unknown) => reason as WorkerExitedError);
		const { stderr } = error as WorkerExitedError;
		expect(stderr?.split('\n')).toHaveLength(20);
		expect(stderr?.split('\n').at(0)).toBe('line 11 of trouble');
		expect(error).toMatchObject({ message: expect.stringContaining('Last stderr line: line 30 of trouble') });
		expect(inspect(error)).toMatch(
			/WorkerExitedError: .*exit code 1.*\n[^]*last stderr lines of worker "loud":\n {4}line 11 of trouble\n/,
		);
		expect((await worker.exited).stderr).toBe(stderr);
	});
});

describe.each(PROCESSES)('7.1 Deliver, then fail: kill -9 of a worker over $name', ({ backend, transport }) => {
	const workers = workersOfEachTest();

	it.each(['idle', 'parked', 'looping'] as const)(
		'that is %s settles everything within a second, after what had arrived',
		async (state) => {
			const worker = await workers.start(
				async (messenger, how: string) => {
					await messenger.receive();
					for (let number = 0; number < 5; number += 1) messenger.sendNorequest(number, 'numbers');
					messenger.sendNorequest(new Uint8Array(1_000_000).fill(5), 'large');
					// The turn of the event loop that sends what had no room, and the helper thread of a pipe, need a moment.
					await messenger.receive('all has arrived');
					messenger.sendNorequest('at it', 'state');
					if (how === 'parked') messenger.receiveBlocking('nothing');
					if (how === 'looping') for (;;);
					await messenger.receive('nothing');
				},
				{ backend, transport },
				state,
			);
			const { messenger } = worker;
			messenger.sendNorequest('go');
			await vi.waitFor(() => expect(messenger.available('large')).toBe(1), { interval: 1 });
			messenger.sendNorequest('yes', 'all has arrived');
			await messenger.receive('state');
			const waiting = [
				messenger.receive(),
				messenger.receiveMessage('other'),
				messenger.request('never'),
				messenger.request('nor', 'other'),
				messenger.awaitAvailable({ signal: new AbortController().signal }),
			];
			// Something is queued, so this one is settled already.
			await waiting.pop();
			messenger.sendRequestMultiple([1, 2]);
			const start = performance.now();
			process.kill(worker.pid as number, 'SIGKILL');
			for (const each of await Promise.allSettled(waiting)) {
				expect(each).toMatchObject({
					status: 'rejected',
					reason: { code: 'ERR_COPROC_WORKER_EXITED', exitCode: null, signal: 'SIGKILL' },
				});
			}
			expect(performance.now() - start).toBeLessThan(1000);
			expect(await worker.exited).toEqual({ exitCode: null, signal: 'SIGKILL' });
			expect(worker.isAlive).toBe(false);
			expect(messenger.receiveAvailable('numbers')).toEqual([0, 1, 2, 3, 4]);
			expect(((await messenger.receive('large')) as Uint8Array).length).toBe(1_000_000);
			expect([messenger.remaining(), messenger.remaining('other')]).toEqual([0, 0]);
			await expect(messenger.receive('large')).rejects.toThrow('exited (signal SIGKILL)');
		},
	);

	it('rejects flushed() of a host that had sent more than the worker took', async () => {
		const worker = await workers.start(() => new Promise(() => setInterval(() => {}, 1e6)), {
			backend,
			transport,
			highWaterMark: 1000,
		});
		worker.messenger.sendNorequest(new Uint8Array(100_000));
		const flushed = worker.messenger.flushed();
		process.kill(worker.pid as number, 'SIGKILL');
		await expect(flushed).rejects.toMatchObject({ signal: 'SIGKILL' });
	});
});

describe.each(THREADS)('7.1 Deliver, then fail: the end of a thread over $name', ({ backend, transport }) => {
	const workers = workersOfEachTest();

	it.each(['idle', 'parked', 'looping'] as const)('that is %s settles everything, after what had arrived', async (state) => {
		const worker = await workers.start(
			async (messenger, how: string) => {
				for (let number = 0; number < 5; number += 1) messenger.sendNorequest(number, 'numbers');
				messenger.sendNorequest('at it', 'state');
				// A port hands over what a turn of the event loop has sent when that turn ends.
				await new Promise(setImmediate);
				if (how === 'parked') messenger.receiveBlocking('nothing');
				if (how === 'looping') for (;;);
				await messenger.receive('nothing');
			},
			{ backend, transport },
			state,
		);
		const { messenger } = worker;
		await messenger.receive('state');
		const waiting = Promise.allSettled([messenger.receive(), messenger.request('never')]);
		await worker.terminate();
		for (const each of await waiting) expect(each).toMatchObject({ status: 'rejected', reason: { exitCode: 1, signal: null } });
		expect(messenger.receiveAvailable('numbers')).toEqual([0, 1, 2, 3, 4]);
	});

	it('out of memory is told with its cause', async () => {
		const worker = await workers.start(
			async (messenger) => {
				messenger.sendNorequest('begins');
				// A port hands over what a turn of the event loop has sent when that turn ends.
				await new Promise(setImmediate);
				const hoard: unknown[] = [];
				for (;;) hoard.push(new Array(1e5).fill(hoard.length).map(String));
			},
			{ backend, transport, resourceLimits: { maxOldGenerationSizeMb: 32 }, name: 'hoarder' },
		);
		expect(await worker.messenger.receive()).toBe('begins');
		const error = await worker.messenger.receive().catch((reason: unknown) => reason);
		expect(error).toMatchObject({ code: 'ERR_COPROC_WORKER_EXITED', cause: { code: 'ERR_WORKER_OUT_OF_MEMORY' } });
	});
});
