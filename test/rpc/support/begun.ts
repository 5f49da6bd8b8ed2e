import type { CallOptions, RemoteCallable } from 'coproc';

import { deferred } from './with-worker.ts';

/** A call under way, and the means to abort it. */
export interface Underway<R> {
	readonly result: R;
	abort(reason?: unknown): void;
}

/** Calls a function that reports `'begun'`, and resolves when it has. The result is wrapped, so that it is not awaited too. */
export async function untilBegun<A extends readonly unknown[], R>(
	fn: RemoteCallable<A, R>,
	options: CallOptions,
	...args: A
): Promise<Underway<R>> {
	const begun = deferred<unknown>();
	const controller = new AbortController();
	const result = fn.with({ signal: controller.signal, ...options, onProgress: begun.resolve })(...args);
	if (result instanceof Promise) result.catch(() => {});
	await begun.promise;
	return { result, abort: (reason) => controller.abort(reason) };
}
