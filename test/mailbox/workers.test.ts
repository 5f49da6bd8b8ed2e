import { WorkerExitedError, WorkerResource } from 'coproc';
import { drain, Mailbox, receive, send, setTags } from 'coproc/mailbox';
import { beforeEach, describe, expect, it } from 'vitest';

const OFFICE = new URL('../fixtures/mailbox/post-office.js', import.meta.url);

type Backend = 'thread' | 'process';

function start(backend: Backend, name: string, ...args: readonly unknown[]): Promise<WorkerResource> {
	return WorkerResource.start(OFFICE, { backend, export: name }, ...args);
}

/** The next message on a tag; fails rather than waits for ever. */
async function next(tag: string): Promise<unknown> {
	return (await receive(tag, { timeout: 15_000, after: (): never => expect.fail(`nothing came on ${tag}`) }))[1];
}

beforeEach(() => setTags([]));

describe.each(['thread', 'process'] as const)('with a worker %s', (backend) => {
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
		for (let round = 0; round < 12; round += 1) {
			const worker = await start(backend, 'hammer', 'hammering');
			await next('hammering');
			for (let turn = 0; turn < round * 20; turn += 1) send('own', turn);
			if (backend === 'process') process.kill(worker.pid as number, 'SIGKILL');
			else await worker.terminate({ checkAlive: false });
			await worker.exited;
			// How a process ended that was killed is told by its disposal, for nobody has asked before.
			if (backend === 'process') await expect(worker[Symbol.asyncDispose]()).rejects.toThrow(WorkerExitedError);
			else await worker[Symbol.asyncDispose]();
			expect(drain('own')).toBe(round * 20);
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

	it.each(['thread', 'process'] as const)('reaches a %s that it started', async (inner) => {
		await using worker = await start(backend, 'middle', inner, 'up');
		expect(await next('up')).toEqual(['grandchild', 0]);
		await worker.exited;
	});
});

it.each([false, true])('costs nothing while it waits, parked: %s', async (isParked) => {
	await using worker = await start('process', 'wait', 'cost', 400, isParked);
	expect(await next('cost')).toBeLessThan(40);
	await worker.exited;
});
