import { describe, expect, it, vi } from 'vitest';

import { isRunning } from '../support/leftovers.ts';
import { COMBINATIONS, PROCESSES } from './support/combinations.ts';
import { runHost } from './support/host-program.ts';
import { workersOfEachTest } from './support/workers.ts';

describe.each(COMBINATIONS)('7.9 Disposal: over $name', ({ backend, transport }) => {
	const workers = workersOfEachTest();

	it('is idempotent: one after the other, at once, before a start, after an exit', async () => {
		const unstarted = workers.make(() => {}, { backend, transport });
		await unstarted[Symbol.asyncDispose]();
		await unstarted[Symbol.asyncDispose]();
		const worker = await workers.start((messenger) => messenger.receive(), { backend, transport });
		await Promise.all([worker[Symbol.asyncDispose](), worker[Symbol.asyncDispose]()]);
		expect(worker.isAlive).toBe(false);
		await worker[Symbol.asyncDispose]();
		await worker.start();
		expect(worker.isAlive).toBe(true);
		await worker[Symbol.asyncDispose]();
		expect(worker.isAlive).toBe(false);
	});

	it('lets the worker finish what it does when it is asked to close', async () => {
		const worker = await workers.start(
			async (messenger) => {
				await messenger.receive('never').catch(() => {});
				for (let count = 0; count < 3; count += 1) messenger.sendNorequest(`tidied ${count}`);
			},
			{ backend, transport },
		);
		await worker[Symbol.asyncDispose]();
		expect(worker.messenger.receiveAvailable()).toEqual(['tidied 0', 'tidied 1', 'tidied 2']);
		expect(await worker.exited).toEqual({ exitCode: 0, signal: null });
	});

	it('gives a start up that is under way', async () => {
		const worker = workers.make(() => {}, { backend, transport, name: 'too slow' });
		const started = worker.start();
		await Promise.all([
			expect(started).rejects.toThrow('worker "too slow" could not start: it was disposed of while it started'),
			worker[Symbol.asyncDispose](),
		]);
		expect(worker.isAlive).toBe(false);
	});

	it('ends a worker that does not close within closeTimeout', async () => {
		const worker = await workers.start(
			(messenger) => {
				messenger.sendNorequest('parks');
				for (;;) {
					try {
						messenger.receiveBlocking('nothing');
					} catch {
						// Does not mean to end.
					}
				}
			},
			{ backend, transport, closeTimeout: 20 },
		);
		await worker[Symbol.asyncDispose]();
		expect(await worker.exited).toMatchObject(backend === 'process' ? { signal: 'SIGTERM' } : { exitCode: 1 });
	});

	it('leaves no descriptor, no timer, nothing that keeps the host alive', async () => {
		const host = runHost('start-and-dispose', backend, transport);
		const { before, after } = JSON.parse(await host.nextLine()) as Record<string, { descriptors: number; resources: string[] }>;
		expect(after).toEqual(before);
		expect(after?.resources.filter((resource) => resource === 'Timeout' || resource.startsWith('Process'))).toEqual([]);
		expect(await host.ended).toEqual({ code: 0, signal: null, stderr: '' });
	});

	it.each(['idle', 'parked'])('is safe from a signal handler, when the worker is %s', async (state) => {
		const host = runHost('dispose-on-sigint', backend, transport, state);
		const pid = Number(await host.nextLine());
		host.process.kill('SIGINT');
		expect(await host.nextLine()).toBe('disposed');
		expect(await host.ended).toEqual({ code: 130, signal: null, stderr: '' });
		if (backend === 'process') expect(isRunning(pid)).toBe(false);
	});

	it('is safe from a signal handler, when the worker is still starting', async () => {
		const host = runHost('dispose-on-sigint', backend, transport, 'starting');
		expect([await host.nextLine(), await host.nextLine()].toSorted()).toEqual(['WorkerStartError', 'disposed']);
		expect(await host.ended).toEqual({ code: 130, signal: null, stderr: '' });
	});
});

describe.each(PROCESSES)('7.9 Disposal: over $name', ({ backend, transport }) => {
	const workers = workersOfEachTest();

	it('kills a worker that ignores SIGTERM, after killGrace', async () => {
		const worker = await workers.start(
			async (messenger) => {
				process.on('SIGTERM', () => messenger.sendNorequest('ignored SIGTERM'));
				messenger.sendNorequest('deaf');
				for (;;) await messenger.receive('nothing').catch(() => {});
			},
			{ backend, transport, closeTimeout: 0, killGrace: 100 },
		);
		expect(await worker.messenger.receive()).toBe('deaf');
		const ignored = worker.messenger.receive();
		await worker[Symbol.asyncDispose]();
		expect(await ignored).toBe('ignored SIGTERM');
		expect(await worker.exited).toEqual({ exitCode: null, signal: 'SIGKILL' });
	});

	it('does not wait for a grandchild that holds what it inherited from the worker', async () => {
		const worker = await workers.start(
			async (messenger) => {
				const { spawn } = process.getBuiltinModule('node:child_process');
				const child = spawn('sleep', ['100'], { stdio: 'inherit', detached: true });
				messenger.sendNorequest(child.pid);
				await messenger.receive();
			},
			{ backend, transport, stdio: 'ignore' },
		);
		const grandchild = (await worker.messenger.receive()) as number;
		try {
			process.kill(worker.pid as number, 'SIGKILL');
			expect(await worker.exited).toMatchObject({ signal: 'SIGKILL' });
			await expect(worker.messenger.receive()).rejects.toMatchObject({ signal: 'SIGKILL' });
		} finally {
			process.kill(grandchild, 'SIGKILL');
		}
		await vi.waitFor(() => expect(isRunning(grandchild)).toBe(false));
	});

	it('ends a worker that closed its end of the link and goes on', async () => {
		const worker = await workers.start(
			async (messenger) => {
				messenger.sendNorequest('closes');
				await messenger.receive();
				// What a program that closes descriptors which are not its own does to itself.
				process.getBuiltinModule('node:fs').closeSync(3);
				for (;;);
			},
			{ backend, transport },
		);
		expect(await worker.messenger.receive()).toBe('closes');
		const pending = worker.messenger.request('go');
		await expect(pending).rejects.toMatchObject({ signal: 'SIGKILL' });
	});
});
