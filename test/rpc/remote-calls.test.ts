import { describe, expect, it, vi } from 'vitest';

import { UnknownFunctionError, ValidationError, WorkerIsDeadError } from '../../src/errors/index.ts';
import { type Caller, RemoteCalls } from '../../src/rpc/remote-calls.ts';

type Functions = Record<string, ((...args: unknown[]) => Promise<unknown>) | undefined>;

/** A caller that tells what it was asked to call. */
function fakeCaller() {
	return {
		call: vi.fn<Caller['call']>(({ name, number }) => Promise.resolve(`${name} ${number}`)),
		stream: vi.fn<Caller['stream']>(),
	};
}

function connected(functions: readonly string[], remote: RemoteCalls = new RemoteCalls()) {
	const caller = fakeCaller();
	remote.connect(
		'jobs',
		caller,
		functions.map((name) => ({ name, streams: false })),
	);
	return { remote, caller, call: remote.functions as Functions };
}

describe('RemoteCalls', () => {
	it('calls by the numbers that the worker has announced, and by new ones after a restart', async () => {
		const { remote, call } = connected(['a', 'b']);
		const { b } = call;
		await expect(b?.()).resolves.toBe('b 1');
		connected(['b', 'c'], remote);
		await expect(b?.()).resolves.toBe('b 0');
		await expect(call['c']?.()).resolves.toBe('c 1');
		await expect(call['a']?.()).rejects.toBeInstanceOf(UnknownFunctionError);
	});

	it('looks for what the language asks of any object, and finds nothing', () => {
		const { call } = connected(['a']);
		for (const name of ['then', 'toJSON', 'constructor']) expect(call[name]).toBeUndefined();
		expect((call as unknown as Record<symbol, unknown>)[Symbol.iterator]).toBeUndefined();
		expect(String(Object.keys(call))).toBe('a');
	});

	it('does not offer a function `then`, which would make it thenable', async () => {
		const { call, caller } = connected(['then', 'a']);
		await expect(Promise.resolve(call)).resolves.toBe(call);
		expect(caller.call).not.toHaveBeenCalled();
	});

	it('rejects before a worker was there', async () => {
		const remote = new RemoteCalls();
		expect(() => remote.method('a')).toThrow(UnknownFunctionError);
		await expect((remote.functions as Functions)['a']?.()).rejects.toBeInstanceOf(UnknownFunctionError);
		expect(new WorkerIsDeadError('jobs', 'call of a()').message).toMatch(
			/^call of a\(\) failed: worker "jobs" has not been started/,
		);
	});

	it('asks the schema of a task before it calls', async () => {
		const validate = vi.fn((value: unknown) =>
			value === 1 ? { value } : { issues: [{ message: 'not 1', path: ['x', { key: 0 }] }] },
		);
		const remote = new RemoteCalls({ a: { input: { '~standard': { version: 1, vendor: 'test', validate } } } });
		const { call, caller } = connected(['a', 'b'], remote);
		await expect(call['a']?.(2)).rejects.toThrow('input of task "a" was refused by its schema: input.x[0]: not 1');
		await expect(call['a']?.(2)).rejects.toBeInstanceOf(ValidationError);
		expect(caller.call).not.toHaveBeenCalled();
		await call['a']?.(1);
		await call['b']?.(2);
		expect(caller.call).toHaveBeenCalledTimes(2);
		expect(validate).toHaveBeenCalledTimes(3);
	});
});
