import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { catchFault, catchMutation, exploreShipped, FAULTS, MUTATIONS, SCENARIOS } from './explorer/checks.ts';
import { countAtomics, rewrite } from './explorer/rewrite.ts';
import { explore, type Steps } from './explorer/scheduler.ts';
import { loadRing } from './explorer/shipped.ts';

describe('the shipped ring, stopped before every Atomics call', () => {
	it('has as many scheduling points as its source has Atomics calls', () => {
		const inSource = ['ring-reader.ts', 'ring-writer.ts']
			.map((file) => readFileSync(new URL(`../../src/ringbuf/${file}`, import.meta.url), 'utf8'))
			.reduce((total, source) => total + countAtomics(source), 0);
		expect(inSource).toBeGreaterThanOrEqual(15);
		expect(loadRing().atomics).toBe(inSource);
		expect(loadRing([], true).plain).toBeGreaterThanOrEqual(10);
	});

	it.each(SCENARIOS)('delivers in every order of steps with two preemptions: $name', (scenario) => {
		expect(exploreShipped(scenario, 2).schedules).toBeGreaterThan(200);
	});

	it.each(SCENARIOS)('delivers when it is stopped before plain accesses too: $name', (scenario) => {
		expect(exploreShipped(scenario, 1, true).schedules).toBeGreaterThan(40);
	});
});

describe('the explorer', () => {
	it.each(MUTATIONS)('catches a ring with this fault: $name', (mutation) => {
		expect(catchMutation(mutation)).toBeDefined();
	});

	it.each(FAULTS)('catches a user of the ring with this fault: %s', (fault) => {
		expect(catchFault(fault)).toBeDefined();
	});

	it('refuses a mutation whose text is not in the source', () => {
		expect(() => loadRing([{ file: 'record.ts', from: 'not there', to: '' }])).toThrow('holds 0 times');
	});

	it.each([
		['in a closure', 'class A { m() { return () => Atomics.load(this.w, 0); } }'],
		['in a field', 'class A { f = Atomics.load(w, 0); }'],
		['outside a class', 'const x = Atomics.load(w, 0);'],
		['in a static block', 'class A { static { Atomics.load(w, 0); } }'],
	])('refuses Atomics %s, which it could not stop before', (_where, source) => {
		expect(() => rewrite(source, false)).toThrow('not rewritten');
	});

	it('counts Atomics calls in code only', () => {
		expect(
			countAtomics('// Atomics.load(a)\nAtomics.load(a, 0); "Atomics.or(b)"; Atomics . add (c, 1, Atomics.load(d, 0))'),
		).toBe(3);
	});

	it('runs every order: two threads of two steps have six', () => {
		const orders = new Set<string>();
		const start = () => {
			let order = '';
			function* thread(name: string): Steps {
				yield 'first';
				order += name;
				yield 'second';
				order += name;
			}
			return {
				threads: ['a', 'b'].map((name) => ({ name, steps: thread(name) })),
				allow() {},
				isDead: () => false,
				finish: () => void orders.add(order),
			};
		};
		expect(explore(start, 3).schedules).toBe(6);
		expect([...orders].sort()).toEqual(['aabb', 'abab', 'abba', 'baab', 'baba', 'bbaa']);
		expect(explore(start, 0).schedules).toBe(2);
	});
});
