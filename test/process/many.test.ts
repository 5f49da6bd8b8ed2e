import { Any, etc, Process, spawn } from 'coproc/process';
import { describe, expect, it } from 'vitest';

import { endsEverything, probe, start, UNITS } from './support/kinds.ts';
import { stopwatch } from './support/stopwatch.ts';

endsEverything();

/** V8 goes on compiling for a second or two (Node 24) after a hundred threads have started; what follows is not about that. */
async function expectQuiet(): Promise<void> {
	// The first look sees all that was used so far: at least two are taken.
	let before: NodeJS.CpuUsage | undefined;
	const usedMs = (): number => {
		const { user, system } = process.cpuUsage(before);
		before = process.cpuUsage();
		return (user + system) / 1000;
	};
	await expect.poll(usedMs, { interval: 100, timeout: 60_000 }).toBeLessThan(20);
}

describe('100 processes in threads in a linked chain', () => {
	it('all end within a second when one does, and nothing is left', async () => {
		const to = probe();
		const chain: Process[] = [];
		for (let count = 0; count < 100; count += 1) {
			const previous = chain.at(-1);
			chain.push(start('thread', 'agent', [to], previous ? { linkTo: previous } : {}));
		}
		for (const _ of chain) await to.next(['ready', Process]);
		// The links that the last ones ask for have been made when they answer.
		for (const each of chain) each.send('echo', 'linked');
		for (const _ of chain) await to.next(['echo', Any]);
		await expectQuiet();
		const elapsed = stopwatch();
		chain[50]?.terminate('the fiftieth');
		await Promise.all(chain.map((each) => each.wait()));
		expect(elapsed()).toBeLessThan(1000);
		expect(((chain[0] as Process).error as Error).cause).toEqual(new Error('the fiftieth'));
		expect(((chain[99] as Process).error as Error).cause).toEqual(new Error('the fiftieth'));
	}, 180_000);
});

describe('a storm of spawns', () => {
	it('that are ended at once leaves nothing', async () => {
		const kinds = ['thread', 'process', 'local'] as const;
		const all = Array.from({ length: 30 }, (_, index) => start(kinds[index % 3] as 'thread', 'quiet'));
		for (const each of all) each.terminate();
		expect(await Promise.all(all.map((each) => each.wait()))).toEqual(all.map(() => true));
		expect(all.map(({ error }) => error)).toEqual(all.map(() => undefined));
	});

	it('from threads and processes at once is served', async () => {
		const to = probe();
		const parents = [start('thread', 'agent', [to]), start('process', 'agent', [to]), start('thread', 'agent', [to])];
		for (const parent of parents)
			for (let count = 0; count < 8; count += 1)
				parent.send('spawn', 'failing', { kind: count % 2 === 0 ? 'thread' : 'process', args: [to] });
		const children: Process[] = [];
		while (children.length < 24) {
			const message = await to.next(etc);
			if (message[0] === 'spawned') children.push(message[1] as Process);
		}
		for (const child of children) child.send('return');
		for (const child of children) expect(await child.wait()).toBe(true);
	}, 180_000);

	it('can be ended while its workers start', async () => {
		const all = Array.from({ length: 20 }, () => spawn(UNITS, { kind: 'thread', export: 'quiet' }));
		await new Promise(setImmediate);
		for (const each of all) each.terminate('not any more');
		for (const each of all) expect(await each.wait()).toBe(true);
	});
});
