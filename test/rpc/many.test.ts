import { TimeoutError, WorkerExitedError } from 'coproc';
import { expect, it } from 'vitest';

import type * as mixed from '../fixtures/rpc/mixed.js';
import { describeEveryWay, withWorker } from './support/with-worker.ts';

type Mixed = typeof mixed;
type Outcome = 'answered' | 'aborted' | 'late' | 'exited' | 'wrong';

/** Numbers that look random and are the same every time. */
function* numbers(seed: number): Generator<number, never, undefined> {
	for (let state = seed; ; ) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		yield state / 2 ** 32;
	}
}

/** Makes one of many kinds of calls, and tells how it settled, once. */
function makeCall(
	call: import('coproc').Remote<Mixed>,
	random: () => number,
	n: number,
): { readonly outcomes: Outcome[]; readonly done: Promise<unknown> } {
	const outcomes: Outcome[] = [];
	const controller = new AbortController();
	const options = random() < 0.5 ? { signal: controller.signal } : random() < 0.3 ? { timeout: random() * 30 } : {};
	const size = random() < 0.05 ? 200_000 : 10;
	const fn = random() < 0.5 ? call.now : call.soon;
	const promise = fn.with(options)(n, 'x'.repeat(size));
	const done = promise.then(
		(answer) => outcomes.push(answer === n ? 'answered' : 'wrong'),
		(error: unknown) => {
			if (error === controller.signal.reason) outcomes.push('aborted');
			else outcomes.push(error instanceof TimeoutError ? 'late' : error instanceof WorkerExitedError ? 'exited' : 'wrong');
		},
	);
	if (random() < 0.3) setImmediate(() => controller.abort());
	else if (random() < 0.2) controller.abort();
	return { outcomes, done };
}

describeEveryWay('1,000 calls in flight', (way) => {
	it('settle exactly once under random aborts and timeouts, and the worker serves afterwards', async () => {
		await withWorker<Mixed>('mixed', { ...way, abortGrace: 60_000 }, async (call, worker) => {
			const random = numbers(42);
			const calls = Array.from({ length: 1000 }, (_, n) => makeCall(call, () => random.next().value, n));
			await Promise.all(calls.map(({ done }) => done));
			await expect(call.now(-1, '')).resolves.toBe(-1);
			expect(calls.map(({ outcomes }) => outcomes.length)).toEqual(Array.from({ length: 1000 }, () => 1));
			const outcomes = new Set(calls.flatMap((each) => each.outcomes));
			expect(outcomes).not.toContain('wrong');
			expect(outcomes).toContain('answered');
			expect(outcomes).toContain('aborted');
			expect(worker.isAlive).toBe(true);
		});
	});

	it('settle exactly once when the worker is killed among them', async () => {
		await withWorker<Mixed>('mixed', way, async (call, worker) => {
			const random = numbers(7);
			const calls = Array.from({ length: 1000 }, (_, n) => makeCall(call, () => random.next().value, n));
			await call.now(-1, '');
			if (worker.pid) process.kill(worker.pid, 'SIGKILL');
			else void worker.terminate();
			calls.push(...Array.from({ length: 100 }, (_, n) => makeCall(call, () => random.next().value, n)));
			await Promise.all(calls.map(({ done }) => done));
			expect(calls.every(({ outcomes }) => outcomes.length === 1)).toBe(true);
			expect(calls.flatMap((each) => each.outcomes)).not.toContain('wrong');
		});
	});
});
