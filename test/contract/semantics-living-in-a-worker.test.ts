import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it, vi } from 'vitest';

import { isRunning } from '../support/leftovers.ts';
import { COMBINATIONS, PROCESSES } from './support/combinations.ts';
import { runHost } from './support/host-program.ts';
import { workersOfEachTest } from './support/workers.ts';

/** Processor time in ticks and voluntary switches of every thread of a process: each wake-up ends in one of those. */
function activityOf(pid: number): { ticks: number; wakeUps: number } {
	const fields = (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) as string).split(' ');
	const wakeUps = readdirSync(`/proc/${pid}/task`).reduce((sum, task) => {
		const status = readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8');
		return sum + Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1]);
	}, 0);
	return { ticks: Number(fields[11]) + Number(fields[12]), wakeUps };
}

describe.each(COMBINATIONS)('7.11 Living in a worker: over $name', ({ backend, transport }) => {
	const workers = workersOfEachTest();

	it('timers and work that is not awaited go on between calls and while a call waits', async () => {
		const worker = await workers.start(
			async (messenger) => {
				let ticks = 0;
				const timer = setInterval(() => (ticks += 1), 1);
				void (async () => {
					for (let count = 0; count < 3; count += 1) messenger.sendNorequest(await messenger.receive('aside'), 'aside');
				})();
				messenger.sendNorequest('waits');
				await messenger.receive();
				clearInterval(timer);
				messenger.sendNorequest(ticks);
			},
			{ backend, transport },
		);
		const { messenger } = worker;
		await messenger.receive();
		for (let count = 0; count < 3; count += 1) {
			messenger.sendNorequest(count, 'aside');
			expect(await messenger.receive('aside')).toBe(count);
		}
		await new Promise((resolve) => setTimeout(resolve, 5));
		messenger.sendNorequest('enough');
		expect(await messenger.receive()).toBeGreaterThan(0);
	});

	it('idle costs nothing: no wake-up of any thread and no processor time in a second', async () => {
		const host = runHost('idle', backend, transport);
		const pids = new Set(JSON.parse(await host.nextLine()) as number[]);
		const activity = (): { ticks: number; wakeUps: number }[] => [...pids].map(activityOf);
		// Garbage collection and the compiler have their own threads, which settle first.
		const quiet = await vi.waitFor(
			async () => {
				const before = activity();
				await once(spawn('sleep', ['1']), 'exit');
				expect(activity()).toEqual(before);
				return before;
			},
			{ timeout: 12_000, interval: 1 },
		);
		expect(quiet.length).toBe(pids.size);
		host.process.stdin?.end('end\n');
		expect(await host.ended).toEqual({ code: 0, signal: null, stderr: '' });
	}, 20_000);

	it.each(['idle', 'parked', 'looping'])(
		'unref() lets the host exit, and its worker, which is %s, ends with it',
		async (state) => {
			const host = runHost('unref', backend, transport, state);
			const pid = Number(await host.nextLine());
			expect(await host.ended).toEqual({ code: 0, signal: null, stderr: '' });
			if (backend === 'process') await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 1000, interval: 5 });
		},
	);

	it('what a worker prints appears on the output of the host when it prints it, parked or not', async () => {
		const host = runHost('prints', backend, transport);
		expect(await host.nextLine()).toBe('about to park');
		host.process.stdin?.write('go on\n');
		expect(await host.nextLine()).toBe('went on');
		expect(await host.nextLine()).toBe('host ends');
		expect(await host.ended).toEqual({ code: 0, signal: null, stderr: 'on stderr too\nthe end\n' });
	});

	it("stdio 'pipe' gives what the worker prints to the program, 'ignore' to nobody", async () => {
		const piped = await workers.start(
			async (messenger) => {
				console.log('out');
				console.error('err');
				await messenger.receive().catch(() => {});
			},
			{ backend, transport, stdio: 'pipe' },
		);
		// What was printed before anybody could look is there.
		await piped.join();
		const texts = Promise.all([piped.stdout?.toArray(), piped.stderr?.toArray()]);
		expect((await texts).map((chunks) => chunks?.join(''))).toEqual(['out\n', 'err\n']);
		const ignored = await workers.start(() => console.log('nobody sees this'), { backend, transport, stdio: 'ignore' });
		expect([ignored.stdout, ignored.stderr]).toEqual([null, null]);
		await ignored.exited;
	});
});

describe.each(PROCESSES)('7.11 Living in a worker: over $name', ({ backend, transport }) => {
	const workers = workersOfEachTest();

	it('SIGINT does not end a worker: it is for the host to close it', async () => {
		const worker = await workers.start(
			async (messenger) => {
				process.on('SIGINT', () => messenger.sendNorequest('seen'));
				for await (const data of messenger) messenger.sendNorequest(data);
			},
			{ backend, transport },
		);
		const { messenger } = worker;
		messenger.sendNorequest('up');
		expect(await messenger.receive()).toBe('up');
		process.kill(worker.pid as number, 'SIGINT');
		expect(await messenger.receive()).toBe('seen');
		messenger.sendNorequest('still up');
		expect(await messenger.receive()).toBe('still up');
	});

	it('SIGINT while it is parked does not end a worker either', async () => {
		const worker = await workers.start(
			(messenger) => {
				messenger.sendNorequest('parks');
				messenger.sendNorequest(messenger.receiveBlocking());
			},
			{ backend, transport },
		);
		await worker.messenger.receive();
		process.kill(worker.pid as number, 'SIGINT');
		worker.messenger.sendNorequest('go on');
		expect(await worker.messenger.receive()).toBe('go on');
	});
});
