import { stripVTControlCharacters } from 'node:util';

import { describe, expect, it } from 'vitest';

import { formatBytes, formatTime, plural, printable } from '../../jobs/parse-sources/format.js';
import { formatBar, formatLine, showProgress } from '../../jobs/parse-sources/progress.js';

const state = { label: 'one thread', files: 1_200, totalFiles: 3_000, bytes: 40e6, totalBytes: 100e6, elapsed: 4_000 };
const plain = { color: false, unicode: false };

describe('formatBar', () => {
	it('shows everything on a wide terminal', () => {
		expect(formatBar(state, { columns: 120, ...plain })).toBe(
			'one thread  ############..................   40 %  1,200/3,000 files  10.0 MB/s  6 s left',
		);
	});

	it.each([
		[80, 'one thread  ########............   40 %  1,200/3,000 files  10.0 MB/s  6 s left'],
		[66, 'one thread  ######..........   40 %  1,200/3,000 files  10.0 MB/s'],
		[50, 'one thread  ####.......   40 %  1,200/3,000 files'],
		[32, 'one thread  #####.......   40 %'],
		[20, 'one thread  40 %'],
		[10, '40 %'],
		[3, '40'],
		[1, ''],
	])('gives up details on %i columns', (columns, text) => {
		expect(formatBar(state, { columns, ...plain })).toBe(text);
		expect(text.length).toBeLessThan(columns);
	});

	it('never is wider than the terminal, in any state', () => {
		for (let columns = 1; columns < 140; columns += 1) {
			for (const bytes of [0, 1, 99e6, 100e6, 200e6]) {
				const bar = formatBar({ ...state, bytes }, { columns, color: true, unicode: true });
				expect(stripVTControlCharacters(bar).length).toBeLessThan(Math.max(1, columns));
			}
		}
	});

	it('has colours and blocks where they are wanted', () => {
		const bar = formatBar(state, { columns: 80, color: true, unicode: true });
		expect(bar).toContain('\u001b[36m█');
		expect(stripVTControlCharacters(bar)).toContain('█░');
	});

	it('counts files if there are no bytes', () => {
		expect(formatLine({ ...state, bytes: 0, totalBytes: 0 })).toMatch(/^one thread: 40 %, 1,200 of 3,000 files/);
	});
});

/** Runs 100 files of a byte each, one each `step` ms, and returns what was written. */
function watch({ isTTY, step, env = {} }: { isTTY: boolean; step: number; env?: NodeJS.ProcessEnv }) {
	const written: string[] = [];
	let clock = 0;
	const output = { isTTY, columns: 80, write: (text: string) => written.push(text) > 0 };
	const progress = showProgress({ label: 'work', totalFiles: 100, totalBytes: 100 }, { output, env, now: () => clock });
	for (let index = 0; index < 100; index += 1) {
		clock += step;
		progress.add(1);
	}
	return { written, progress };
}

describe('showProgress', () => {
	it('draws in place, ten times a second at most, and clears the bar', () => {
		const { written, progress } = watch({ isTTY: true, step: 20 });
		expect(written).toHaveLength(20);
		expect(written.every((text) => text.startsWith('\r') && text.endsWith('\u001b[K') && !text.includes('\n'))).toBe(true);
		progress.done(2_000);
		expect(written.slice(-2)).toEqual(['\r\u001b[K', 'work: 100 files in 2.00 s\n']);
		progress.clear();
		progress.add(1);
		expect(written).toHaveLength(22);
	});

	it('respects NO_COLOR, and empty counts as unset', () => {
		expect(watch({ isTTY: true, step: 20, env: { NO_COLOR: '1' } }).written.join('')).not.toContain('\u001b[36m');
		expect(watch({ isTTY: true, step: 20, env: { NO_COLOR: '' } }).written.join('')).toContain('\u001b[36m');
	});

	it('writes a plain line for each tenth elsewhere', () => {
		for (const options of [{ isTTY: false }, { isTTY: true, env: { TERM: 'dumb' } }]) {
			const { written } = watch({ ...options, step: 200 });
			expect(written).toHaveLength(10);
			expect(written[0]).toBe('work: 10 %, 10 of 100 files, 5 B/s, 18 s left\n');
		}
	});

	it('writes no more than a line a second, and one each ten seconds', () => {
		expect(watch({ isTTY: false, step: 5 }).written).toEqual([]);
		expect(watch({ isTTY: false, step: 5_000 }).written).toHaveLength(50);
	});
});

describe('format', () => {
	it('formats numbers', () => {
		expect([1, 2_000].map((count) => plural(count, 'file'))).toEqual(['1 file', '2,000 files']);
		expect([0, 999, 1_000, 1e6].map(formatBytes)).toEqual(['0 B', '999 B', '1.0 kB', '1.0 MB']);
		expect([0.04, 9.99, 812, 999.7, 8_140, 125_000].map(formatTime)).toEqual([
			'0.0 ms',
			'10.0 ms',
			'812 ms',
			'1.00 s',
			'8.14 s',
			'2 min 05 s',
		]);
	});

	it('defuses names', () => {
		expect(printable('a\u001b]0;x\u0007\n\u202eb é ü 漢')).toBe('a\\u{1b}]0;x\\u{7}\\u{a}\\u{202e}b é ü 漢');
	});
});
