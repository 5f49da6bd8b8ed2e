import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { childrenOf, isRunning } from '../support/leftovers.ts';
import { Command, folderWith, JOBS, MAIN, mapJobs } from './support/command.ts';

const onLinux = process.platform === 'linux';
const hasScript = onLinux && works('script', '--version');
const SPIN = ['map', `${JOBS}#hang`, '1', '2', '--workers', '2', '-v'];

function works(command: string, ...args: string[]): boolean {
	try {
		execFileSync(command, args, { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

describe.runIf(onLinux).each([
	['process', 2],
	['thread', 0],
] as const)('coproc map, backend %s', { timeout: 60_000 }, (backend, processes) => {
	it.each([
		['SIGINT', 130],
		['SIGTERM', 143],
		['SIGHUP', 129],
	] as const)('ends at %s with code %i while its workers are in a tight loop, and leaves nothing', async (signal, exitCode) => {
		const command = new Command([...SPIN, '--backend', backend], { detached: true });
		await command.says(/started in/);
		const workers = childrenOf(command.pid);
		expect(workers).toHaveLength(processes);
		// To the group, as a terminal does it.
		process.kill(-command.pid, signal);
		const { code, stdout, stderr } = await command.ended();
		expect(stderr).toMatch(new RegExp(`\\ncoproc: interrupted by ${signal}\\n$`));
		expect([code, stdout]).toEqual([exitCode, '']);
		expect(workers.filter(isRunning)).toEqual([]);
	});

	it('leaves no worker behind when it is killed', async () => {
		const command = new Command([...SPIN, '--backend', backend]);
		await command.says(/started in/);
		const workers = childrenOf(command.pid);
		process.kill(command.pid, 'SIGKILL');
		expect((await command.ended()).code).toBeNull();
		await expect.poll(() => workers.filter(isRunning), { timeout: 5000 }).toEqual([]);
	});
});

describe('coproc map', { timeout: 60_000 }, () => {
	it.runIf(onLinux)('names the item whose worker was killed, and goes on', async () => {
		const command = new Command(['map', `${JOBS}#afterPid`, '1', '1000000', '2', '3', '--chunk', '1', '--workers', '2', '-k']);
		const [, first] = await command.says(/pid (\d+)\n/);
		// Whoever has the long one is alone with it once the others are done.
		await command.says(/(pid \d+\n[^]*){4}/);
		await expect.poll(() => childrenOf(command.pid).length).toBe(2);
		expect(childrenOf(command.pid)).toContain(Number(first));
		const busy = /pid (\d+)\n/g;
		const pids = [...command.stderr.matchAll(busy)].map(([, pid]) => Number(pid));
		for (const pid of new Set(pids)) process.kill(pid, 'SIGKILL');
		const { code, stdout, stderr } = await command.ended();
		expect(stderr).toMatch(/item 2 \(argument 2: "1000000"\) failed: WorkerExitedError: .*\(signal SIGKILL\)/);
		expect(stdout).toMatch(/^1\n/);
		expect(code).toBe(1);
	});

	it('ends quietly, and its input with it, when nobody reads its output any more', async () => {
		const command = new Command(['map', `${JOBS}#same`]);
		const { stdin } = command.child;
		const feed = (): void => void (stdin?.writable && stdin.write('word\n'.repeat(1000), feed));
		feed();
		await command.says(/"word"\n"word"\n/, 'stdout');
		command.child.stdout?.destroy();
		const { code, stderr } = await command.ended();
		expect([code, stderr]).toEqual([0, '']);
	});

	it('ends at the first failure although more input could come', async () => {
		const command = new Command(['map', `${JOBS}#failOnThree`]);
		command.child.stdin?.write('1\n3\n');
		expect(await command.ended()).toMatchObject({ code: 1, stdout: '1\n', stderr: expect.stringContaining('RangeError: not 3') });
	});

	it('gives results of what has come while more input may come', async () => {
		const command = new Command(['map', `${JOBS}#double`]);
		command.child.stdin?.write('1\n2\n');
		await command.says(/^2\n4\n$/, 'stdout');
		command.child.stdin?.write('3');
		command.child.stdin?.end();
		expect(await command.ended()).toEqual({ code: 0, stdout: '2\n4\n6\n', stderr: '' });
	});

	it.runIf(onLinux)('ends at Ctrl-C while it waits for input, or for its reader', async () => {
		const waiting = new Command(['map', `${JOBS}#double`, '-v']);
		await waiting.says(/started in/);
		waiting.child.kill('SIGINT');
		expect(await waiting.ended()).toMatchObject({ code: 130 });
		const stalled = new Command(['map', `${JOBS}#same`, '-v']);
		stalled.child.stdout?.pause();
		stalled.child.stdin?.write('x'.repeat(1000).concat('\n').repeat(20_000));
		await stalled.says(/started in/);
		await expect.poll(() => stalled.child.stdout?.readableLength).toBeGreaterThan(0);
		stalled.child.kill('SIGINT');
		await once(stalled.child, 'exit');
		expect(stalled.child.exitCode).toBe(130);
		stalled.child.stdout?.resume();
	});

	it.runIf(onLinux)('leaves no file behind when it is interrupted', async () => {
		const folder = folderWith({ out: 'old' });
		const command = new Command([...SPIN, '--out', `${folder}/out`]);
		await command.says(/started in/);
		expect(readdirSync(folder)).toHaveLength(2);
		command.child.kill('SIGINT');
		expect(await command.ended()).toMatchObject({ code: 130 });
		expect(readdirSync(folder)).toEqual(['out']);
	});

	it('shows progress in lines where that is asked for, and none by itself', async () => {
		const { stdout, stderr } = await mapJobs('double', '1', '2', '--progress', 'always');
		expect([stdout, stderr]).toEqual(['2\n4\n', expect.stringMatching(/^2 items in .*\/s\n$/)]);
	});

	it.runIf(hasScript)('draws its progress on a terminal, and goes at Ctrl-C', async () => {
		const command = `stty cols 60; "${process.execPath}" "${MAIN}" map "${JOBS}#afterPid" 1 1 1 1000000 --out /dev/null`;
		const terminal = spawn('script', ['-qefc', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
		let screen = '';
		let isInterrupted = false;
		terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
			screen += text;
			if (isInterrupted || !/\r 75 % {2}3\/4 items/.test(screen)) return;
			isInterrupted = true;
			terminal.stdin.write('\x03');
		});
		const [code] = await once(terminal, 'close');
		expect(screen).toMatch(/\r {2}0 % {2}0\/4 items.*\u001b\[K/);
		// What a worker prints is on a line of its own.
		expect(screen).toMatch(/(^|\n|\u001b\[K)pid \d+\r\n/);
		expect(screen).toMatch(/\u001b\[Kcoproc: interrupted by SIGINT\r\n$/);
		const drawn = [...screen.matchAll(/\r([^\r\n]*?)\u001b\[K/g)].map(([, line]) => line as string);
		expect(Math.max(...drawn.map((line) => line.length))).toBeLessThan(60);
		expect(code).toBe(130);
	});
});
