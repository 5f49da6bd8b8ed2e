import { type ImportOptions, type Remote, type RemoteResource, WorkerResource } from 'coproc';
import { describe } from 'vitest';

import { leavingNothing } from '../../support/leftovers.ts';

/** One way of running a worker; what calls promise holds in all of them. */
export interface Way {
	readonly backend: 'thread' | 'process';
	readonly transport: 'ring' | 'pipe';
}

const WAYS: readonly Way[] = [
	{ backend: 'thread', transport: 'ring' },
	{ backend: 'thread', transport: 'pipe' },
	{ backend: 'process', transport: 'ring' },
	{ backend: 'process', transport: 'pipe' },
];

/** Runs a suite for every backend and transport. */
export function describeEveryWay(title: string, suite: (way: Way) => void): void {
	describe.each(WAYS)(`${title}, $backend over $transport`, suite);
}

/** Where a fixture is. */
export function fixture(name: string): URL {
	return new URL(`../../fixtures/rpc/${name}.js`, import.meta.url);
}

/** Starts a worker with a fixture in it, runs `body`, disposes of the worker, and fails if anything is left of it. */
export async function withWorker<M>(
	name: string,
	options: Way & ImportOptions,
	body: (call: Remote<M>, worker: RemoteResource<Remote<M>>) => Promise<void>,
): Promise<void> {
	await leavingNothing(async () => {
		const worker = await WorkerResource.import<M>(fixture(name), options);
		try {
			await body(worker.call, worker);
		} finally {
			await worker[Symbol.asyncDispose]();
		}
	});
}

/** What a promise rejects with; fails when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
	try {
		await promise;
	} catch (error) {
		return error;
	}
	throw new Error('it should have rejected');
}

/** A promise, and the function that resolves it. */
export function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
	let resolve!: (value: T) => void;
	const promise = new Promise<T>((settle) => {
		resolve = settle;
	});
	return { promise, resolve };
}

/** All items of a stream. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const item of items) all.push(item);
	return all;
}
