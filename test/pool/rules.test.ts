import { describe, expect, it } from 'vitest';

import { chooseWorker, chunkSizeFor, fateOf, MAX_PREFETCHED, PREFETCH_MS } from '../../src/pool/dispatch.ts';
import { chunkLimit, countedEnds, recycling, workersToStart } from '../../src/pool/sizing.ts';

const load = (inFlight: number, backlogMs = inFlight, room = Number.POSITIVE_INFINITY) => ({ inFlight, backlogMs, room });

describe('chooseWorker()', () => {
	it.each([
		['takes the idle one', [load(1), load(0)], 1],
		['takes the first of equals', [load(0), load(0)], 0],
		['takes the one with the shorter backlog among those that have as many calls', [load(1, 3), load(1, 2)], 1],
		['prefetches where the work is short', [load(3, 0.1)], 0],
		['puts nothing behind a call that takes long', [load(1, PREFETCH_MS)], -1],
		['prefetches so many and no more', [load(1 + MAX_PREFETCHED, 0)], -1],
		['leaves out one without room', [load(0, 0, 0), load(1)], 1],
		['finds none among none', [], -1],
	])('%s', (_what, workers, expected) => {
		expect(chooseWorker(workers, 1, 1)).toBe(expected);
	});

	it('fills the places of a worker before it prefetches', () => {
		expect(chooseWorker([load(1, 1000), load(2, 1000)], 2, 1)).toBe(0);
	});
});

describe('fateOf()', () => {
	it.each([
		['reject', { isOver: true, canBeSentAgain: true, hasBegun: false, retries: 9 }],
		['move', { isOver: false, canBeSentAgain: true, hasBegun: false, retries: 0 }],
		['reject', { isOver: false, canBeSentAgain: false, hasBegun: false, retries: 9 }],
		['retry', { isOver: false, canBeSentAgain: true, hasBegun: true, retries: 1 }],
		['reject', { isOver: false, canBeSentAgain: true, hasBegun: true, retries: 0 }],
	] as const)('is %s for %o', (fate, facts) => {
		expect(fateOf(facts)).toBe(fate);
	});
});

describe('chunkSizeFor()', () => {
	const facts = {
		chunkSize: 'auto',
		msPerItem: 0.001,
		bytesPerItem: 0,
		former: 1000,
		remaining: undefined,
		places: 4,
		limit: 1e9,
	} as const;
	it.each([
		['one until the pace is known', { msPerItem: undefined }, 1],
		['what was asked for', { chunkSize: 7 }, 7],
		['no more than a worker may be given', { chunkSize: 7, limit: 3 }, 3],
		['as many as take 10 ms', { msPerItem: 0.1 }, 100],
		['one where an item takes longer', { msPerItem: 50 }, 1],
		['growing in steps', { former: 2 }, 8],
		['fewer towards the end', { remaining: 16 }, 2],
		['as many as take 256 KiB', { bytesPerItem: 64 * 1024 }, 4],
		['one where an item is larger', { bytesPerItem: 2 ** 20 }, 1],
		['at most 2048', { msPerItem: 0 }, 2048],
	])('is %s', (_what, change, expected) => {
		expect(chunkSizeFor({ ...facts, ...change })).toBe(expected);
	});
});

describe('workersToStart()', () => {
	it.each([
		['up to min', { min: 2, max: 4, workers: 0, starting: 0, waiting: 0 }, 2],
		['none when nothing waits', { min: 0, max: 4, workers: 0, starting: 0, waiting: 0 }, 0],
		['one for each call that waits', { min: 0, max: 4, workers: 1, starting: 0, waiting: 2 }, 2],
		['none for those that starting workers will take', { min: 0, max: 4, workers: 2, starting: 2, waiting: 2 }, 0],
		['never more than max', { min: 0, max: 4, workers: 3, starting: 0, waiting: 100 }, 1],
	])('is %s', (_what, facts, expected) => {
		expect(workersToStart(facts)).toBe(expected);
	});
});

describe('recycling()', () => {
	const limits = { tasks: 10, rssBytes: 100, ageMs: 1000 };
	it.each([
		['none', { tasks: 7, rssBytes: 100, ageMs: 1000 }],
		['whenSpent', { tasks: 8, rssBytes: 0, ageMs: 0 }],
		['whenReady', { tasks: 0, rssBytes: 101, ageMs: 0 }],
		['whenReady', { tasks: 0, rssBytes: 0, ageMs: 1001 }],
	])('is %s for %o', (expected, age) => {
		expect(recycling(age, limits)).toBe(expected);
	});

	it('keeps chunks to an eighth of the tasks', () => {
		expect([chunkLimit({ ...limits, tasks: 80 }), chunkLimit(limits)]).toEqual([10, 1]);
	});
});

describe('countedEnds()', () => {
	it('forgets what is longer ago', () => {
		expect(countedEnds([0, 500, 900], 1400, { max: 1, withinMs: 900 })).toEqual([900, 1400].filter((at) => 1400 - at < 900));
	});
});
