import { Writable } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { cpuQuota } from '../../src/cli/cores.ts';
import { failureText } from '../../src/cli/failure.ts';
import { type InputKind, itemOf } from '../../src/cli/item.ts';
import { linesOf } from '../../src/cli/lines.ts';
import { readMapOptions } from '../../src/cli/map-options.ts';
import { findFunction } from '../../src/cli/module-name.ts';
import { Output } from '../../src/cli/output.ts';
import { Progress, type ProgressFacts, progressLine } from '../../src/cli/progress.ts';
import { lineOf } from '../../src/cli/results.ts';
import { OutputClosed } from '../../src/cli/usage.ts';
import { itemText, plural, printable, timeText } from '../../src/cli/words.ts';

async function linesIn(chunks: readonly (string | Uint8Array)[], maxLine?: number): Promise<string[]> {
	async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
		for (const chunk of chunks) yield Buffer.from(chunk as string);
	}
	const lines: string[] = [];
	for await (const some of linesOf('x', source(), maxLine)) lines.push(...some);
	return lines;
}

describe('linesOf()', () => {
	it.each<[string, (string | Uint8Array)[], string[]]>([
		['nothing', [], []],
		['no text', [''], []],
		['one line feed', ['\n'], ['']],
		['a last line without its end', ['a\nb'], ['a', 'b']],
		['a last line with its end', ['a\nb\n'], ['a', 'b']],
		['CRLF, also between chunks', ['a\r', '\nb\r\n', 'c'], ['a', 'b', 'c']],
		['a return alone', ['a\rb\n'], ['a\rb']],
		['blank lines', ['a\n\n\nb\n'], ['a', '', '', 'b']],
		['a line over many chunks', ['a', 'b', 'c\nd', 'e'], ['abc', 'de']],
		['a byte order mark, at the beginning only', ['\uFEFFa\n\uFEFFb'], ['a', '\uFEFFb']],
		['a character cut in two', [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)], ['é']],
		['bytes that are not UTF-8', [Buffer.from([0xff, 0x0a, 0xc3])], ['\uFFFD', '\uFFFD']],
	])('splits %s', async (_, chunks, lines) => {
		expect(await linesIn(chunks)).toEqual(lines);
	});

	it('refuses a line that is too long, and says which', async () => {
		await expect(linesIn(['ok\n', 'x'.repeat(6), 'x'.repeat(6)], 10)).rejects.toThrow('line 2 of x has more than 10 characters');
	});
});

describe('itemOf()', () => {
	it.each<[string, InputKind, unknown]>([
		['12', 'auto', 12],
		['12', 'text', '12'],
		['{"a":[1]}', 'auto', { a: [1] }],
		['null', 'auto', null],
		['nullify', 'auto', 'nullify'],
		['12345678901234567890', 'auto', '12345678901234567890'],
		['12345678901234567890', 'json', 12345678901234567000],
		['1e400', 'auto', '1e400'],
		[' 7', 'auto', 7],
		['', 'auto', ''],
		['"a"', 'json', 'a'],
		['01', 'auto', '01'],
	])('takes %j as %s', (text, kind, item) => {
		expect(itemOf(text, kind)).toEqual(item);
	});

	it('leaves a path alone, and refuses what is not JSON where it must be', () => {
		expect(itemOf(['12'], 'json')).toBe('12');
		expect(() => itemOf('a', 'json')).toThrow(/^the input is not JSON: /);
	});
});

describe('lineOf()', () => {
	it.each<[unknown, string]>([
		[undefined, 'null'],
		[Number.NaN, 'null'],
		['a\nb', '"a\\nb"'],
		[{ a: undefined, b: [undefined] }, '{"b":[null]}'],
	])('writes %s as %s', (value, line) => {
		expect(lineOf(value)).toBe(line);
	});

	it('refuses what JSON cannot hold, and passes on what toJSON throws', () => {
		const cycle: { self?: unknown } = {};
		cycle.self = cycle;
		expect(() => lineOf(() => 1)).toThrow('the result cannot be written as JSON: it is a function');
		expect(() => lineOf(Symbol('s'))).toThrow('the result cannot be written as JSON: it is a symbol');
		expect(() => lineOf({ a: 1n })).toThrow('the result cannot be written as JSON: it holds a BigInt');
		expect(() => lineOf(cycle)).toThrow(/cannot be written as JSON: Converting circular structure/);
		const own = {
			toJSON: () => {
				throw new RangeError('mine');
			},
		}; // prettier-ignore
		expect(() => lineOf(own)).toThrow(RangeError);
	});
});

