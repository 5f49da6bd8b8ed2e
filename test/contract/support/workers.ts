import { type PriorityMessenger, type Target, WorkerResource, type WorkerResourceOptions } from 'coproc';
import { afterEach, beforeEach } from 'vitest';

import { expectNothingLeftSince, type Holdings, holdings } from '../../support/leftovers.ts';
import { putCoprocInScope } from './scope.ts';

putCoprocInScope();

/** A worker whose arguments nobody cares about any more. */
export type AnyWorker = Omit<WorkerResource, 'start'> & { start(...args: unknown[]): Promise<AnyWorker> };

/** Makes the workers of each test, disposes of them after it, and then shows that nothing is left. */
export interface Workers {
	make<A extends unknown[] = unknown[]>(target: Target<PriorityMessenger, A>, options?: WorkerResourceOptions): AnyWorker;
	start<A extends unknown[] = unknown[]>(
		target: Target<PriorityMessenger, A>,
		options?: WorkerResourceOptions,
		...args: NoInfer<A>
	): Promise<AnyWorker>;
}

/**
 * For the tests of the `describe` block, or file, that calls it. A disposal that throws fails its test.
 *
 * With `losesMappings`, shared memory may stay mapped: a thread that is terminated while it is a host has nobody to unmap it.
 */
export function workersOfEachTest({ losesMappings = false } = {}): Workers {
	let made: AnyWorker[] = [];
	let before: Holdings;
	beforeEach(() => {
		made = [];
		before = holdings();
	});
	afterEach(async () => {
		for (const worker of made) await worker[Symbol.asyncDispose]();
		await expectNothingLeftSince(losesMappings ? { ...before, mappings: Number.POSITIVE_INFINITY } : before);
	});
	const make: Workers['make'] = (target, options) => {
		const worker = new WorkerResource(target as Target<PriorityMessenger, unknown[]>, options) as AnyWorker;
		made.push(worker);
		return worker;
	};
	return { make, start: (target, options, ...args) => make(target, options).start(...args) };
}
