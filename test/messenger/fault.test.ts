import { describe, expect, it } from 'vitest';

import { portableError } from '../../src/messenger/fault.ts';

/** Sends values whose texts come to no more than `limit` characters, and no functions. */
function sender(limit: number): (value: unknown) => boolean {
	const size = (value: unknown): number => {
		if (typeof value === 'function') return Number.POSITIVE_INFINITY;
		if (!(value instanceof Error)) return String(value).length;
		const own = Object.keys(value).map((key) => size(Reflect.get(value, key)));
		const parts = [value.name, value.message, value.stack ?? '', value.cause ?? ''].map(size);
		return [...own, ...parts].reduce((sum, part) => sum + part, 0);
	};
	return (value) => {
		try {
			return size(value) <= limit;
		} catch {
			return false;
		}
	};
}

describe('portableError()', () => {
	it('gives the error itself when it can be sent', () => {
		const error = new RangeError('text');
		expect(portableError(error, sender(10_000))).toBe(error);
	});

	it('leaves out what cannot be sent, and says what it was', () => {
		const error = Object.assign(new RangeError('text', { cause: new Error('why') }), { code: 'E', callback: () => 1 });
		const portable = portableError(error, sender(10_000)) as Error;
		expect(portable).toMatchObject({ name: 'RangeError', message: 'text', code: 'E', cause: new Error('why') });
		expect(portable).toHaveProperty('callback', '[Function: callback]');
		expect(portable.stack).toBe(error.stack);
	});

	it('cuts what is too large, the more the less room there is', () => {
		const error = Object.assign(new RangeError('x'.repeat(9000)), { data: 'y'.repeat(9000) });
		const roomy = portableError(error, sender(8000)) as Error;
		expect(roomy.name).toBe('RangeError');
		expect(roomy.message).toBe(`${'x'.repeat(1000)}... (cut, for it is too large to be sent)`);
		expect(roomy.stack).toMatch(/^RangeError: x/);
		expect((portableError(error, sender(700)) as Error).message).toMatch(/^x{100}\.\.\. \(cut/);
		expect((portableError(error, sender(100)) as Error).message).toMatch(/^\.\.\. \(cut/);
		expect(portableError(error, () => false)).toBeUndefined();
	});

	it.each([
		['a revoked proxy', revoked()],
		['a proxy that throws', new Proxy(new Error('text'), { get: refuse, getPrototypeOf: refuse, ownKeys: refuse })],
		['a symbol as name', Object.assign(new Error('text'), { name: Symbol('name') })],
		['a property that throws', Object.defineProperty(new Error('text'), 'data', { enumerable: true, get: refuse })],
		['a message that throws', Object.defineProperty(new Error('text'), 'message', { get: refuse })],
		['a stack that throws', Object.defineProperty(new Error('text'), 'stack', { get: refuse })],
	])('never throws: %s', (_what, error) => {
		const portable = portableError(error, (value) => !Object.is(value, error));
		expect(portable).toBeInstanceOf(Error);
		expect(Object.is(portable, error)).toBe(false);
	});
});

function refuse(): never {
	throw new Error('refused');
}

function revoked(): unknown {
	const { proxy, revoke } = Proxy.revocable({}, {});
	revoke();
	return proxy;
}
