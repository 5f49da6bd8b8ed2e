import { afterEach, describe, expect, it } from 'vitest';

import { Exit, main, Process, spawn, spawnLink, UnhandledChildExit, whereis } from '../../src/process/index.ts';

const silent = (): void => {};

afterEach(async () => {
	main.terminate();
	await main.wait();
});

describe('main', () => {
	it('runs the quickstart of the seed', async () => {
		const said: string[] = [];
		const proc = main.spawnLink(
			(self) => {
				said.push('process started!');
				self.receive('go away', () => {
					said.push('process ending.');
					self.terminate();
				});
			},
			{ name: 'my first process' },
		);
		proc.send('go away');
		expect(await proc.wait()).toBe(true);
		expect(said).toEqual(['process started!', 'process ending.']);
		expect(String(proc)).toBe('my first process');
		expect(proc.error).toBe(undefined);
	});

	it('ends with a linked process, which does not end the program, and begins anew with its next use', async () => {
		const child = spawnLink(silent);
		child.terminate('why');
		expect(await main.wait()).toBe(true);
		expect(main.error).toBeInstanceOf(UnhandledChildExit);
		expect(main.isAlive).toBe(false);
		expect(main.send('fresh')).toBe(true);
		expect(main.isAlive).toBe(true);
		expect(await main.next('fresh')).toEqual(['fresh']);
	});

	it('survives with a handler of [Exit, Process]', async () => {
		const told = new Promise((resolve) => main.receive([Exit, Process], (exit, process) => resolve([exit.error, process])));
		const child = spawnLink(silent);
		child.terminate('why');
		expect(await told).toEqual([new Error('why'), child]);
		expect(main.isAlive).toBe(true);
	});
});

describe('whereis()', () => {
	it('finds a living process by its name', async () => {
		const process = spawn(silent, { name: 'known' });
		expect(await whereis('known')).toBe(process);
		expect(await whereis('unknown')).toBe(undefined);
		process.terminate();
		await process.wait();
		expect(await whereis('known')).toBe(undefined);
	});
});
