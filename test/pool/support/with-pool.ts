import { type PoolImportOptions, WorkerPool } from 'coproc';
import { describe } from 'vitest';

import type * as work from '../../fixtures/pool/work.js';
import { leavingNothing } from '../../support/leftovers.ts';

/** The module that the pools of these tests work with. */
export type Work = typeof work;

/** Where that is. */
export const WORK = new URL('../../fixtures/pool/work.js', import.meta.url);

/** Runs a suite for both backends. */
export function describeBothBackends(title: string, suite: (backend: 'thread' | 'process') => void): void {
	describe.each(['thread', 'process'] as const)(`${title}, backend %s`, suite);
}

/** Opens a pool, runs `body`, disposes of the pool, and fails if anything is left of it. */
export async function withPool(options: PoolImportOptions, body: (pool: WorkerPool<Work>) => Promise<void>): Promise<void> {
	await leavingNothing(async () => {
		const pool = await WorkerPool.import<Work>(WORK, options);
		try {
			await body(pool);
		} finally {
			await pool[Symbol.asyncDispose]();
		}
	});
}
