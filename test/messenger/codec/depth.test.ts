import { describe, expect, it } from 'vitest';

import { DataCloneError } from '../../../src/errors/index.ts';
import { graphDifference } from './graph.ts';
import { roundTrip, Wire } from './round-trip.ts';

class Link {
	next: unknown;
}

const WRAPPERS: Record<string, (inner: unknown) => unknown> = {
	objects: (next) => ({ next }),
	arrays: (inner) => [inner],
	'sparse arrays': (inner) => Object.assign([], { 3: inner }),
	'maps, as values': (inner) => new Map([['k', inner]]),
	'maps, as keys': (inner) => new Map([[inner, 1]]),
	sets: (inner) => new Set([inner]),
};

function nest(levels: number, wrap: (inner: unknown) => unknown): unknown {
	let value: unknown = 'innermost';
	for (let level = 0; level < levels; level++) value = wrap(value);
	return value;
}

describe('very deep nesting', () => {
	it.each(Object.entries(WRAPPERS))('works through 100,000 levels of %s', (_name, wrap) => {
		const value = nest(100_000, wrap);
		expect(graphDifference(roundTrip(value), value)).toBeUndefined();
	});

	it('works through class instances and keeps references across all levels', () => {
		const root: Record<string, unknown> = {};
		let value: unknown = root;
		for (let level = 0; level < 1000; level++)
			value = level % 2 === 0 ? Object.assign(new Link(), { next: value, root }) : [value, root];
		root.top = value;
		const plain = JSON.parse('{}') as Record<string, unknown>;
		let expected: unknown = plain;
		for (let level = 0; level < 1000; level++) expected = level % 2 === 0 ? { next: expected, root: plain } : [expected, plain];
		plain.top = expected;
		expect(graphDifference(roundTrip(value), expected)).toBeUndefined();
	});

	it('is refused, not a crash, where containers have to be finished first', () => {
		const wire = new Wire();
		const errors = nest(100_000, (cause) => new Error('e', { cause }));
		expect(() => wire.pass({ errors })).toThrow(DataCloneError);
		expect(() => wire.pass({ errors })).toThrow(/it is nested too deeply: more than 500 levels/);
		expect(wire.pass([1, { a: 1 }])).toEqual([1, { a: 1 }]);
	});

	it('is refused, not a crash, when the stack is nearly used up, and the encoder goes on', () => {
		const wire = new Wire();
		const other = new Wire();
		const value = nest(150, (next) => ({ next, side: [1, { next: 2 }] }));
		const outcomes = new Set<string>();
		const tryHere = (): void => {
			try {
				wire.pass(value);
				outcomes.add('works');
			} catch (error) {
				outcomes.add((error as Error).name);
			}
		};
		const descend = (depth: number): void => (depth > 0 ? descend(depth - 1) : tryHere());
		const canDescend = (depth: number): boolean => {
			try {
				descend(depth);
				return true;
			} catch {
				return false;
			}
		};
		let limit = 1;
		while (canDescend(limit)) limit *= 2;
		// In small steps from where the stack ends to where there is plenty of it: somewhere between, the value is too deep.
		for (let depth = limit; depth > 0; depth -= Math.ceil(limit / 4000)) canDescend(depth);
		expect(outcomes).toContain('works');
		expect(outcomes).toContain('DataCloneError');
		expect(graphDifference(wire.pass(value), other.pass(value))).toBeUndefined();
	});
});