describe('readMapOptions()', () => {
	it('reads everything', () => {
		const argv =
			'm.js#f 1 --glob=*.js --glob b --lines - --workers 3 --backend thread --transport pipe --unordered --chunk 7 -k --retry 2 --reduce r --initial {} -o f --progress never -v -- -5'.split(
				' ',
			);
		expect(readMapOptions(argv, false)).toEqual({
			function: 'm.js#f',
			input: { values: ['1', '-5'], globs: ['*.js', 'b'], lines: ['-'], skipsBlank: true },
			kind: 'auto',
			workers: 3,
			backend: 'thread',
			transport: 'pipe',
			isOrdered: false,
			chunk: 7,
			keepsGoing: true,
			timeout: undefined,
			retry: 2,
			reduce: 'r',
			initial: '{}',
			out: 'f',
			progress: 'never',
			isVerbose: true,
		});
	});

	it('reads standard input where there is no other input, and something may come', () => {
		expect(readMapOptions(['m.js', '--text'], true)).toMatchObject({ input: { lines: ['-'], skipsBlank: false }, kind: 'text' });
		expect(readMapOptions(['m.js', 'a'], true)).toMatchObject({ input: { lines: [] } });
		expect(() => readMapOptions(['m.js'], false)).toThrow(/^there is no input: /);
	});

	it.each([
		['', /needs a module/],
		['m x --wrokers 3', 'unknown option --wrokers. Did you mean --workers?'],
		['m x --zzzzzzzzz', 'unknown option --zzzzzzzzz'],
		['m x -q', 'unknown option -q'],
		['m -5', /put -- before/],
		['m x --workers', '--workers needs a value'],
		['m x --out --unordered', /--out needs a value, and --unordered looks like an option/],
		['m x --unordered=yes', '--unordered takes no value, and got "yes"'],
		['m x --workers 0', '--workers must be a whole number from 1 to 1024, not "0"'],
		['m x --workers 1.5', /not "1.5"/],
		['m x --timeout=-1', /not "-1"/],
		['m x --backend threads', '--backend must be process or thread, not "threads". Did you mean thread?'],
		['m x --progress sometimes', /auto, always or never/],
		['m x --json --text', /contradict/],
		['m x --initial 1', '--initial is for --reduce'],
		['m x --reduce r --initial a', /--initial must be JSON, not a/],
		['m x --timeout 1 --chunk 2', /one by one/],
		['m --lines - --lines -', /once/],
		['m x --__proto__', /unknown option/],
	])('refuses `%s`', (line, text) => {
		expect(() => readMapOptions(line.split(' ').filter(Boolean), false)).toThrow(text);
	});
});

