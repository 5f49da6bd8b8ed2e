import { WorkerExitedError } from 'coproc';
import { drain, Mailbox, send, setTags } from 'coproc/mailbox';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { next, startOffice as start } from './support/crowds.ts';

// Each starts several workers, one after another: on a machine that has other work, that takes its time.
vi.setConfig({ testTimeout: 90_000 });

beforeEach(() => setTags([]));

describe.each(['thread', 'process', 'piped'] as const)('with a worker that is a %s', (backend) => {
	it.each(['echo', 'echoBlocking'])('%s answers on many tags', async (name) => {
		const tags = Array.from({ length: 16 }, (_, index) => `to ${index}`);
		await using worker = await start(backend, name, tags, 'back');
		for (let round = 0; round < 64; round += 1) {
			send(`to ${round % 16}`, { round });
			expect(await next('back')).toEqual({ round });
		}
		send('to 0', new Uint8Array(64 * 1024 * 1024).fill(3));
		expect(((await next('back')) as Uint8Array).length).toBe(64 * 1024 * 1024);
		send('to 3', 'stop');
		expect(await worker.exited).toMatchObject({ exitCode: 0 });
	});

	it('keeps the order of each of several producers', async () => {
		const count = 5000;
		const workers = await Promise.all([0, 1, 2, 3].map((id) => start(backend, 'produce', 'many', id, count)));
		const seen = [0, 0, 0, 0];
		for (let total = 0; total < 4 * count; total += 1) {
			const [id, number] = (await next('many')) as [number, number];
			expect(number).toBe(seen[id]);
			seen[id] = number + 1;
		}
		for (const worker of workers) await worker[Symbol.asyncDispose]();
		expect(drain('many')).toBe(0);
	});

	it('hands each message to one of the receivers that compete', async () => {
		const names = ['echo', 'echo', 'echoBlocking', 'echoBlocking'];
		const workers = await Promise.all(names.map((name) => start(backend, name, 'jobs', 'done')));
		const jobs = Array.from({ length: 2000 }, (_, index) => index);
		for (const job of jobs) send('jobs', job);
		const done: unknown[] = [];
		for (let count = 0; count < jobs.length; count += 1) done.push(await next('done'));
		expect(done.toSorted((a, b) => Number(a) - Number(b))).toEqual(jobs);
		for (let left = workers.length; left > 0; left -= 1) send('jobs', 'stop');
		for (const worker of workers) await worker[Symbol.asyncDispose]();
		expect(drain(['jobs', 'done'])).toBe(0);
	});

	it('goes on when a worker is killed at any time', async () => {
		for (let round = 0; round < 6; round += 1) {
			const worker = await start(backend, 'hammer', 'hammering');
			await next('hammering');
			for (let turn = 0; turn < round * 40; turn += 1) send('own', turn);
			if (backend !== 'thread') process.kill(worker.pid as number, 'SIGKILL');
			else await worker.terminate({ checkAlive: false });
			await worker.exited;
			// How a process ended that was killed is told by its disposal, for nobody has asked before.
			if (backend !== 'thread') await expect(worker[Symbol.asyncDispose]()).rejects.toThrow(WorkerExitedError);
			else await worker[Symbol.asyncDispose]();
			expect(drain('own')).toBe(round * 40);
			send('own', round);
			expect(await next('own')).toBe(round);
		}
	});

	it('knows a mailbox from its start arguments', async () => {
		const mailbox = new Mailbox();
		await using worker = await start(backend, 'answerIn', mailbox);
		mailbox.send('question', 21);
		expect(await mailbox.receive('answer')).toEqual(['answer', 42]);
		await worker.exited;
		await mailbox[Symbol.asyncDispose]();
	});

	it.each(['thread', 'process', 'piped'] as const)('reaches a %s that it started', async (inner) => {
		await using worker = await start(backend, 'middle', inner, 'down', 'up');
		send('down', 'there and back');
		expect(await next('up')).toBe('there and back');
		send('down', new Uint8Array(3_000_000).fill(5));
		expect(Buffer.compare((await next('up')) as Uint8Array, Buffer.alloc(3_000_000, 5))).toBe(0);
		send('down', 'stop');
		await worker.exited;
	});
});

describe.each(['process', 'piped'] as const)('a worker that is a %s', (kind) => {
	it.each([false, true])('costs nothing while it waits, parked: %s', async (isParked) => {
		await using worker = await start(kind, 'wait', 'cost', 1000, isParked);
		const { cpuMs, wakeUps } = (await next('cost')) as { cpuMs: number; wakeUps: number };
		// One who polled every millisecond would wake up a thousand times. V8 has threads of its own that do now and then.
		expect(wakeUps).toBeLessThan(50);
		expect(cpuMs).toBeLessThan(60);
		await worker.exited;
	});
});
