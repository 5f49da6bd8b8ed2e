import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { Command, folderWith, JOBS, mapJobs, run, runWith } from './support/command.ts';

const fixture = (name: string): string => fileURLToPath(new URL('../fixtures/cli/', import.meta.url)) + name;
const onLinux = process.platform === 'linux';

describe.each(['process', 'thread'])('coproc map, backend %s', { timeout: 60_000 }, (backend) => {
	it('prints a line for each result, in the order of the inputs', async () => {
		const numbers = Array.from({ length: 500 }, (_, n) => String(n));
		const { code, stdout, stderr } = await mapJobs('double', ...numbers, '--backend', backend, '--workers', '2');
		expect(stderr).toBe('');
		expect(stdout).toBe(numbers.map((n) => `${2 * Number(n)}\n`).join(''));
		expect(code).toBe(0);
	});

	it('prints results as they come where that is asked for', async () => {
		const { stdout } = await mapJobs('double', '1', '2', '3', '--backend', backend, '--unordered');
		expect(stdout.split('\n').filter(Boolean).toSorted()).toEqual(['2', '4', '6']);
	});

	it('keeps what the function prints off the results', async () => {
		const { code, stdout, stderr } = await mapJobs('print', '7', '--backend', backend);
		expect([code, stdout, stderr]).toEqual([0, `${backend === 'process'}\n`, 'printed 7\n']);
	});

	it('ends at the first item that fails, after the results before it, and names the item', async () => {
		const { code, stdout, stderr } = await mapJobs('failOnThree', '1', '2', '3', '4', '--backend', backend);
		expect(stdout).toBe('1\n2\n');
		expect(stderr).toMatch(
			/^coproc: item 3 \(argument 3: "3"\) failed: RangeError: not 3\n {4}at failOnThree \(.*jobs\.js:\d+:\d+\)\n$/,
		);
		expect(code).toBe(1);
	});

	it('goes on where that is asked for, and exits with 1 all the same', async () => {
		const { code, stdout, stderr } = await mapJobs('failOnThree', '1', '3', '4', '3', '-k', '--backend', backend);
		expect(stdout).toBe('1\n4\n');
		const failed = [2, 4].map((n) => `coproc: item ${n} (argument ${n}: "3") failed: RangeError: not 3\n`);
		expect(stderr).toBe(`${failed.join('')}coproc: 2 items of 4 failed\n`);
		expect(code).toBe(1);
	});

	it('ends an item that takes longer than it may, in a tight loop too', async () => {
		const tight = await mapJobs('hang', '1', '--timeout', '50', '--backend', backend);
		expect(tight).toMatchObject({ code: 1, stdout: '' });
		expect(tight.stderr).toBe('coproc: item 1 (argument 1: "1") failed: it took longer than 50 ms (--timeout)\n');
		const { code, stdout } = await mapJobs('hangOnTwo', '1', '2', '3', '--timeout', '200', '-k', '--backend', backend);
		expect([code, stdout]).toEqual([1, '1\n3\n']);
	});

	it('folds results in their order', async () => {
		const values = ['1', '2', '3', '4'];
		expect(await mapJobs('same', ...values, '--reduce', 'sum', '--backend', backend)).toMatchObject({ code: 0, stdout: '10\n' });
		expect((await mapJobs('same', ...values, '--reduce', 'joined', '--initial', '"x"')).stdout).toBe('"x,1,2,3,4"\n');
	});

	it('gives a line for each value of a generator', async () => {
		expect((await mapJobs('upTo', '2', '0', '3', '--backend', backend)).stdout).toBe('0\n1\n0\n1\n2\n');
		expect((await mapJobs('upToSlowly', '3', '--reduce', 'sum', '--backend', backend)).stdout).toBe('3\n');
	});
});

