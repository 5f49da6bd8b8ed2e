import { isGeneratorFunction } from 'node:util/types';

/** Found on functions whose calls stream, across copies of the package. */
const STREAMS = Symbol.for('coproc.stream');

declare const marked: unique symbol;

/** The type of a function that was marked by {@link stream}; in types only. */
export interface StreamMark {
	/** @internal */
	readonly [marked]?: true;
}

/**
 * Marks a function of a worker module whose result is to be streamed although it is no generator function: one that returns an
 * iterable or an async iterable (or a promise of one), or a generator that a compiler has rewritten.
 *
 * @example
 * export const lines = stream((path: string) => createInterface({ input: createReadStream(path) }));
 */
export function stream<F extends (...args: never[]) => unknown>(fn: F): F & StreamMark {
	Object.defineProperty(fn, STREAMS, { value: true, configurable: true });
	return fn;
}

/** True for generator functions and for what was marked. */
export function isStreaming(fn: object): boolean {
	return isGeneratorFunction(fn) || (fn as { readonly [STREAMS]?: unknown })[STREAMS] === true;
}
