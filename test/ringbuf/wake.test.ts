import { describe, expect, it } from 'vitest';

import { BELLS_RUNG, CWAIT, PWAIT, SLEEPS } from '../../src/ringbuf/layout.ts';
import { ASLEEP, AWAKE, PARKED, type SleepKind } from '../../src/ringbuf/index.ts';
import { type SmallRing, smallRing, Taken } from './small-ring.ts';

const KINDS: readonly [string, SleepKind][] = [
	['asleep', ASLEEP],
	['parked', PARKED],
];
const NOTHING = Buffer.alloc(0);

function send({ writer }: SmallRing): SleepKind {
	writer.tryWrite(1, 0, 0, NOTHING);
	return writer.publish();
}

function take({ reader }: SmallRing): SleepKind {
	reader.read(new Taken(), 1);
	return reader.release();
}

function fullRing(): SmallRing {
	const ring = smallRing(64);
	for (let i = 0; i < 4; i += 1) send(ring);
	return ring;
}

describe('a consumer that sleeps', () => {
	it.each(KINDS)('is rung once when %s, by the first publish(), with its kind', (_name, kind) => {
		const ring = smallRing(256);
		expect(ring.reader.arm(kind)).toBe(true);
		expect([send(ring), send(ring), send(ring)]).toEqual([kind, AWAKE, AWAKE]);
	});

	it('is rung once for each sleep', () => {
		const ring = smallRing(256);
		let rings = 0;
		for (let sleep = 0; sleep < 10; sleep += 1) {
			expect(ring.reader.arm(PARKED)).toBe(true);
			for (let i = 0; i < 3; i += 1) if (send(ring) !== AWAKE) rings += 1;
			ring.reader.read(new Taken(), 9);
			ring.reader.release();
		}
		expect(rings).toBe(10);
		expect([ring.word(SLEEPS), ring.word(BELLS_RUNG)]).toEqual([10, 10]);
	});

	it('does not go to sleep, and is not rung, when something was published before it announced', () => {
		const ring = smallRing(256);
		send(ring);
		expect(ring.reader.arm(PARKED)).toBe(false);
		expect(ring.word(CWAIT)).toBe(AWAKE);
		expect(send(ring)).toBe(AWAKE);
		expect(ring.word(SLEEPS)).toBe(0);
	});

	it('is not rung after disarm()', () => {
		const ring = smallRing(256);
		ring.reader.arm(PARKED);
		ring.reader.disarm();
		expect(send(ring)).toBe(AWAKE);
	});

	it('is not rung by a record that was not published', () => {
		const ring = smallRing(256);
		ring.reader.arm(ASLEEP);
		ring.writer.tryWrite(1, 0, 0, NOTHING);
		expect(ring.word(CWAIT)).toBe(ASLEEP);
	});

	it('is rung with the kind it announced last', () => {
		const ring = smallRing(256);
		ring.reader.arm(ASLEEP);
		ring.reader.arm(PARKED);
		expect(send(ring)).toBe(PARKED);
	});

	it.each(KINDS)('is rung by close() when %s', (_name, kind) => {
		const ring = smallRing(256);
		ring.reader.arm(kind);
		expect(ring.writer.close()).toBe(kind);
		expect(ring.writer.close()).toBe(AWAKE);
	});
});

describe('a producer that waits for room', () => {
	it.each(KINDS)('is rung once when %s, by the first release(), with its kind', (_name, kind) => {
		const ring = fullRing();
		expect(ring.writer.arm(kind, 0)).toBe(true);
		expect([take(ring), take(ring), take(ring)]).toEqual([kind, AWAKE, AWAKE]);
	});

	it('does not go to sleep, and is not rung, when there is room by now', () => {
		const ring = fullRing();
		take(ring);
		expect(ring.writer.arm(PARKED, 0)).toBe(false);
		expect(ring.word(PWAIT)).toBe(AWAKE);
		expect(take(ring)).toBe(AWAKE);
	});

	it('sleeps until there is room for the size it names, PAD included', () => {
		const ring = smallRing(64, 48);
		expect(ring.writer.arm(PARKED, 16)).toBe(false);
		send(ring);
		send(ring);
		expect(ring.writer.arm(PARKED, 32)).toBe(true);
		expect(ring.writer.arm(PARKED, 16)).toBe(false);
		send(ring);
		expect(ring.writer.arm(PARKED, 16)).toBe(true);
		expect(ring.writer.arm(PARKED, 0)).toBe(false);
	});

	it('is not rung by a release() that gives nothing back', () => {
		const ring = fullRing();
		ring.writer.arm(PARKED, 0);
		expect(ring.reader.release()).toBe(AWAKE);
		expect(ring.word(PWAIT)).toBe(PARKED);
	});

	it('is not rung after disarm()', () => {
		const ring = fullRing();
		ring.writer.arm(ASLEEP, 0);
		ring.writer.disarm();
		expect(take(ring)).toBe(AWAKE);
	});
});
