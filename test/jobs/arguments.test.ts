import { availableParallelism } from 'node:os';

import { describe, expect, it } from 'vitest';

import { HELP, readArguments, UsageError } from '../../jobs/parse-sources/arguments.js';

describe('readArguments', () => {
	it('has defaults for everything', () => {
		expect(readArguments([])).toEqual({
			dir: undefined,
			workers: availableParallelism(),
			backend: 'process',
			transport: 'auto',
			maxFiles: 20_000,
			maxBytes: 250e6,
			json: false,
		});
	});

	it('takes every option', () => {
		const argv = '--dir x --workers 4 --backend thread --transport pipe --max-files 7 --max-mb 1.5 --json'.split(' ');
		expect(readArguments(argv)).toEqual({
			dir: 'x',
			workers: 4,
			backend: 'thread',
			transport: 'pipe',
			maxFiles: 7,
			maxBytes: 1_500_000,
			json: true,
		});
	});

	it('--all takes the limits away', () => {
		expect(readArguments(['--all'])).toMatchObject({ maxFiles: Infinity, maxBytes: Infinity });
	});

	it('--help wins', () => {
		expect(readArguments(['--workers', '0', '-h'])).toBe('help');
		expect(HELP.split('\n').every((line) => line.length <= 120)).toBe(true);
	});

	it.each([
		[['--workers', '0'], '--workers must be a whole number from 1 to 256, not "0"'],
		[['--workers', '1.5'], '--workers must be a whole number from 1 to 256, not "1.5"'],
		[['--workers', 'many'], '--workers must be a whole number from 1 to 256, not "many"'],
		[['--workers', '257'], '--workers must be a whole number from 1 to 256, not "257"'],
		[['--workers='], '--workers must be a whole number from 1 to 256, not ""'],
		[['--backend', 'fork'], '--backend must be process or thread, not "fork"'],
		[['--transport', 'port'], '--transport must be auto, ring or pipe, not "port"'],
		[['--max-files', '-3'], "'--max-files' argument is ambiguous"],
		[['--max-files', '0'], '--max-files must be a whole number of at least 1, not "0"'],
		[['--max-mb', '0'], '--max-mb must be a number of megabytes above 0, not "0"'],
		[['--max-mb', '1e3'], '--max-mb must be a number of megabytes above 0, not "1e3"'],
		[['--all', '--max-mb', '3'], '--all takes everything: leave out --max-files and --max-mb'],
		[['--dir', ''], '--dir needs the name of a folder'],
		[['--wrokers', '3'], "Unknown option '--wrokers'"],
		[['somewhere'], "Unexpected argument 'somewhere'"],
		[['--dir'], "'--dir <value>' argument missing"],
	])('refuses %j', (argv, message) => {
		expect(() => readArguments(argv)).toThrow(UsageError);
		expect(() => readArguments(argv)).toThrow(message);
	});
});
