import { WorkerExitedError } from 'coproc';
import { expect, it } from 'vitest';

import type * as dying from '../fixtures/rpc/dying.js';
import { describeEveryWay, rejection, withWorker } from './support/with-worker.ts';

type Dying = typeof dying;

describeEveryWay('the end of a worker', (way) => {
	it('rejects every call with WorkerExitedError and the exit code, after the answers that had come', async () => {
		await withWorker<Dying>('dying', way, async (call) => {
			const waiting = rejection(call.wait());
			const answered = Array.from({ length: 100 }, (_, n) => call.echo(n));
			const exit = rejection(call.exit(3));
			const behind = rejection(call.echo('never'));
			expect(await Promise.all(answered)).toEqual(Array.from({ length: 100 }, (_, n) => n));
			for (const error of (await Promise.all([waiting, exit, behind])) as WorkerExitedError[]) {
				expect(error).toBeInstanceOf(WorkerExitedError);
				expect(error.exitCode).toBe(3);
			}
			await expect(call.echo(1)).rejects.toBeInstanceOf(WorkerExitedError);
		});
	});

	it('by a kill rejects every call, those with options too', async () => {
		await withWorker<Dying>('dying', way, async (call, worker) => {
			await call.echo(1);
			const calls = [call.wait(), call.wait.with({ timeout: 60_000 })(), call.wait.with({ onProgress: () => {} })()].map(
				rejection,
			);
			const controller = new AbortController();
			calls.push(rejection(call.wait.with({ signal: controller.signal })()));
			if (worker.pid) process.kill(worker.pid, 'SIGKILL');
			else void worker.terminate();
			for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(WorkerExitedError);
			controller.abort();
		});
	});

	it('by an error that nobody caught rejects with that error, after the answer that had been given', async () => {
		await withWorker<Dying>('dying', way, async (call) => {
			const waiting = rejection(call.wait());
			await expect(call.failLater()).resolves.toBe('answered');
			const error = (await waiting) as RangeError;
			expect(error).toBeInstanceOf(RangeError);
			expect(error.message).toBe('nobody caught this');
		});
	});

	it('in order lets running calls finish', async () => {
		await withWorker<Dying>('dying', { ...way, closeTimeout: 60_000 }, async (call, worker) => {
			const answer = call.echo('last');
			await expect(worker.join()).resolves.toMatchObject({ exitCode: 0, signal: null });
			await expect(answer).resolves.toBe('last');
		});
	});

	it('by disposal does not wait for calls that never end', async () => {
		let waiting: Promise<unknown> | undefined;
		await withWorker<Dying>('dying', { ...way, closeTimeout: 20 }, async (call) => {
			await call.echo(1);
			waiting = rejection(call.wait());
		});
		await expect(waiting).resolves.toBeInstanceOf(WorkerExitedError);
	});
});
