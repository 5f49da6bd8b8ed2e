import { isDeepStrictEqual } from 'node:util';

import { InvalidArgumentError } from '../errors/index.ts';
import { Any, etc, type PatternSchema, type Predicate } from './pattern.ts';

/** Tells whether a value matches. Never throws. */
export type Matcher = (value: unknown) => boolean;

/** Tells whether a message, the array of what was sent, matches. Never throws. */
export type MessageMatcher = (message: readonly unknown[]) => boolean;

type Equatable = { equals(other: unknown): unknown };

/** Classes that stand for a primitive type. */
const PRIMITIVES = new Map<unknown, string>([
	[String, 'string'],
	[Number, 'number'],
	[Boolean, 'boolean'],
	[BigInt, 'bigint'],
	[Symbol, 'symbol'],
]);

/**
 * Makes a matcher of the pattern of a message. One that is no array is that of the only element; `etc` alone takes any message.
 *
 * @throws InvalidArgumentError for a pattern with {@link etc} anywhere but at the end of an array
 */
export function messageMatcher(pattern: unknown): MessageMatcher {
	return matchArray(Array.isArray(pattern) ? pattern : [pattern]);
}

/** Makes a matcher of a pattern; see {@link Pattern} for the rules. */
export function matcher(pattern: unknown): Matcher {
	if (pattern === etc)
		throw new InvalidArgumentError('a pattern was refused: `etc` stands for further elements, so it goes at the end of an array');
	if (Array.isArray(pattern)) {
		const matches = matchArray(pattern);
		return (value) => Array.isArray(value) && matches(value);
	}
	if (isSchema(pattern)) return matchSchema(pattern);
	if (typeof pattern === 'function') return isClass(pattern) ? matchClass(pattern) : matchPredicate(pattern as Predicate);
	if (pattern === Any) return () => true;
	return typeof pattern === 'object' && pattern !== null ? matchObject(pattern) : (value) => isSame(pattern, value);
}

function matchArray(patterns: readonly unknown[]): MessageMatcher {
	const isOpen = patterns.at(-1) === etc;
	const matchers = (isOpen ? patterns.slice(0, -1) : patterns).map(matcher);
	const { length } = matchers;
	return (values) => {
		if (isOpen ? values.length < length : values.length !== length) return false;
		for (let index = 0; index < length; index += 1) if (!(matchers[index] as Matcher)(values[index])) return false;
		return true;
	};
}

function matchSchema(schema: PatternSchema): Matcher {
	const { validate } = schema['~standard'];
	return (value) => {
		try {
			const result = validate(value);
			if (!(result instanceof Promise)) return (result as { readonly issues?: unknown }).issues === undefined;
			// A message cannot wait for its handler to be found.
			result.catch(() => {});
		} catch {
			// As a predicate that throws.
		}
		return false;
	};
}

function matchClass(type: Function): Matcher {
	const primitive = PRIMITIVES.get(type);
	if (primitive !== undefined) return (value) => typeof value === primitive;
	if (type === Object) return (value) => typeof value === 'object' && value !== null;
	return (value) => {
		try {
			return value instanceof type;
		} catch {
			return false;
		}
	};
}

function matchPredicate(test: Predicate): Matcher {
	return (value) => {
		try {
			return Boolean(test(value));
		} catch {
			return false;
		}
	};
}

function matchObject(pattern: object): Matcher {
	if (typeof (pattern as Partial<Equatable>).equals === 'function')
		return (value) => value === pattern || Boolean((pattern as Equatable).equals(value));
	const prototype: unknown = Object.getPrototypeOf(pattern);
	if (prototype !== Object.prototype && prototype !== null) return (value) => isDeepStrictEqual(pattern, value);
	const entries = Object.entries(pattern).map(([key, each]) => [key, matcher(each)] as const);
	return (value) => {
		if (typeof value !== 'object' || value === null) return false;
		try {
			return entries.every(([key, matches]) => key in value && matches((value as Record<string, unknown>)[key]));
		} catch {
			// A getter that throws has no value that could match.
			return false;
		}
	};
}

function isSame(a: unknown, b: unknown): boolean {
	return a === b || (a !== a && b !== b);
}

/** Whatever says that it is one: zod makes objects, arktype makes functions. */
function isSchema(pattern: unknown): pattern is PatternSchema {
	if ((typeof pattern !== 'object' && typeof pattern !== 'function') || pattern === null) return false;
	const standard: unknown = (pattern as Partial<PatternSchema>)['~standard'];
	return typeof standard === 'object' && standard !== null && typeof (standard as { validate?: unknown }).validate === 'function';
}

/** A class, or a function of old that is used as one: a constructor of the language, or one whose instances inherit something. */
function isClass(value: Function): boolean {
	const { prototype } = value as { prototype?: unknown };
	if (PRIMITIVES.has(value) || value === Function) return true;
	if (typeof prototype !== 'object' || prototype === null) return false;
	const source = Function.prototype.toString.call(value);
	if (/^class\b/.test(source) || source.includes('[native code]')) return true;
	return Object.getOwnPropertyNames(prototype).length > 1 || Object.getPrototypeOf(prototype) !== Object.prototype;
}
