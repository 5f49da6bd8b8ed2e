import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decide, type Decision, type Restart, type Situation, type Strategy } from '../../src/process/supervision.ts';

const running = (...restarts: Restart[]): Situation['children'] => restarts.map((restart) => ({ restart, isRunning: true }));

/** Three permanent children, of which the middle one has failed for the first time. */
const BASE: Situation = {
	strategy: 'oneForOne',
	children: running('permanent', 'permanent', 'permanent').map((child, index) => ({ ...child, isRunning: index !== 1 })),
	ended: 1,
	isNormal: false,
	intensity: { max: 3, within: 1000 },
	restarts: [],
	now: 5000,
};

const childrenWith = (restart: Restart): Situation['children'] => [
	{ restart: 'permanent', isRunning: true },
	{ restart, isRunning: false },
	{ restart: 'permanent', isRunning: true },
];

const restart = (stop: number[], start: number[], restarts: number[] = [5000]): Decision => ({
	type: 'restart',
	stop,
	start,
	restarts,
});

const TABLE: readonly (readonly [title: string, change: Partial<Situation>, decision: Decision])[] = [
	['oneForOne restarts the child alone', {}, restart([], [1])],
	['oneForAll ends the others in reverse and starts all in order', { strategy: 'oneForAll' }, restart([2, 0], [0, 1, 2])],
	['restForOne ends and starts those after it', { strategy: 'restForOne' }, restart([2], [1, 2])],
	[
		'restForOne of the first child is like oneForAll',
		{
			strategy: 'restForOne',
			ended: 0,
			children: BASE.children.map((child, index) => ({ ...child, isRunning: index !== 0 })),
		},
		restart([2, 1], [0, 1, 2]),
	],
	[
		'restForOne of the last child restarts it alone',
		{
			strategy: 'restForOne',
			ended: 2,
			children: BASE.children.map((child, index) => ({ ...child, isRunning: index !== 2 })),
		},
		restart([], [2]),
	],
	['a permanent child is restarted after a normal end too', { isNormal: true }, restart([], [1])],
	['a transient child is restarted after an error', { children: childrenWith('transient') }, restart([], [1])],
	['a transient child is left after a normal end', { children: childrenWith('transient'), isNormal: true }, { type: 'leave' }],
	[
		'a transient child that ended normally takes nobody along',
		{
			children: childrenWith('transient'),
			isNormal: true,
			strategy: 'oneForAll',
		},
		{ type: 'leave' },
	],
	['a temporary child is never restarted', { children: childrenWith('temporary') }, { type: 'leave' }],
	[
		'a temporary child that failed takes nobody along',
		{ children: childrenWith('temporary'), strategy: 'oneForAll' },
		{ type: 'leave' },
	],
	[
		'a temporary sibling is ended with the others and not started again',
		{
			strategy: 'oneForAll',
			children: [
				{ restart: 'temporary', isRunning: true },
				{ restart: 'permanent', isRunning: false },
				{ restart: 'transient', isRunning: true },
			],
		},
		restart([2, 0], [1, 2]),
	],
	[
		'a sibling that has ended for good is not started again',
		{
			strategy: 'oneForAll',
			children: [
				{ restart: 'transient', isRunning: false },
				{ restart: 'permanent', isRunning: false },
				{ restart: 'permanent', isRunning: true },
			],
		},
		restart([2], [1, 2]),
	],
	['the last restart that the intensity allows is made', { restarts: [4100, 4200] }, restart([], [1], [4100, 4200, 5000])],
	[
		'one more within the time, and it gives up and ends the others in reverse',
		{ restarts: [4100, 4200, 4300] },
		{ type: 'giveUp', stop: [2, 0] },
	],
	['restarts longer ago than `within` do not count', { restarts: [3999, 4000, 4001] }, restart([], [1], [4001, 5000])],
	['an intensity of 0 gives up at the first failure', { intensity: { max: 0, within: 1000 } }, { type: 'giveUp', stop: [2, 0] }],
	[
		'an end that is left counts as no restart',
		{ children: childrenWith('temporary'), intensity: { max: 0, within: 1000 } },
		{ type: 'leave' },
	],
];

describe('decide()', () => {
	it.each(TABLE)('%s', (_title, change, decision) => {
		expect(decide({ ...BASE, ...change })).toEqual(decision);
	});

	const situations = fc
		.record({
			strategy: fc.constantFrom<Strategy>('oneForOne', 'oneForAll', 'restForOne'),
			children: fc.array(
				fc.record({ restart: fc.constantFrom<Restart>('permanent', 'transient', 'temporary'), isRunning: fc.boolean() }),
				{ minLength: 1, maxLength: 6 },
			),
			at: fc.nat(),
			isNormal: fc.boolean(),
			max: fc.nat(3),
			restarts: fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 4 }).map((times) => times.toSorted((a, b) => a - b)),
		})
		.map(({ at, max, children, ...rest }): Situation => {
			const ended = at % children.length;
			return {
				...rest,
				ended,
				intensity: { max, within: 1000 },
				now: 2000,
				children: children.map((child, index) => (index === ended ? { ...child, isRunning: false } : child)),
			};
		});

	it('ends only what runs, starts nothing that goes on running, never more restarts than allowed', () => {
		fc.assert(
			fc.property(situations, (situation) => {
				const decision = decide(situation);
				if (decision.type === 'leave') return;
				for (const index of decision.stop) expect(situation.children[index]?.isRunning).toBe(true);
				expect(decision.stop).toEqual(decision.stop.toSorted((a, b) => b - a));
				if (decision.type === 'giveUp') {
					expect(decision.stop).toHaveLength(situation.children.filter((child) => child.isRunning).length);
					return;
				}
				expect(decision.start).toContain(situation.ended);
				expect(decision.start).toEqual(decision.start.toSorted((a, b) => a - b));
				for (const index of decision.start)
					expect(index === situation.ended || decision.stop.includes(index), 'what is started was ended before').toBe(true);
				expect(decision.restarts.length).toBeLessThanOrEqual(situation.intensity.max);
				expect(decision.restarts.every((time) => situation.now - time < situation.intensity.within)).toBe(true);
			}),
		);
	});
});
