import { describe, expect, it } from 'vitest';

import { ProtocolError, QueueFullError } from '../../src/errors/index.ts';
import { CallTable } from '../../src/rpc/call-table.ts';
import { PlainCall } from '../../src/rpc/pending-call.ts';

function newCall(): PlainCall {
	return new PlainCall(
		{ name: 'fn', number: 0, streams: false },
		() => {},
		() => {},
	);
}

describe('CallTable', () => {
	it('gives a number out again only after its call was taken out', () => {
		const table = new CallTable(1000);
		const calls = [newCall(), newCall(), newCall()];
		for (const call of calls) table.add(call, 1);
		expect(calls.map(({ id }) => id)).toEqual([0, 1, 2]);
		expect(table.take(1)).toBe(calls[1]);
		expect(calls[1]?.id).toBe(-1);
		expect(table.size).toBe(2);
		expect(table.nextId).toBe(1);
		const next = newCall();
		table.add(next, 1);
		expect(next.id).toBe(1);
		expect(table.all()).toEqual([calls[0], next, calls[2]]);
	});

	it('refuses a call beyond its bytes, but never one when it is empty', () => {
		const table = new CallTable(100);
		expect(() => table.admit(5000)).not.toThrow();
		table.add(newCall(), 60);
		expect(() => table.admit(40)).not.toThrow();
		expect(() => table.admit(41)).toThrow(QueueFullError);
		expect(() => table.admit(41)).toThrow(/Await calls before making more, or raise `maxQueuedBytes`\.$/);
		table.take(0);
		expect(() => table.admit(5000)).not.toThrow();
	});

	it('takes a number that it never gave out for a broken peer', () => {
		const table = new CallTable(100);
		table.add(newCall(), 1);
		expect(() => table.take(1)).toThrow(ProtocolError);
		expect(() => table.get(-1)).toThrow(ProtocolError);
		table.take(0);
		expect(() => table.take(0)).toThrow(ProtocolError);
	});
});