describe('coproc map', { timeout: 60_000 }, () => {
	it('takes JSON as JSON and anything else as text, or as it is told', async () => {
		const input = '12\r\nword\n\n{"a":[1]}\n"12"\nnull';
		expect((await runWith(input, 'map', `${JOBS}#same`)).stdout).toBe('12\n"word"\n{"a":[1]}\n"12"\nnull\n');
		expect((await runWith(input, 'map', `${JOBS}#same`, '--text')).stdout).toBe(
			'"12"\n"word"\n""\n"{\\"a\\":[1]}"\n"\\"12\\""\n"null"\n',
		);
		const { code, stdout, stderr } = await runWith(input, 'map', `${JOBS}#same`, '--json', '-k');
		expect(stdout).toBe('12\n{"a":[1]}\n"12"\nnull\n');
		expect(stderr).toMatch(/^coproc: item 2 \(line 2 of standard input: "word"\) failed: SyntaxError: the input is not JSON/);
		expect(code).toBe(1);
	});

	it('takes arguments, then paths, then lines', async () => {
		const folder = folderWith({ 'b.txt': '', 'a.txt': '', 'a.bin': '', lines: 'one\ntwo' });
		const argv = ['map', `${JOBS}#same`, '0', '--glob', `${folder}/*.txt`, '--lines', join(folder, 'lines'), '--lines', '-'];
		const { stdout } = await runWith('three\n', ...argv);
		const items = stdout
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line) as unknown); // prettier-ignore
		expect(items.map((item) => String(item).split('/').at(-1))).toEqual(['0', 'a.txt', 'b.txt', 'one', 'two', 'three']);
	});

	it('does nothing for an empty input, and takes one line without its end', async () => {
		expect(await runWith('', 'map', `${JOBS}#same`)).toEqual({ code: 0, stdout: '', stderr: '' });
		expect(await runWith('', 'map', `${JOBS}#same`, '--reduce', 'sum')).toMatchObject({ code: 0, stdout: 'null\n' });
		expect((await runWith('a', 'map', `${JOBS}#same`)).stdout).toBe('"a"\n');
		expect((await runWith(Buffer.from([0xff, 0x0a]), 'map', `${JOBS}#same`)).stdout).toBe('"\uFFFD"\n');
	});

	it('takes one very long line', async () => {
		const { stdout } = await runWith(`${'x'.repeat(30_000_000)}\n`, 'map', `${JOBS}#same`);
		expect(stdout.length).toBe(30_000_003);
	});

	it.each([
		['undefined', 'null\n'],
		['nan', '[null,null]\n'],
		['nested', '{"nested":0}\n'.replace('"nested":0', '"kept":[null]')],
		['text', '"a\\nb\u2028"\n'],
	])('writes the result %s as JSON does', async (name, line) => {
		expect(await mapJobs('oddity', name)).toEqual({ code: 0, stdout: line, stderr: '' });
	});

	it.each([
		['function', /the result cannot be written as JSON: it is a function/],
		['bigint', /the result cannot be written as JSON: it holds a BigInt/],
		['cycle', /the result cannot be written as JSON: Converting circular structure/],
	])('fails an item whose result is a %s', async (name, text) => {
		const { code, stdout, stderr } = await mapJobs('oddity', name, 'text', '-k');
		expect([code, stdout]).toEqual([1, '"a\\nb\u2028"\n']);
		expect(stderr).toMatch(text);
	});

	it('shows what was thrown that is no error, without letting it reach the terminal', async () => {
		const { stderr } = await mapJobs('throwText', '1');
		expect(stderr).toBe(`coproc: item 1 (argument 1: "1") failed: it threw 'just text\\n\\x1B[31m'\n`);
	});

	it('tells how a worker ended, runs its item again where that is asked for, and replaces it', async () => {
		const argv = ['1', '3', '4', '5', '--chunk', '1', '--workers', '1'];
		const { code, stdout, stderr } = await mapJobs('exitOnThree', ...argv, '-k', '--retry', '1', '-v');
		expect(stderr).toMatch(/item 2 \(argument 2: "3"\) failed: WorkerExitedError: worker "jobs\.js#2" exited \(exit code 5\)/);
		expect(stderr).toMatch(/^coproc: 1 worker process started in .*, transport \w+: \S/);
		expect(stderr).toContain('coproc: 2 workers ended and had to be replaced\n');
		expect(new Set(stdout.trimEnd().split('\n')).size).toBe(2);
		expect(code).toBe(1);
	});

	it('tells of an error that nobody caught, which has ended a worker', async () => {
		const { code, stderr } = await mapJobs('throwLater', '1');
		expect(stderr).toMatch(
			/^coproc: item 1 .* failed: WorkerExitedError: .*\(exit code 1\).*\ncaused by Error: too late\n {4}at .*jobs\.js/,
		);
		expect(code).toBe(1);
		expect((await mapJobs('throwLater', '1', '-k')).stderr).toMatch(/\(exit code 1\).* It was ended by Error: too late\n/);
	});

	it('tells where a fold fails, and what came of it cannot be printed', async () => {
		const failed = await mapJobs('same', '1', '2', '3', '4', '--reduce', 'refuseThree');
		expect(failed).toEqual({
			code: 1,
			stdout: '',
			stderr: 'coproc: --reduce refuseThree failed at result 3: Error: three again\n',
		});
		expect(await mapJobs('same', '1', '2', '--reduce', 'exitNow')).toMatchObject({
			code: 1,
			stderr: expect.stringMatching(/exit code 6/),
		});
		expect(await mapJobs('big', '1', '2', '--reduce', 'sum')).toMatchObject({ code: 1, stderr: expect.stringMatching(/BigInt/) });
		expect(await mapJobs('big', '1', '2', '--reduce', 'sumAsText', '--initial', '0')).toMatchObject({ stdout: '"3"\n' });
	});

	it.each([
		['jobs.js#doubel', /^coproc: module .*jobs\.js has no export `doubel`\. Did you mean `double`\?\n/],
		['jobs.js#number', /has an export `number` that is no function: it is of type number\. Its functions: /],
		['jobs.js#Thing', /has an export `Thing` that is a class/],
		['jobs.js', /has no default export that is a function, so name one, as in MODULE#name/],
		['throws.js', /throws\.js threw while it was loaded: Error: no good\n/],
		['nowhere.js', /^coproc: module .*nowhere\.js does not exist: there is no .*nowhere\.js\n/],
	])('refuses %s with code 2', async (name, text) => {
		const { code, stdout, stderr } = await run('map', fixture(name), '1');
		expect(stderr).toMatch(text);
		expect([code, stdout]).toEqual([2, '']);
	});

	it('finds the only function of a module, and those of CommonJS and of Node', async () => {
		expect((await run('map', fixture('only.js'), '1')).stdout).toBe('4\n');
		expect((await run('map', `${fixture('common.cjs')}#triple`, '2')).stdout).toBe('6\n');
		expect((await run('map', fixture('common.cjs'), '2')).stdout).toBe('6\n');
		expect((await run('map', 'node:path#basename', '/a/b.txt')).stdout).toBe('"b.txt"\n');
		expect((await run('map', 'data:text/javascript,export default (n) => n + 1', '2')).stdout).toBe('3\n');
	});

	it('refuses inputs that are not there, with code 2', async () => {
		const folder = folderWith({});
		expect(await mapJobs('same', '--lines', join(folder, 'x'))).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('no such file'),
		});
		expect(await mapJobs('same', '--lines', folder)).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('it is a folder'),
		});
		expect(await mapJobs('same', '--glob', `${folder}/*`)).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('no file matches'),
		});
		expect(await mapJobs('same', '1', '--wrokers', '2')).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('--workers?'),
		});
	});
});

