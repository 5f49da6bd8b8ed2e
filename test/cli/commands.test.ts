import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Findings } from '../../src/cli/doctor.ts';
import { DOCTOR_HELP, HELP, MAP_HELP } from '../../src/cli/help.ts';
import { Command, MAIN, run } from './support/command.ts';

const PRELOAD = new URL('../fixtures/cli/refuse-packages.mjs', import.meta.url).href;
const DOCUMENT = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

describe('coproc', { timeout: 60_000 }, () => {
	it.each([
		[['--help'], HELP],
		[['-h'], HELP],
		[['help'], HELP],
		[['help', 'map'], MAP_HELP],
		[['map', '--help'], MAP_HELP],
		[['map', 'x.js', '-h'], MAP_HELP],
		[['doctor', '--help'], DOCTOR_HELP],
	])('prints help for %j', async (argv, help) => {
		expect(await run(...argv)).toEqual({ code: 0, stdout: help, stderr: '' });
		expect(help).toContain('Examples:');
	});

	it('prints its version', async () => {
		const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
		expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
	});

	it.each([
		[[], 'which command?'],
		[['mpa'], 'unknown command mpa. Did you mean map?'],
		[['--hepl'], 'unknown option --hepl. Did you mean --help?'],
		[['doctor', 'x'], 'coproc doctor takes no x'],
		[['doctor', '--jsn'], 'Did you mean --json?'],
	])('refuses %j with code 2', async (argv, text) => {
		const { code, stdout, stderr } = await run(...argv);
		expect(stderr).toContain(text);
		expect([code, stdout]).toEqual([2, '']);
	});

	it('loads no package for help, version and mistakes', () => {
		const load = (...argv: string[]): string =>
			execFileSync(process.execPath, ['--no-warnings', '--import', PRELOAD, MAIN, ...argv], { encoding: 'utf8', stdio: 'pipe' });
		for (const argv of [['--help'], ['--version'], ['map', '--help'], ['doctor', '--help']]) expect(load(...argv)).not.toBe('');
		expect(() => load('map', 'x.js', '--wrokers')).toThrow(/Did you mean --workers/);
		expect(() => load('map', 'node:path#basename', 'a')).toThrow(/loads (zod|execa)/);
	});

	it('has every option of `coproc map` in its help and in its chapter', () => {
		const options = [...MAP_HELP.matchAll(/(?<=^ {2}|, )--([a-z-]+)/gm)].map(([option]) => option);
		expect(options).toHaveLength(18);
		for (const option of options) expect(DOCUMENT).toContain(option);
	});
});

describe('coproc doctor', { timeout: 60_000 }, () => {
	it('tries a worker of each kind over each transport', async () => {
		const { code, stdout, stderr } = await run('doctor', '--json');
		const findings = JSON.parse(stdout) as Findings;
		expect(findings).toMatchObject({ node: process.versions.node, platform: process.platform, arch: process.arch });
		expect(findings.cores.usable).toBeGreaterThan(0);
		expect(findings.trials.map(({ backend, asked, problem }) => [backend, asked, problem])).toEqual([
			['process', 'auto', undefined],
			['thread', 'auto', undefined],
			['process', 'pipe', undefined],
			['thread', 'pipe', undefined],
		]);
		expect([code, stderr]).toEqual([0, '']);
	});

	it('says the same in words', async () => {
		const { code, stdout } = await run('doctor');
		expect(stdout).toMatch(
			/^coproc +\d+\.\d+\.\d+\nNode\.js +\d+.* on \w+ \w+\ncores +\d+ usable \(.*\nkoffi +\S.*\nprocesses +\w+: \S.*\nthreads +ring: /,
		);
		expect(stdout.match(/^ {2}ok {4}/gm)).toHaveLength(4);
		expect(code).toBe(0);
	});

	it('fails where workers cannot start, and says why', async () => {
		const preload = new URL('../fixtures/cli/fail-in-workers.mjs', import.meta.url).href;
		const { code, stdout } = await new Command(['doctor'], { env: { NODE_OPTIONS: `--import ${preload}` } }).ended();
		expect(stdout.match(/^ {2}FAIL {2}(process|thread).* start: .*no good/gm)).toHaveLength(4);
		expect(stdout).toMatch(/^processes +do not work here, see below$/m);
		expect(code).toBe(1);
	});
});
