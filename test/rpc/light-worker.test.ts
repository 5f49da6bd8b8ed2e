import { describe, expect, it } from 'vitest';

import type * as current from '../fixtures/rpc/current.js';
import type * as tasks from '../fixtures/rpc/tasks.js';
import { withWorker } from './support/with-worker.ts';

const PRELOAD = new URL('../fixtures/rpc/refuse-heavy.mjs', import.meta.url).href;

describe('a worker whose module imports coproc', () => {
	const way = { backend: 'process' as const, transport: 'ring' as const, execArgv: ['--import', PRELOAD] };

	it('loads neither zod nor execa', async () => {
		await withWorker<typeof current>('current', way, async (call) => {
			expect((await call.describe()).name).toBe('describe');
		});
	});

	it('would be caught if it did', async () => {
		await expect(withWorker<typeof tasks>('tasks', way, async () => {})).rejects.toThrow(/loads zod/);
	});
});
