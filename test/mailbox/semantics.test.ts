import { WorkerResource } from 'coproc';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 90_000 });

const SEMANTICS = new URL('../fixtures/mailbox/semantics.js', import.meta.url);
const NAMES = Object.keys((await import(SEMANTICS.href)) as object);

/** Where a worker runs and what it has in common with its host. */
const KINDS = {
	thread: { backend: 'thread' },
	process: { backend: 'process' },
	'process that has only the pipe': { backend: 'process', transport: 'pipe' },
} as const;

describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('in a worker that is a %s, a mailbox', (kind) => {
	let worker: Awaited<ReturnType<typeof WorkerResource.import<Record<string, () => Promise<void>>>>>;
	beforeAll(async () => {
		worker = await WorkerResource.import<Record<string, () => Promise<void>>>(SEMANTICS, KINDS[kind]);
	});
	afterAll(() => worker[Symbol.asyncDispose]());

	it.each(NAMES)('%s', async (name) => {
		await worker.call[name]?.();
	});
});

it('is tested by more than a few functions', () => {
	expect(NAMES.length).toBeGreaterThan(12);
});
