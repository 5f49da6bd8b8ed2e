/*
 * What the compiler infers from the pattern of a handler. Nothing here runs: `npm run types` is the test.
 */
import { expectTypeOf } from 'vitest';
import { z } from 'zod';

import type { Matched, MatchedMessage, Pattern } from '../../src/process/pattern.ts';
import { Any, etc } from '../../src/process/pattern.ts';

class Animal {
	readonly legs = 4;
}

declare function receive<const P extends Pattern>(pattern: P, handler: (...message: MatchedMessage<P>) => unknown): void;

/** The parameters of a handler are what its pattern matches. */
export function infersTheMessage(): void {
	receive('go away', (text) => expectTypeOf(text).toEqualTypeOf<'go away'>());
	receive(String, (text) => expectTypeOf(text).toEqualTypeOf<string>());
	receive([String, Number], (text, n) => {
		expectTypeOf(text).toEqualTypeOf<string>();
		expectTypeOf(n).toEqualTypeOf<number>();
	});
	receive(['move', [Number, Number]], (move, [x, y]) => {
		expectTypeOf(move).toEqualTypeOf<'move'>();
		expectTypeOf(x).toEqualTypeOf<number>();
		expectTypeOf(y).toEqualTypeOf<number>();
	});
	receive([Boolean, BigInt, Symbol, null], (...message) =>
		expectTypeOf(message).toEqualTypeOf<[boolean, bigint, symbol, null]>(),
	);
	receive([Animal, Any], (animal, anything) => {
		expectTypeOf(animal).toEqualTypeOf<Animal>();
		expectTypeOf(anything).toEqualTypeOf<unknown>();
	});
	receive([], (...message) => expectTypeOf(message).toEqualTypeOf<[]>());
}

/** `etc` gives a rest parameter. */
export function infersTheRest(): void {
	receive(etc, (...message) => expectTypeOf(message).toEqualTypeOf<unknown[]>());
	receive([String, etc], (text, ...rest) => {
		expectTypeOf(text).toEqualTypeOf<string>();
		expectTypeOf(rest).toEqualTypeOf<unknown[]>();
	});
}

/** Objects, predicates and schemas. */
export function infersTheValue(): void {
	receive({ type: 'add', n: Number, tags: [String, etc] }, (order) =>
		expectTypeOf(order).toEqualTypeOf<{ type: 'add'; n: number; tags: [string, ...unknown[]] }>(),
	);
	receive([(n: number) => n > 5], (n) => expectTypeOf(n).toEqualTypeOf<number>());
	receive([(n) => String(n).length > 2], (n) => expectTypeOf(n).toEqualTypeOf<unknown>());
	receive([(value): value is Animal => value instanceof Animal], (animal) => expectTypeOf(animal).toEqualTypeOf<Animal>());
	receive(z.object({ id: z.number() }), (user) => expectTypeOf(user).toEqualTypeOf<{ id: number }>());
	receive(['user', z.string().optional()], (_, name) => expectTypeOf(name).toEqualTypeOf<string | undefined>());
	receive([Error, Date, Map], (error, date) => {
		expectTypeOf(error).toEqualTypeOf<Error>();
		expectTypeOf(date).toEqualTypeOf<Date>();
	});
	expectTypeOf<Matched<Date>>().toEqualTypeOf<Date>();
	// @ts-expect-error a handler that wants a number where a string comes
	receive([String], (n: number) => n);
	// @ts-expect-error a handler that wants more than comes
	receive(['x'], (x: string, y: string) => [x, y]);
}
