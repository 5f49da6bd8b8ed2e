import { isNativeError } from 'node:util/types';

import { describe, expect, it } from 'vitest';

import * as errors from '../../../src/errors/index.ts';
import { registerErrorClass } from '../../../src/messenger/codec/index.ts';
import { graphDifference } from './graph.ts';
import { roundTrip } from './round-trip.ts';

class CustomError extends RangeError {
	override name = 'CustomError';
	detail = { nested: [1] };
}

class Nameless extends Error {}

const BUILT_IN = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

const COPROC = [
	new errors.DataCloneError('data.x', 'it is a function'),
	new errors.QueueFullError({ bytes: 1, queuedBytes: 2, maxQueuedBytes: 3 }),
	new errors.TimeoutError({ what: 'receive()', timeout: 5 }),
	new errors.ProtocolError('what', { a: 1 }),
	new errors.ResourceRequestedClose(),
	new errors.InvalidArgumentError('bad'),
	new errors.OptionError({ subject: 'pool', option: 'size', problem: 'is odd' }),
	new errors.WorkerExitedError('w', { exitCode: 3, signal: null, stderr: 'a\nb', error: new TypeError('why') }),
	new errors.WorkerIsDeadError('w', 'join()'),
	new errors.TypeNotRegisteredError({ name: 'T' }),
];

describe('an error that comes back', () => {
	it.each(BUILT_IN.map((type) => [type.name, type] as const))('is of its class: %s', (_name, type) => {
		const error = new type('message', { cause: new Error('cause') });
		const received = roundTrip(error);
		expect(graphDifference(received, error)).toBeUndefined();
		expect([isNativeError(received), received.name, String(received)]).toEqual([true, type.name, String(error)]);
	});

	it('keeps own properties, the errors of an AggregateError, cycles and shared references', () => {
		const cause: Error & { back?: unknown } = Object.assign(new Error('c'), { code: 'E_CODE', errno: -2 });
		const error = Object.assign(new AggregateError([cause, 5], 'all', { cause }), { [`__proto__`]: 1, list: [cause] });
		cause.back = error;
		const received = roundTrip(error);
		expect(graphDifference(received, error)).toBeUndefined();
		expect(Object.keys(received)).toEqual(Object.keys(error));
		expect(Object.getOwnPropertyDescriptor(received, 'errors')?.enumerable).toBe(false);
	});

	it('keeps a message that is missing, empty, or no string', () => {
		for (const error of [
			new Error(),
			new Error(''),
			Object.defineProperty(new Error('x'), 'message', { value: { a: 1 }, enumerable: true }),
		]) {
			expect(graphDifference(roundTrip(error), error)).toBeUndefined();
		}
	});

	it('keeps a stack that was changed, and has none where there was none', () => {
		const changed = new Error('x');
		changed.stack = 'my stack';
		const without = new Error('x');
		delete (without as { stack?: string }).stack;
		expect([roundTrip(changed).stack, roundTrip(without).stack]).toEqual(['my stack', undefined]);
	});

	it('is of the nearest class that is known, and keeps its name, for a class of the user', () => {
		const error = new CustomError('custom');
		const received = roundTrip(error);
		expect(Object.getPrototypeOf(received)).toBe(RangeError.prototype);
		expect(received).toMatchObject({ name: 'CustomError', message: 'custom', detail: { nested: [1] }, stack: error.stack });
	});

	it('has a name of its own where the prototype of the class gave one', () => {
		const type = class extends Error {};
		Object.defineProperty(type.prototype, 'name', { value: 'FromPrototype' });
		const received = roundTrip(new type('x'));
		expect([received.name, Object.keys(received), received instanceof Error]).toEqual(['FromPrototype', [], true]);
		expect(roundTrip(new Nameless('x')).name).toBe('Error');
	});

	it('stays a plain one when it only has the name of one of ours', () => {
		const received = roundTrip(Object.assign(new Error('x'), { name: 'TimeoutError' }));
		expect([Object.getPrototypeOf(received) === Error.prototype, received.name]).toEqual([true, 'TimeoutError']);
	});

	it('comes from Error.prototype alone', () => {
		const error = Object.assign(Object.create(TypeError.prototype) as Error, { message: 'made by hand' });
		expect(roundTrip(error)).toMatchObject({ message: 'made by hand' });
		expect(roundTrip(error)).toBeInstanceOf(TypeError);
	});

	it('may be a DOMException', () => {
		const error = new DOMException('stopped', 'AbortError');
		const received = roundTrip({ error, again: error });
		expect(received.error).toBeInstanceOf(DOMException);
		expect(received.again).toBe(received.error);
		expect([received.error.name, received.error.message, received.error.code, received.error.stack]).toEqual([
			'AbortError',
			'stopped',
			20,
			error.stack,
		]);
	});

	it.each(COPROC.map((error) => [error.name, error] as const))('is of our class: %s', (_name, error) => {
		const received = roundTrip(error);
		expect(graphDifference(received, error)).toBeUndefined();
		expect(received).toBeInstanceOf(error.constructor);
		expect(isNativeError(received)).toBe(true);
	});

	it('is of a class that was registered, with its hidden properties, and its constructor does not run', () => {
		let runs = 0;
		class Registered extends errors.CoprocError {
			constructor() {
				super('ERR_COPROC_PROTOCOL', 'registered');
				Object.defineProperty(this, 'hidden', { value: [1], writable: true, configurable: true });
				runs++;
			}
		}
		errors.nameErrorClass(Registered, 'RegisteredTestError');
		registerErrorClass(Registered);
		registerErrorClass(Registered);
		const error = new Registered();
		expect(graphDifference(roundTrip(error), error)).toBeUndefined();
		expect(runs).toBe(1);
	});

	it('leaves the stack traces of others as long as they were', () => {
		const { stackTraceLimit } = Error;
		roundTrip(new Error('x'));
		expect(Error.stackTraceLimit).toBe(stackTraceLimit);
	});
});

describe('registerErrorClass()', () => {
	it.each([
		['has no name on its prototype', class extends Error {}],
		['has the name of another class', errorClassNamed('TypeError')],
		['is no error', errorClassNamed.bind(null, '') as unknown as { prototype: Error }],
	])('refuses a class that %s', (_why, type) => {
		expect(() => registerErrorClass(type)).toThrow(errors.InvalidArgumentError);
	});
});

function errorClassNamed(name: string): { prototype: Error } {
	const type = class extends Error {};
	Object.defineProperty(type.prototype, 'name', { value: name });
	return type;
}
