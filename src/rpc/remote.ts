import type { CallOptions } from './call-options.ts';
import type { RemoteStream } from './remote-stream.ts';
import type { StreamMark } from './stream-mark.ts';

/** Any function, as a constraint. */
export type AnyFunction = (...args: never[]) => unknown;

/** What a call of a function gives that returns `R`: a stream for a generator, else a promise. */
export type RemoteResult<R> = 0 extends 1 & R
	? UntypedResult
	: [R] extends [never]
		? Promise<never>
		: [R] extends [UntypedResult]
			? R
			: [R] extends [AsyncGenerator<infer Y, infer T, never> | Generator<infer Y, infer T, never>]
				? RemoteStream<Awaited<Y>, Awaited<T>>
				: Promise<Awaited<R>>;

/** What a call of a function marked by `stream()` gives. */
type MarkedResult<R> =
	R extends PromiseLike<infer S>
		? MarkedResult<S>
		: R extends AsyncIterable<infer Y> | Iterable<infer Y>
			? RemoteStream<Awaited<Y>, unknown>
			: never;

/** A function of a worker as the host calls it: the same arguments; a promise of the result, or a stream. */
export type RemoteFunction<F> = F extends (...args: infer A) => infer R
	? RemoteCallable<A, keyof StreamMark extends keyof F ? MarkedResult<R> : RemoteResult<R>>
	: never;

/** Something that takes arguments `A` and gives `R`. */
export interface RemoteCallable<A extends readonly unknown[], R> {
	/** Calls the function in the worker. */
	(...args: A): R;
	/** The same function, called with options: what is returned can be kept and called often. */
	with<P = unknown>(options: CallOptions<P>): (...args: A) => R;
}

/** The exported functions of a module as the host calls them. What is no function is left out. */
export type Remote<M> = {
	readonly [K in keyof M as M[K] extends AnyFunction ? (K extends 'then' ? never : K) : never]: RemoteFunction<M[K]>;
};

/** What a call of a function gives that nothing is known about: a promise or a stream, which only its worker knows. */
export interface UntypedResult extends Promise<unknown>, RemoteStream<unknown, unknown> {}

/** A module that nothing is known about. */
export type UntypedModule = Readonly<Record<string, (...args: unknown[]) => UntypedResult>>;
