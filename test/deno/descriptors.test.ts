import { readdirSync } from 'node:fs';

import { WorkerResource } from 'coproc';
import { describe, expect, it } from 'vitest';

import { COMBINATIONS } from '../contract/support/combinations.ts';

/*
 * Deno keeps a few descriptors of its own, which test/support/leftovers.ts leaves out of account. This counts them all.
 */

/** More than Deno opens for itself after the first workers, fewer than the workers of a round. */
const SLACK = 5;
const WORKERS = 6;
/** A test starts twelve workers, one after another, on a machine that may be busy. */
const TIMEOUT_MS = 120_000;

async function startAndClose(backend: 'process' | 'thread', transport: 'ring' | 'pipe'): Promise<void> {
	const worker = await WorkerResource.start((messenger) => void messenger.sendNorequest('hello'), { backend, transport });
	expect(await worker.messenger.receive()).toBe('hello');
	await worker[Symbol.asyncDispose]();
}

describe.each(COMBINATIONS)('workers of Deno over $name', ({ backend, transport }) => {
	it('leave no descriptors behind, however many there were', { timeout: TIMEOUT_MS }, async () => {
		for (let i = 0; i < WORKERS; i += 1) await startAndClose(backend, transport);
		const before = readdirSync('/proc/self/fd').length;
		for (let i = 0; i < WORKERS; i += 1) await startAndClose(backend, transport);
		expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + SLACK);
	});
});

describe.each(COMBINATIONS)('starts that fail in Deno over $name', ({ backend, transport }) => {
	it('leave no descriptors behind either', { timeout: TIMEOUT_MS }, async () => {
		const missing = new URL('./no-such-module.js', import.meta.url);
		const fail = async (): Promise<void> => {
			await expect(WorkerResource.start(missing, { backend, transport })).rejects.toThrow('does not exist');
		};
		for (let i = 0; i < WORKERS; i += 1) await fail();
		const before = readdirSync('/proc/self/fd').length;
		for (let i = 0; i < WORKERS; i += 1) await fail();
		expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + SLACK);
	});
});

describe('this test', () => {
	it('runs under Deno', () => {
		expect(process.versions['deno']).toBeDefined();
	});
});
