import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { layout } from '../../src/mailbox/store/index.ts';
import { OwnerLock, ownTaskId, taskNumber } from '../../src/mailbox/tree/owner-lock.ts';

const started = (ticks: number) => () => `7 (a ) name) S ${'0 '.repeat(18)}${ticks} 0 0`;

function newLock(): { lock: OwnerLock; words: Int32Array } {
	const words = new Int32Array(new SharedArrayBuffer(layout.ARENA * 4));
	return { lock: new OwnerLock(words), words };
}

describe('taskNumber()', () => {
	it('is another one for a thread that was started later and has the same number', () => {
		expect(taskNumber(4_194_303, started(100))).not.toBe(taskNumber(4_194_303, started(101)));
		expect(taskNumber(4_194_303, started(511))).toBeGreaterThan(0);
		expect(taskNumber(7, started(100))).toBe(taskNumber(7, started(100)));
	});

	it('is 0 for a thread that is not there', () => {
		const gone = (): string => {
			throw new Error('ENOENT');
		};
		expect([taskNumber(0), taskNumber(7, gone)]).toEqual([0, 0]);
	});
});

describe.skipIf(process.platform !== 'linux')('OwnerLock', () => {
	it('is taken and given back', () => {
		const { lock, words } = newLock();
		expect(lock.acquire()).toBe(false);
		expect(words[layout.LOCK]).toBe(taskNumber(ownTaskId()));
		lock.release();
		expect(words[layout.LOCK]).toBe(0);
	});

	it('is taken over from a thread that is gone, and from one whose number another thread has now', () => {
		const start = Number(readFileSync('/proc/thread-self/stat', 'latin1').split(') ')[1]?.split(' ')[19]);
		for (const owner of [taskNumber(4_194_303, started(1)), taskNumber(ownTaskId(), started(start + 1))]) {
			const { lock, words } = newLock();
			words[layout.LOCK] = owner;
			expect(lock.acquire()).toBe(true);
			lock.release();
		}
	});
});
