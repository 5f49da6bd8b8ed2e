import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { TimeoutError } from '../../src/errors/index.ts';
import { armGiveUp, givenUpBefore } from '../../src/rpc/give-up.ts';

describe('armGiveUp()', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it('calls back with TimeoutError when the time is up, and not when it was disarmed', () => {
		const giveUp = vi.fn();
		armGiveUp('call of a()', { timeout: 5 }, giveUp);
		armGiveUp('call of b()', { timeout: 5 }, giveUp)();
		vi.advanceTimersByTime(5);
		expect(giveUp).toHaveBeenCalledExactlyOnceWith(expect.any(TimeoutError));
		expect(vi.getTimerCount()).toBe(0);
	});

	it('listens once to a signal, however many calls are made with it, and lets go of it with the last', () => {
		const { signal } = new AbortController();
		const add = vi.spyOn(signal, 'addEventListener');
		const remove = vi.spyOn(signal, 'removeEventListener');
		const disarms = Array.from({ length: 100 }, () => armGiveUp('call', { signal }, () => {}));
		expect(add).toHaveBeenCalledOnce();
		for (const disarm of disarms) disarm();
		expect(remove).toHaveBeenCalledOnce();
		armGiveUp('call', { signal }, () => {})();
		expect(add).toHaveBeenCalledTimes(2);
	});

	it('calls back soon for a signal that has aborted already, unless it was disarmed', async () => {
		const giveUp = vi.fn();
		armGiveUp('call', { signal: AbortSignal.abort('why') }, giveUp);
		expect(giveUp).not.toHaveBeenCalled();
		armGiveUp('call', { signal: AbortSignal.abort('never told') }, giveUp)();
		await Promise.resolve();
		expect(giveUp).toHaveBeenCalledExactlyOnceWith('why');
	});

	it('tells all calls of a signal its reason, even if one of them makes and drops others meanwhile', () => {
		const controller = new AbortController();
		const { signal } = controller;
		const told: unknown[] = [];
		const first = armGiveUp('call', { signal }, (reason) => {
			told.push(reason);
			first();
			second();
		});
		const second = armGiveUp('call', { signal }, () => told.push('dropped, and told all the same'));
		armGiveUp('call', { signal }, (reason) => told.push(reason));
		controller.abort('why');
		expect(told).toEqual(['why', 'why']);
	});
});

describe('givenUpBefore()', () => {
	it('gives the reason of a signal that has aborted, and TimeoutError for no time', () => {
		expect(givenUpBefore('call', { signal: AbortSignal.abort('why') })).toEqual({ reason: 'why' });
		expect(givenUpBefore('call', { timeout: 0 })?.reason).toBeInstanceOf(TimeoutError);
		expect(givenUpBefore('call', { timeout: 1, signal: new AbortController().signal })).toBeUndefined();
	});
});
