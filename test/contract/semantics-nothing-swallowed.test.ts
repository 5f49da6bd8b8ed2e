import { describe, expect, it } from 'vitest';

import { COMBINATIONS, PROCESSES } from './support/combinations.ts';
import { type AnyWorker, workersOfEachTest } from './support/workers.ts';

/** Disposes of a worker and returns what the disposal threw. */
async function disposalOf(worker: AnyWorker): Promise<unknown> {
	try {
		await worker[Symbol.asyncDispose]();
	} catch (error) {
		return error;
	}
	return undefined;
}

describe.each(COMBINATIONS)('7.3 An error that nobody received: over $name', ({ backend, transport }) => {
	const workers = workersOfEachTest();
	const options = { backend, transport, name: 'troubled' } as const;

	it('is thrown by disposal when the worker sent it, once', async () => {
		const worker = await workers.start((messenger) => void messenger.sendError(new RangeError('unheard')), options);
		await worker.exited;
		expect(await disposalOf(worker)).toEqual(new RangeError('unheard'));
		expect(await disposalOf(worker)).toBeUndefined();
	});

	it('is thrown with all the others by one AggregateError', async () => {
		const worker = await workers.start((messenger) => {
			messenger.sendError(new Error('first'));
			messenger.sendError(new Error('second'));
			throw new TypeError('third');
		}, options);
		const error = (await disposalOf(worker)) as AggregateError;
		expect(error).toBeInstanceOf(AggregateError);
		expect(error.message).toBe('worker "troubled" sent 3 errors that nobody received');
		expect(error.errors).toEqual([new Error('first'), new Error('second'), new TypeError('third')]);
	});

	it('is thrown when it is the uncaught error that ended the worker', async () => {
		const worker = await workers.start(() => {
			throw new TypeError('uncaught');
		}, options);
		expect(await disposalOf(worker)).toEqual(new TypeError('uncaught'));
	});

	it('is a WorkerExitedError when the worker ended by itself with another exit code than 0', async () => {
		const worker = await workers.start(() => process.exit(4), options);
		await worker.exited;
		expect(await disposalOf(worker)).toMatchObject({ code: 'ERR_COPROC_WORKER_EXITED', exitCode: 4 });
	});

	it('is thrown as well when the worker ends so while it is asked to close', async () => {
		const worker = await workers.start(async (messenger) => {
			await messenger.receive().catch(() => process.exit(5));
		}, options);
		expect(await disposalOf(worker)).toMatchObject({ exitCode: 5 });
	});

	it('is no error when the worker returned, obeyed a close request, or was terminated', async () => {
		const returned = await workers.start(() => {}, options);
		await returned.exited;
		const obedient = await workers.start((messenger) => messenger.receive(), options);
		const stubborn = await workers.start(() => new Promise(() => setInterval(() => {}, 1e6)), { ...options, closeTimeout: 1 });
		for (const worker of [returned, obedient, stubborn]) expect(await disposalOf(worker)).toBeUndefined();
	});

	it('is not thrown again when a receive call has thrown it, before the exit or after it', async () => {
		const early = await workers.start(async () => {
			throw new Error('heard');
		}, options);
		await expect(early.messenger.receive()).rejects.toThrow('heard');
		expect(await disposalOf(early)).toBeUndefined();
		const late = await workers.start((messenger) => {
			messenger.sendError(new Error('special'));
			throw new Error('heard late');
		}, options);
		await late.exited;
		await expect(late.messenger.receive()).rejects.toThrow('special');
		await expect(late.messenger.receive()).rejects.toThrow('heard late');
		expect(await disposalOf(late)).toBeUndefined();
	});

	it('is not thrown again when a pending request was rejected with it, or join() told it', async () => {
		const asked = await workers.start(async (messenger) => {
			await messenger.receive();
			throw new Error('no answer');
		}, options);
		await expect(asked.messenger.request(1)).rejects.toThrow('no answer');
		expect(await disposalOf(asked)).toBeUndefined();
		const joined = await workers.start(async (messenger) => {
			await messenger.receive().catch(() => {});
			throw new Error('on the way out');
		}, options);
		expect(await joined.join()).toMatchObject({ exitCode: 1, error: new Error('on the way out') });
		expect(await disposalOf(joined)).toBeUndefined();
	});
});

describe.each(PROCESSES)('7.3 An error that nobody received: over $name', ({ backend, transport }) => {
	const workers = workersOfEachTest();

	it('is thrown by disposal when somebody killed the worker', async () => {
		const worker = await workers.start((messenger) => messenger.receive(), { backend, transport });
		process.kill(worker.pid as number, 'SIGKILL');
		await worker.exited;
		expect(await disposalOf(worker)).toMatchObject({ code: 'ERR_COPROC_WORKER_EXITED', signal: 'SIGKILL' });
	});
});
