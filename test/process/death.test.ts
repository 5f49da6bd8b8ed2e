import { Any, etc, type Kind, Process, whereis } from 'coproc/process';
import { describe, expect, it } from 'vitest';

import { childrenOf, isRunning } from '../support/leftovers.ts';
import { adopt, endOf, endsEverything, probe, start, startAgent } from './support/kinds.ts';
import { stopwatch } from './support/stopwatch.ts';

endsEverything();

/** A process that was killed has a second until everybody knows. */
const SOON = 1000;

const KILLED = { code: 'ERR_COPROC_WORKER_EXITED', signal: 'SIGKILL' };

/** What a process may be doing when it is killed, by its fixture. */
const DOINGS = [
	'waitsInTarget',
	'waitsInNext',
	'waitsForMessages',
	'waitsInHandler',
	'loops',
	'waitsForAnother',
	'asks',
	'sends',
	'spawns',
] as const;

const kill = (victim: Process): void => void process.kill(victim.pid as number, 'SIGKILL');

describe('SIGKILL of a process', () => {
	it.each(DOINGS)('that %s is an exit like any other: links, monitors and waits know within a second', async (doing) => {
		const to = probe();
		const linked = await startAgent('thread', to, { survives: true });
		const monitor = await startAgent('process', to, { survives: true });
		const local = await startAgent('local', to, { survives: true });
		const victim = start('process', doing, [to], { linkTo: [linked, local] });
		monitor.send('monitor', victim);
		await to.next(['done', 'monitor']);
		const [, other] = await to.next(['there', etc]);
		if (other) adopt(other);
		const others = doing === 'spawns' ? 3 : 0;
		for (let count = 0; count < others; count += 1) adopt((await to.next(['child', Process]))[1]);
		const elapsed = stopwatch();
		kill(victim);
		for (let told = 0; told < 3; told += 1)
			expect(await to.next(['told', Any, Process])).toEqual(['told', expect.objectContaining(KILLED), victim]);
		expect(elapsed()).toBeLessThan(SOON);
		expect(await endOf(victim)).toMatchObject(KILLED);
		expect(victim.send('x')).toBe(false);
		expect(isRunning(victim.pid as number)).toBe(false);
	});

	it('while it starts is an exit, too', async () => {
		const to = probe();
		const linked = await startAgent('thread', to, { survives: true });
		for (let round = 0; round < 5; round += 1) {
			const before = childrenOf(process.pid);
			const victim = start('process', 'quiet', [], { linkTo: linked });
			let pid: number | undefined;
			while (pid === undefined) {
				await new Promise(setImmediate);
				pid = childrenOf(process.pid).find((each) => !before.includes(each));
			}
			// Each round finds it further on its way.
			for (let turns = 0; turns < round * 10; turns += 1) await new Promise(setImmediate);
			process.kill(pid, 'SIGKILL');
			const [, error] = await to.next(['told', Any, victim]);
			expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_COPROC_WORKER_(EXITED|START)$/) });
		}
	});

	it('before it begins: what waits for it in queues is given up, and its handle says so', async () => {
		const to = probe();
		const victim = start('process', 'numbersOnly', [to]);
		for (let number = 0; number < 1000; number += 1) victim.send(number);
		const waits = [victim.wait(), victim.wait()];
		while (victim.pid === undefined) await new Promise(setImmediate);
		kill(victim);
		expect(await Promise.all(waits)).toEqual([true, true]);
		expect(victim.error).toBeInstanceOf(Error);
	});

	it('delivers what it had sent, in order and without gaps, before its exit is told', async () => {
		const to = probe();
		const victim = start('process', 'sends', [to]);
		to.monitor(victim);
		for (let number = 0; number < 1000; number += 1) await to.next(['number', number]);
		kill(victim);
		let last = 999;
		for (;;) {
			const message = await to.next(etc);
			if (message[0] !== 'number') break;
			expect(message[1]).toBe(last + 1);
			last += 1;
		}
	});

	it('takes along the local processes that live in it, and nobody else', async () => {
		const to = probe();
		const parent = await startAgent('process', to);
		const handles: Process[] = [];
		for (const kind of ['local', 'thread', 'process'] as const) {
			parent.send('spawn', 'agent', { kind, args: [to] });
			handles.push(adopt((await to.next(['ready', Process]))[1]));
		}
		const [local, thread, other] = handles as [Process, Process, Process];
		kill(parent);
		expect(await endOf(local)).toMatchObject(KILLED);
		for (const survivor of [thread, other]) {
			survivor.send('echo', 'alive');
			await to.next(['echo', 'alive']);
		}
	});

	it('makes its name free', async () => {
		const to = probe();
		const victim = start('process', 'agent', [to], { name: 'mortal' });
		await to.next(['ready', Process]);
		const asker = await startAgent('thread', to);
		asker.send('find', 'mortal');
		expect(await to.next(['found', Any])).toEqual(['found', victim]);
		kill(victim);
		await victim.wait();
		expect(await whereis('mortal')).toBe(undefined);
		asker.send('find', 'mortal');
		expect(await to.next(['found', Any])).toEqual(['found', undefined]);
	});

	it.each(['thread', 'process'] as const)('ends those that are linked to it through a chain of %s kinds', async (kind: Kind) => {
		const to = probe();
		const chain = [await startAgent('process', to)];
		for (let count = 0; count < 4; count += 1) {
			const next = await startAgent(kind, to);
			next.send('link', chain.at(-1));
			await to.next(['done', 'link']);
			chain.push(next);
		}
		const elapsed = stopwatch();
		kill(chain[0] as Process);
		for (const each of chain) await each.wait();
		expect(elapsed()).toBeLessThan(SOON);
		expect(((chain.at(-1) as Process).error as Error).cause).toMatchObject(KILLED);
	});
});

describe('a handle of a process that is gone', () => {
	it.each(['thread', 'process'] as const)('is told so in a worker (%s) that never knew it', async (kind) => {
		const to = probe();
		const victim = await startAgent('process', to);
		kill(victim);
		await victim.wait();
		const late = await startAgent(kind, to, { survives: true });
		late.send('await', victim);
		expect(await to.next(['ended', Any, Any])).toEqual(['ended', true, expect.objectContaining(KILLED)]);
		late.send('forward', victim, 'x');
		expect(await to.next(['forwarded', Any])).toEqual(['forwarded', false]);
	});
});