describe('findFunction()', () => {
	it('tells path and export apart', () => {
		const cwd = new URL('../fixtures/cli/', import.meta.url);
		const folder = decodeURIComponent(cwd.pathname);
		const url = new URL('jobs.js', cwd).href;
		expect(findFunction('jobs.js#double', folder)).toEqual({ url, exportName: 'double', label: 'jobs.js' });
		expect(findFunction('./jobs.js', folder)).toEqual({ url, exportName: undefined, label: './jobs.js' });
		expect(findFunction(`${url}#$a_1`, '/')).toEqual({ url, exportName: '$a_1', label: url });
		expect(findFunction('node:path#join', '/')).toEqual({ url: 'node:path', exportName: 'join', label: 'node:path' });
		expect(findFunction('path', folder)).toMatchObject({ url: 'node:path' });
		expect(findFunction('tinyglobby#glob', folder).url).toMatch(/^file:.*tinyglobby/);
		expect(() => findFunction('./a#b.js', folder)).toThrow(/^module \.\/a#b\.js does not exist: there is no /);
		expect(() => findFunction('no-such-package', folder)).toThrow(/^module no-such-package does not exist/);
	});
});

describe('progressLine()', () => {
	const facts: ProgressFacts = { done: 12_345, failed: 2, total: 20_000, share: 0.61725 };

	it('tells what it knows', () => {
		expect(progressLine(facts, 10_000, 200)).toBe(
			' 61 %  12,345/20,000 items  2 failed  1,235/s  6.2 s left  [###############.........]',
		);
		expect(progressLine({ done: 3, failed: 0, total: undefined, share: undefined }, 1500, 200)).toBe('3 items  2.0/s');
		expect(progressLine({ done: 0, failed: 0, total: 1, share: 0 }, 0, 200)).toBe(
			'  0 %  0/1 item  0.0/s  [........................]',
		);
	});

	it('is never as wide as the terminal', () => {
		for (let columns = 1; columns < 120; columns += 1)
			expect(progressLine(facts, 10_000, columns).length).toBeLessThan(Math.max(1, columns));
	});
});

/** A stream that keeps what is written to it. */
class Kept extends Writable {
	text = '';
	readonly isTTY: boolean;
	readonly columns = 40;

	constructor(isTTY: boolean) {
		super();
		this.isTTY = isTTY;
	}

	override _write(chunk: Buffer, _: string, callback: () => void): void {
		this.text += chunk.toString();
		callback();
	}
}

describe('Progress', () => {
	const facts = (): ProgressFacts => ({ done: 1, failed: 0, total: 1, share: 1 });

	it.each([
		['auto', false, /^$/],
		['never', true, /^$/],
		['always', false, /^1 item in \d+ ms, .*\/s\n$/],
		['auto', true, /^1 item in \d+ ms, .*\/s\n$/],
	] as const)('shows with mode %s, on a terminal: %s', (mode, isTTY, text) => {
		const screen = new Kept(isTTY);
		const { write } = screen;
		const progress = new Progress(mode, { screen, others: [], isDumb: false }, facts);
		progress.end(true);
		progress.end(true);
		expect(screen.text).toMatch(text);
		expect(screen.write).toBe(write);
	});

	it('goes before anything else appears, and waits for the end of a line', async () => {
		const screen = new Kept(true);
		const other = new Kept(true);
		const progress = new Progress('auto', { screen, others: [other], isDumb: false }, facts);
		await expect.poll(() => screen.text).toMatch(/^\r100 % {2}1\/1 item .*\u001b\[K$/);
		screen.text = '';
		other.write('half a line');
		expect(screen.text).toBe('\r\u001b[K');
		expect(other.text).toBe('half a line');
		progress.end(false);
		expect(screen.text).toBe('\r\u001b[K');
	});
});

describe('Output', () => {
	it('tells of a failed write once, at once, and again to whoever writes on', async () => {
		const failure = Object.assign(new Error('x'), { code: 'EPIPE' });
		const told: Error[] = [];
		const name = 'there';
		const destination = { name, write: () => Promise.reject(failure), finish: async () => {}, abandon: async () => {} };
		const output = new Output(destination, (error) => told.push(error));
		expect(output.put('a\n')).toBeUndefined();
		await expect(output.finish()).rejects.toThrow(OutputClosed);
		expect(() => output.put('b\n')).toThrow(OutputClosed);
		expect(told).toHaveLength(1);
	});

	it('asks to wait while the reader is slow, and keeps the order', async () => {
		const written: string[] = [];
		let go = (): void => {};
		const write = async (text: string): Promise<void> => {
			await new Promise<void>((resolve) => (go = resolve));
			written.push(text);
		};
		const output = new Output({ name: 'x', write, finish: async () => {}, abandon: async () => {} }, () => {});
		const slow = output.put('a'.repeat(70_000));
		expect(slow).toBeInstanceOf(Promise);
		expect(output.put('b')).toBeUndefined();
		go();
		await slow;
		const finished = output.finish();
		await expect.poll(() => (go(), written.length)).toBe(2);
		await finished;
		expect(written[1]).toBe('b');
	});
});

describe('cpuQuota()', () => {
	it.each<[string, Record<string, string>, number | undefined]>([
		['nothing', {}, undefined],
		['version 2', { '/proc/self/cgroup': '0::/a/b\n', '/sys/fs/cgroup/a/cpu.max': '150000 100000\n' }, 1.5],
		['version 2, no limit', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, undefined],
		[
			'version 1',
			{
				'/proc/self/cgroup': '4:cpu,cpuacct:/x\n',
				'/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us': '200000',
				'/sys/fs/cgroup/cpu/x/cpu.cfs_period_us': '100000',
			},
			2,
		],
		[
			'version 1, no limit',
			{
				'/proc/self/cgroup': '4:cpu:/\n',
				'/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1',
				'/sys/fs/cgroup/cpu/cpu.cfs_period_us': '1',
			},
			undefined,
		],
	])('reads %s', (_, files, quota) => {
		expect(cpuQuota((path) => files[path])).toBe(quota);
	});
});

describe('words', () => {
	it('are as people read them', () => {
		expect([1, 2, 1e6].map((n) => plural(n, 'item'))).toEqual(['1 item', '2 items', '1,000,000 items']);
		expect(plural(2, 'process')).toBe('2 processes');
		expect([5, 999.6, 61_000, 4_000_000].map(timeText)).toEqual(['5 ms', '1.0 s', '1 min 01 s', '1 h 06 min']);
		expect(printable('a\u001b[31m\n')).toBe('a\\u{1b}[31m\n');
		expect(itemText('x'.repeat(100))).toHaveLength(82);
	});
});

describe('failureText()', () => {
	const origin = { where: 'argument 1', text: '1' };
	const brief = (error: unknown): string => failureText({ index: 0, origin, error }, true);

	it('puts causes into the one line that it has', () => {
		const error = new Error('outer', { cause: new TypeError('inner\nline', { cause: 7 }) });
		expect(brief(error)).toBe('item 1 (argument 1: "1") failed: Error: outer (caused by TypeError: inner line (caused by 7))');
	});

	it('ends where causes go round in a circle', () => {
		const error = new Error('round');
		error.cause = error;
		expect(brief(error).match(/round/g)).toHaveLength(4);
	});
});
