import { describe, expect, it } from 'vitest';

import { AbortIgnoredError, NotInCallError, UnknownFunctionError, ValidationError } from '../../src/errors/index.ts';

describe('the errors of calls', () => {
	it('say what failed, why, and what to do', () => {
		expect(new AbortIgnoredError({ worker: 'jobs', name: 'fib', abortGrace: 1000 })).toMatchObject({
			code: 'ERR_COPROC_ABORT_IGNORED',
			name: 'AbortIgnoredError',
			message:
				'worker "jobs" was ended: its call of fib() went on for 1000 ms after it was aborted. ' +
				'Look at `currentCall().aborted` in long loops, or raise `abortGrace`.',
		});
		expect(new NotInCallError('the code that asks belongs to no call')).toMatchObject({
			code: 'ERR_COPROC_NOT_IN_CALL',
			name: 'NotInCallError',
			message:
				'currentCall() failed: the code that asks belongs to no call. Use it in functions that a host calls, until their result is given.',
		});
	});

	it('name the nearest function, or all that there are', () => {
		const facts = { worker: 'jobs', name: 'fob', known: ['fib', 'primes'] };
		expect(new UnknownFunctionError({ ...facts, nearest: 'fib' })).toMatchObject({
			code: 'ERR_COPROC_UNKNOWN_FUNCTION',
			message: 'call of `fob` failed: worker "jobs" has no function of that name. Did you mean `fib`?',
		});
		expect(new UnknownFunctionError({ ...facts, nearest: undefined }).message).toBe(
			'call of `fob` failed: worker "jobs" has no function of that name; it exports `fib`, `primes`.',
		);
		expect(new UnknownFunctionError({ ...facts, nearest: undefined, known: [] }).message).toMatch(/; it exports no functions\.$/);
		expect(new UnknownFunctionError({ ...facts, nearest: undefined })).toBeInstanceOf(TypeError);
	});

	it('list what a schema has found', () => {
		const issues = [
			{ message: 'too small', path: ['sizes', 0, 'width'] },
			{ message: 'unknown', path: [] },
		];
		expect(new ValidationError({ task: 'resize', subject: 'input', issues })).toMatchObject({
			code: 'ERR_COPROC_VALIDATION',
			issues,
			message: 'input of task "resize" was refused by its schema: input.sizes[0].width: too small; unknown',
		});
	});
});
