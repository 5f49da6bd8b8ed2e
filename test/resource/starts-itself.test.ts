import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { runProgram } from '../support/run-program.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/start/${name}.js`, import.meta.url));
const timesLoaded = (text: string): number => text.split('\n').filter((line) => line === 'loaded').length;

describe.each(['process', 'thread'])('a module that starts itself as a worker on a %s when it is loaded', (backend) => {
	it('is refused by the worker, which would start the next one, and the host is told why', async () => {
		const { stdout, left } = await runProgram(fixture('starts-itself'), { args: [backend], timeout: 60_000 });
		expect(timesLoaded(stdout)).toBe(2);
		expect(stdout).toMatch(/ERR_COPROC_WORKER_START .*starts-itself\.js starts itself as a worker when it is loaded/);
		expect(left).toEqual([]);
	}, 70_000);

	it('is refused, and its own actor is told why, where it is the module of an actor', async () => {
		const { stdout, code, left } = await runProgram(fixture('actor-starts-itself'), { args: [backend], timeout: 60_000 });
		expect(stdout.split('\n')).toEqual([
			'loaded',
			'loaded',
			expect.stringMatching(/^ended: WorkerStartError: .*actor-starts-itself\.js starts itself as a worker when it is loaded/),
			'ended: undefined',
			'',
		]);
		expect({ code, left }).toEqual({ code: 0, left: [] });
	}, 70_000);
});
