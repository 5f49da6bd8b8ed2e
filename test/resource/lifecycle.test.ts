import { describe, expect, it } from 'vitest';

import { isAlive, lastExit, type LifeEvent, type LifeState, next } from '../../src/resource/lifecycle.ts';

const EXIT = { exitCode: 3, signal: null };
const LATER_EXIT = { exitCode: null, signal: 'SIGKILL' };

const NEW: LifeState = { type: 'new' };
const DEAD: LifeState = { type: 'dead', info: EXIT };
const STARTING: LifeState = { type: 'starting', before: NEW };
const RESTARTING: LifeState = { type: 'starting', before: DEAD };
const ALIVE: LifeState = { type: 'alive' };
const CLOSING: LifeState = { type: 'closing' };
const TERMINATING: LifeState = { type: 'terminating' };
const DEAD_AGAIN: LifeState = { type: 'dead', info: LATER_EXIT };

const STATES: readonly (readonly [name: string, state: LifeState])[] = [
	['new', NEW],
	['starting', STARTING],
	['restarting', RESTARTING],
	['alive', ALIVE],
	['closing', CLOSING],
	['terminating', TERMINATING],
	['dead', DEAD],
];

/** The whole life cycle: what each event makes of each state, in the order of STATES. */
const TABLE: readonly (readonly [event: LifeEvent, after: readonly (LifeState | string)[]])[] = [
	[{ type: 'start' }, [STARTING, 'alive', 'alive', 'alive', 'alive', 'alive', RESTARTING]],
	[{ type: 'ready' }, [NEW, ALIVE, ALIVE, ALIVE, CLOSING, TERMINATING, DEAD]],
	[{ type: 'startFailed' }, [NEW, NEW, DEAD, ALIVE, CLOSING, TERMINATING, DEAD]],
	[{ type: 'join' }, ['notStarted', 'notStarted', 'notStarted', CLOSING, CLOSING, TERMINATING, 'alreadyDead']],
	[{ type: 'terminate' }, ['notStarted', 'notStarted', 'notStarted', TERMINATING, TERMINATING, TERMINATING, 'alreadyDead']],
	[{ type: 'exit', info: LATER_EXIT }, STATES.map(() => DEAD_AGAIN)],
];

describe('next()', () => {
	for (const [event, row] of TABLE) {
		it.each(STATES.map(([name, state], index) => [name, state, row[index]] as const))(
			`answers ${event.type} when %s`,
			(_name, state, after) => {
				expect(next(state, event)).toEqual(after);
			},
		);
	}

	it('has an answer to every event in every state', () => {
		for (const [, row] of TABLE) expect(row).toHaveLength(STATES.length);
		expect(new Set(TABLE.map(([event]) => event.type)).size).toBe(6);
	});
});

describe('isAlive()', () => {
	it('holds from the end of the start to the exit', () => {
		expect(STATES.filter(([, state]) => isAlive(state)).map(([name]) => name)).toEqual(['alive', 'closing', 'terminating']);
	});
});

describe('lastExit()', () => {
	it('is known while dead and until the next start has succeeded', () => {
		expect(STATES.map(([, state]) => lastExit(state))).toEqual([
			undefined,
			undefined,
			EXIT,
			undefined,
			undefined,
			undefined,
			EXIT,
		]);
	});
});
