import { readdirSync } from 'node:fs';

import { WorkerResource } from 'coproc';
import { describe, expect, it } from 'vitest';

import { COMBINATIONS } from '../contract/support/combinations.ts';

/*
 * Deno keeps a few descriptors of its own, which test/support/leftovers.ts leaves out of account. This counts them all.
 */

/** More than Deno opens for itself after the first workers, fewer than the workers of a round. */
const SLACK = 5;
const WORKERS = 10;

async function startAndClose(backend: 'process' | 'thread', transport: 'ring' | 'pipe'): Promise<void> {
	const worker = await WorkerResource.start((messenger) => void messenger.sendNorequest('hello'), { backend, transport });
	expect(await worker.messenger.receive()).toBe('hello');
	await worker[Symbol.asyncDispose]();
}

describe.each(COMBINATIONS)('workers of Deno over $name', ({ backend, transport }) => {
	it('leave no descriptors behind, however many there were', async () => {
		for (let i = 0; i < WORKERS; i += 1) await startAndClose(backend, transport);
		const before = readdirSync('/proc/self/fd').length;
		for (let i = 0; i < WORKERS; i += 1) await startAndClose(backend, transport);
		expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + SLACK);
	});
});

describe('this test', () => {
	it('runs under Deno', () => {
		expect(process.versions['deno']).toBeDefined();
	});
});