describe('coproc map --out', { timeout: 60_000 }, () => {
	it('replaces the file when all is done, with its mode, through a link', async () => {
		const folder = folderWith({ real: 'old\n' });
		const [real, link] = [join(folder, 'real'), join(folder, 'link')];
		chmodSync(real, 0o640);
		symlinkSync('real', link);
		expect(await mapJobs('double', '1', '2', '--out', link)).toEqual({ code: 0, stdout: '', stderr: '' });
		expect(readFileSync(real, 'utf8')).toBe('2\n4\n');
		expect(statSync(real).mode & 0o777).toBe(0o640);
		expect(lstatSync(link).isSymbolicLink()).toBe(true);
		expect(readdirSync(folder).toSorted()).toEqual(['link', 'real']);
	});

	it('leaves the file alone when the run fails, and keeps the rest where failures are borne', async () => {
		const folder = folderWith({ out: 'old\n' });
		const out = join(folder, 'out');
		expect(await mapJobs('failOnThree', '1', '3', '--out', out)).toMatchObject({ code: 1 });
		expect(readFileSync(out, 'utf8')).toBe('old\n');
		expect(await mapJobs('failOnThree', '1', '3', '4', '-k', '--out', out)).toMatchObject({ code: 1 });
		expect(readFileSync(out, 'utf8')).toBe('1\n4\n');
		expect(readdirSync(folder)).toEqual(['out']);
	});

	it('may be its own input', async () => {
		const file = join(folderWith({ lines: '1\n2\n' }), 'lines');
		expect(await mapJobs('double', '--lines', file, '--out', file)).toMatchObject({ code: 0 });
		expect(readFileSync(file, 'utf8')).toBe('2\n4\n');
	});

	it('refuses a place that cannot be written, before anything runs', async () => {
		const folder = folderWith({ file: '' });
		mkdirSync(join(folder, 'sub'));
		expect(await mapJobs('double', '1', '--out', join(folder, 'sub'))).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('it is a folder'),
		});
		expect(await mapJobs('double', '1', '--out', join(folder, 'no', 'x'))).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('no such file'),
		});
	});

	it.runIf(onLinux)('tells of a full disk, of standard output too, and does not replace a device', async () => {
		const full = 'no space is left on the device\n';
		expect(await mapJobs('double', '1', '--out', '/dev/full')).toMatchObject({
			code: 1,
			stderr: `coproc: cannot write /dev/full: ${full}`,
		});
		const script = `"$0" "$@" > /dev/full`;
		const command = new Command(['map', `${JOBS}#double`, '1']);
		expect(command.child.spawnfile).toBe(process.execPath);
		expect(() =>
			execFileSync('sh', ['-c', script, process.execPath, ...command.child.spawnargs.slice(1)], { stdio: 'pipe' }),
		).toThrow(`coproc: cannot write standard output: ${full}`);
		expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
		await command.ended();
	});

	it.runIf(onLinux)('writes into a pipe', async () => {
		const folder = folderWith({});
		const pipe = join(folder, 'pipe');
		execFileSync('mkfifo', [pipe]);
		expect(await mapJobs('double', '1', '--out', pipe)).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('nobody reads it'),
		});
		const lines = join(folder, 'lines');
		const command = new Command(['map', `${JOBS}#double`, '--lines', pipe, '--out', lines]);
		await command.says(/^/);
		writeFileSync(pipe, '1\n2');
		expect(await command.ended()).toMatchObject({ code: 0 });
		expect(readFileSync(lines, 'utf8')).toBe('2\n4\n');
	});
});
