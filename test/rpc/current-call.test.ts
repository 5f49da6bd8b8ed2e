import { currentCall, NotInCallError, WorkerResource } from 'coproc';
import { describe, expect, it } from 'vitest';

import type * as current from '../fixtures/rpc/current.js';
import type * as late from '../fixtures/rpc/late.js';
import type * as unfollowed from '../fixtures/rpc/unfollowed.js';
import { leavingNothing } from '../support/leftovers.ts';
import { describeEveryWay, withWorker } from './support/with-worker.ts';

/** In scope where an inline target runs. */
declare const coproc: typeof import('coproc');

type Current = typeof current;
type Unfollowed = typeof unfollowed;

const WAY = { backend: 'thread', transport: 'ring' } as const;

describeEveryWay('currentCall()', (way) => {
	it('is the right call across awaits, whatever else runs in between', async () => {
		await withWorker<Current>('current', way, async (call) => {
			const names = Array.from({ length: 200 }, (_, n) => `call ${n}`);
			expect(await Promise.all(names.map((name, n) => call.tags(name, n % 7)))).toEqual(names);
		});
	});

	it('tells the name of the function, and that nobody has aborted it', async () => {
		await withWorker<Current>('current', way, async (call) => {
			expect(await call.describe()).toEqual({ name: 'describe', aborted: false, hasDeadline: false });
			expect(await call.describe.with({ timeout: 5000 })()).toEqual({ name: 'describe', aborted: false, hasDeadline: true });
		});
	});
});

describe('currentCall() outside a call', () => {
	it('throws in the host', () => {
		expect(() => currentCall()).toThrow(NotInCallError);
		expect(() => currentCall()).toThrow(
			'currentCall() failed: the code that asks belongs to no call. Use it in functions that a host calls, until their result is given.',
		);
	});

	it('throws while the module of a worker is loaded', async () => {
		await withWorker<Current>('current', WAY, async (call) => {
			expect(await call.atLoad()).toMatch(/belongs to no call/);
		});
	});

	it('throws in work that goes on after the result was given, which reports no progress then', async () => {
		await withWorker<Current>('current', WAY, async (call) => {
			const progress: unknown[] = [];
			await call.leaveWork.with({ onProgress: (value) => progress.push(value) })();
			expect(await call.takeLater()).toMatch(/the call that this code belongs to has ended/);
			expect(progress).toEqual([]);
		});
	});

	it('throws in a target that runs instead of answering calls', async () => {
		await leavingNothing(async () => {
			const worker = await WorkerResource.start(
				(messenger) => {
					try {
						coproc.currentCall();
					} catch (error) {
						messenger.sendNorequest((error as NotInCallError).code);
					}
				},
				{ backend: 'thread' },
			);
			expect(await worker.messenger.receive()).toBe('ERR_COPROC_NOT_IN_CALL');
			await worker[Symbol.asyncDispose]();
		});
	});
});

/** Node 24 follows without hooks of promises. */
const FOLLOWING_COSTS = Number.parseInt(process.versions.node, 10) < 24;

describe('following calls across awaits', () => {
	it('costs nothing in a worker that never loads coproc', async () => {
		await withWorker<Unfollowed>('unfollowed', WAY, async (call) => {
			expect(await call.isFollowed()).toBe(false);
		});
	});

	it('begins when coproc is loaded; a call that ran before then is told clearly, never given another call', async () => {
		await withWorker<Unfollowed>('unfollowed', WAY, async (call) => {
			const first = call.nameByHelper();
			await expect(first).rejects.toMatchObject({ code: 'ERR_COPROC_NOT_IN_CALL' });
			expect(await call.nameByHelper()).toBe('nameByHelper');
			expect(await call.isFollowed()).toBe(FOLLOWING_COSTS);
		});
	});

	it('begins at the start for functions whose source names it', async () => {
		await withWorker<typeof late>('late', WAY, async (call) => {
			await expect(call.late()).resolves.toBe('late');
		});
	});
});
