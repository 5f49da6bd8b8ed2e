/** Matches every value. */
export const Any: unique symbol = Symbol.for('coproc.any');

/** As the last element of an array pattern: any further elements, or none. */
export const etc: unique symbol = Symbol.for('coproc.etc');

/** Called with one value; it matches when the result is truthy. One that throws does not match. */
export type Predicate = { test(value: unknown): unknown }['test'];

/** A schema as zod has it: matches what it accepts. coproc does not load zod for that. */
export interface PatternSchema<I = unknown> {
	readonly '~standard': {
		readonly validate: (value: unknown) => unknown;
		readonly types?: { readonly input: I; readonly output: unknown } | undefined;
	};
}

/**
 * What a value is matched against. In this order:
 *
 * - an array: an array of that length whose elements match; {@link etc} at its end takes whatever follows;
 * - a schema: what it accepts;
 * - a class, `String`, `Number`, `Boolean` and the like included: its instances, and values of that primitive type;
 * - any other function: called with the value, matches when the result is truthy;
 * - {@link Any}: everything;
 * - a plain object: an object that has all these keys, with values that match; it may have more;
 * - everything else: what equals it. `NaN` equals `NaN`, 0 equals -0; a handle equals every handle of its process.
 *
 * From paragram's patterns.
 */
export type Pattern =
	| typeof Any
	| typeof etc
	| Predicate
	| PatternSchema
	| (abstract new (
			...args: never[]
	  ) => object)
	| string
	| number
	| boolean
	| bigint
	| symbol
	| null
	| undefined
	| readonly Pattern[]
	| { readonly [key: string]: Pattern }
	| object;

/** A predicate that tells the type of what it takes. */
type Guard<T> = { test(value: unknown): value is T }['test'];

/** The primitive types behind the classes that stand for them. */
type PrimitiveOf<P> = P extends StringConstructor
	? string
	: P extends NumberConstructor
		? number
		: P extends BooleanConstructor
			? boolean
			: P extends BigIntConstructor
				? bigint
				: P extends SymbolConstructor
					? symbol
					: never;

/** The type of a value that matches a pattern. */
export type Matched<P> = P extends typeof Any
	? unknown
	: P extends PatternSchema<infer I>
		? I
		: P extends StringConstructor | NumberConstructor | BooleanConstructor | BigIntConstructor | SymbolConstructor
			? PrimitiveOf<P>
			: P extends abstract new (
						...args: never[]
					) => infer T
				? T
				: P extends Guard<infer T>
					? T
					: P extends (value: infer V) => unknown
						? V
						: P extends readonly unknown[]
							? MatchedArray<P>
							: P extends string | number | boolean | bigint | symbol | null | undefined
								? P
								: IsPlain<P> extends true
									? { -readonly [K in keyof P]: Matched<P[K]> }
									: P;

/** Objects with methods are no plain ones: a Date or a handle matches what equals it. */
type IsPlain<P> = P extends
	| { readonly equals: unknown }
	| Date
	| RegExp
	| Error
	| ReadonlyMap<unknown, unknown>
	| ReadonlySet<unknown>
	? false
	: true;

/** The types of the elements that an array pattern matches. */
export type MatchedArray<P extends readonly unknown[]> = P extends readonly []
	? []
	: P extends readonly [typeof etc]
		? unknown[]
		: P extends readonly [infer First, ...infer Rest]
			? [Matched<First>, ...MatchedArray<Rest>]
			: P extends readonly (infer E)[]
				? Matched<E>[]
				: never;

/** The arguments of a handler for messages that match a pattern; a pattern that is no array is that of the only element. */
export type MatchedMessage<P> = P extends readonly unknown[] ? MatchedArray<P> : P extends typeof etc ? unknown[] : [Matched<P>];
