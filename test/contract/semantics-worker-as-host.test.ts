import { describe, expect, it, vi } from 'vitest';

import { isRunning } from '../support/leftovers.ts';
import { type Combination, COMBINATIONS, PROCESS_RING, PROCESSES, THREAD_PORT, THREAD_RING } from './support/combinations.ts';
import { workersOfEachTest } from './support/workers.ts';

const MIDDLE = new URL('../fixtures/middle.js', import.meta.url);

/** Processes below everything, for they could survive; threads cannot. */
const PAIRS: readonly (readonly [outer: string, inner: string, Combination, Combination])[] = [
	...COMBINATIONS.flatMap((outer) => PROCESSES.map((inner) => [outer, inner] as const)),
	[PROCESS_RING, THREAD_PORT] as const,
	[THREAD_PORT, THREAD_RING] as const,
].map(([outer, inner]) => [outer.name, inner.name, outer, inner]);

describe.each(PAIRS)('A worker over %s that is the host of a worker over %s', (_outer, _inner, outer, inner) => {
	const workers = workersOfEachTest({ losesMappings: outer.backend === 'thread' && inner.name === 'process-ring' });
	const options = { backend: outer.backend, transport: outer.transport };

	it('7.7: may not park on its own worker, and ends in order with it', async () => {
		const worker = await workers.start(MIDDLE, options, inner.backend, inner.transport);
		const { messenger } = worker;
		const [pid, text] = (await messenger.receive()) as [number | undefined, string];
		expect(text).toBe('inner is up');
		expect(await messenger.receive()).toMatch(/receiveBlocking\(\) was refused: this is the host's end.*Use `await receive\(\)`/);
		messenger.sendNorequest({ there: 'and back' });
		expect(await messenger.receive()).toEqual({ there: 'and back' });
		expect(await worker.join()).toEqual({ exitCode: 0, signal: null });
		if (pid !== undefined) await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 1000, interval: 5 });
	});

	it('7.10: takes its worker with it when it is killed or terminated', async () => {
		const worker = await workers.start(MIDDLE, options, inner.backend, inner.transport);
		const [pid] = (await worker.messenger.receive()) as [number | undefined, string];
		if (outer.backend === 'process') {
			process.kill(worker.pid as number, 'SIGKILL');
			await expect(worker.messenger.receive('nothing')).rejects.toMatchObject({ signal: 'SIGKILL' });
		} else {
			await worker.terminate();
		}
		if (pid !== undefined) await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 1000, interval: 5 });
	});
});
