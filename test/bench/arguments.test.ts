import { describe, expect, it } from 'vitest';

import { CONDITIONS, HELP, QUESTIONS, readArguments, UsageError } from '../../bench/harness/arguments.mjs';

describe('readArguments() of the bench', () => {
	it('measures everything when nothing is asked for', () => {
		expect(readArguments([])).toEqual({
			isQuick: false,
			questions: QUESTIONS,
			subjects: [],
			conditions: CONDITIONS,
			json: undefined,
			rounds: 5,
			sliceMs: 200,
			budgetMs: Infinity,
		});
	});

	it('--quick has a budget below two minutes', () => {
		const options = readArguments(['--quick']);
		expect(options).toMatchObject({ isQuick: true, rounds: 3 });
		expect(options === 'help' ? undefined : options.budgetMs).toBeLessThan(120_000);
	});

	it('--only takes questions, in their own order, and parts of subjects', () => {
		expect(readArguments(['--only', 'echo', '--only', 'pipelined', '--only', 'tiny'])).toMatchObject({
			questions: ['pipelined', 'echo'],
			subjects: ['tiny'],
		});
		expect(readArguments(['--only', 'piscina'])).toMatchObject({ questions: QUESTIONS, subjects: ['piscina'] });
	});

	it('--condition may be given several times', () => {
		expect(readArguments(['--condition', 'busy', '--condition', 'idle'])).toMatchObject({ conditions: ['idle', 'busy'] });
	});

	it('--help wins', () => {
		expect(readArguments(['--condition', 'nothing', '-h'])).toBe('help');
		expect(HELP.split('\n').every((line) => line.length <= 120)).toBe(true);
	});

	it.each([
		[['--condition', 'lazy'], '--condition must be idle, pinned, busy, not "lazy"'],
		[['--only', 'nobody'], 'not "nobody"'],
		[['--only', ''], 'not ""'],
		[['--json', ''], '--json needs the name of a file'],
		[['--fast'], "Unknown option '--fast'"],
		[['round-trip'], "Unexpected argument 'round-trip'"],
	])('refuses %j', (argv, message) => {
		expect(() => readArguments(argv)).toThrow(UsageError);
		expect(() => readArguments(argv)).toThrow(message);
	});
});
