import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { isRunning, Program, run } from './program.ts';
import { tempTree } from './temp-tree.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WORKERS_BAR = /\r2 workers .* %/;
const onLinux = process.platform === 'linux';
const hasScript = onLinux && works('script', '--version');

/** A few sources, one that cannot be read, one that the parser chokes on, one with syntax errors. */
function smallTree(): string {
	const root = tempTree({
		'a/index.ts': 'export const a: Array<Array<number>> = [[1], [2]];\n',
		'a/deep.js': '['.repeat(20_000),
		'b/broken.mjs': 'const = ;\n',
		'b/view.jsx': 'export const view = () => <a href="b">text</a>;\n',
		'b/garbage.cjs': Buffer.from(Array.from({ length: 999 }, (_, index) => (index * 7_919) % 256)),
	});
	symlinkSync('nowhere', join(root, 'gone.js'));
	symlinkSync('.', join(root, 'loop'));
	return root;
}

/** Work for some seconds: copies of the compiler's own declarations of the DOM. */
function largeTree(): string {
	const root = tempTree({});
	const source = join(ROOT, 'node_modules/typescript/lib/lib.dom.d.ts');
	for (let index = 0; index < 8; index += 1) copyFileSync(source, join(root, `dom-${index}.d.ts`));
	return root;
}

function works(command: string, ...args: string[]): boolean {
	try {
		execFileSync(command, args, { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

describe.each([
	['process', 'ring'],
	['process', 'pipe'],
	['thread', 'ring'],
	['thread', 'pipe'],
])('parse-sources, backend %s, transport %s', { timeout: 120_000 }, (backend, transport) => {
	const options = ['--workers', '2', '--backend', backend, '--transport', transport];

	it('parses, reports what it cannot, and finds both results equal', async () => {
		const { code, stdout, stderr } = await run('--dir', smallTree(), ...options);
		expect(stderr).toMatch(/^5 sources, .*\n(one thread: .*\n)+2 workers started, by \w+\n(2 workers: .*\n)+$/);
		expect(stdout).toMatch(/^files +5$/m);
		expect(stdout).toMatch(/^failed +1$/m);
		expect(stdout).toContain('not parsed (2)\n  a/deep.js: nested too deep for the parser');
		expect(stdout).toContain('  gone.js: broken symbolic link: no such file or folder\n');
		expect(stdout).toMatch(/^transport +(ring|pipe|port): \S/m);
		expect(stdout).toMatch(/\nboth results are equal\n$/);
		expect(code).toBe(0);
	});

	it('says as JSON which transport served', async () => {
		const { code, stdout } = await run('--dir', smallTree(), '--json', ...options);
		const report = JSON.parse(stdout);
		const fallback = backend === 'process' ? 'pipe' : 'port';
		expect(report.parallel.transports).toEqual([
			{ kind: transport === 'ring' ? 'ring' : fallback, reason: expect.stringMatching(/\S/) },
		]);
		expect(report).toMatchObject({ equal: true, workers: 2, backend, parallel: { incidents: [] } });
		expect(code).toBe(0);
	});

	it.runIf(onLinux)('ends at Ctrl-C while workers parse, with code 130, and leaves nothing', async () => {
		const program = new Program(['--dir', largeTree(), ...options]);
		await program.says('2 workers started');
		const workers = program.workers();
		expect(workers).toHaveLength(backend === 'process' ? 2 : 0);
		process.kill(program.pid, 'SIGINT');
		const { code, stdout, stderr } = await program.ended();
		expect(stderr).toMatch(/\ninterrupted\n$/);
		expect(stdout).toBe('');
		expect(code).toBe(130);
		expect(workers.filter(isRunning)).toEqual([]);
	});
});

describe('parse-sources', { timeout: 120_000 }, () => {
	it.each([
		['SIGINT', 130],
		['SIGTERM', 143],
	] as const)('ends at %s in the one-thread pass with code %i', async (signal, exitCode) => {
		const program = new Program(['--dir', largeTree()]);
		await program.says('8 sources');
		process.kill(program.pid, signal);
		expect(await program.ended()).toMatchObject({
			code: exitCode,
			stdout: '',
			stderr: expect.stringMatching(/\ninterrupted\n$/),
		});
	});

	it.runIf(onLinux)('ends in order if the whole group gets the signal, as from a terminal', async () => {
		const program = new Program(['--dir', largeTree(), '--workers', '2'], { detached: true });
		await program.says('2 workers started');
		const workers = program.workers();
		expect(workers).toHaveLength(2);
		process.kill(-program.pid, 'SIGINT');
		expect(await program.ended()).toMatchObject({ code: 130, stderr: expect.stringMatching(/\ninterrupted\n$/) });
		expect(workers.filter(isRunning)).toEqual([]);
	});

	it.runIf(onLinux)('ends at once at a second Ctrl-C, and its workers with it', async () => {
		const program = new Program(['--dir', largeTree(), '--workers', '2']);
		await program.says('2 workers started');
		const workers = program.workers();
		expect(workers).toHaveLength(2);
		process.kill(program.pid, 'SIGINT');
		process.kill(program.pid, 'SIGINT');
		expect((await program.ended()).code).toBe(130);
		await expect.poll(() => workers.filter(isRunning), { timeout: 2_000 }).toEqual([]);
	});

	it.runIf(onLinux)('goes on if a worker is killed', async () => {
		const program = new Program(['--dir', largeTree(), '--workers', '2']);
		await program.says('2 workers started');
		const [victim] = program.workers();
		process.kill(victim as number, 'SIGKILL');
		const { code, stdout, stderr } = await program.ended();
		expect(stderr).not.toContain('parse-sources failed');
		expect(stdout).toContain('\nlost workers (1)\n  1 worker ended and had to be replaced\n');
		expect(stdout).toMatch(/\nboth results are equal\n$/);
		expect(code).toBe(0);
	});

	it('leaves out what is over the budget and says so', async () => {
		const { code, stdout } = await run('--dir', smallTree(), '--max-files', '2', '--workers', '1');
		expect(stdout).toMatch(/^files +2$/m);
		expect(stdout).toMatch(/^left out +3 files, .* over the budget \(--all takes them in/m);
		expect(code).toBe(0);
	});

	it('says that there are no sources', async () => {
		const root = tempTree({ 'README.md': '' });
		expect(await run('--dir', root)).toEqual({
			code: 0,
			stdout: `no JavaScript or TypeScript sources under ${root}\n`,
			stderr: '',
		});
	});

	it('refuses a folder that is not there, and bad arguments, with code 2', async () => {
		const { code, stderr } = await run('--dir', '/nowhere/at/all');
		expect(stderr).toContain('cannot search "/nowhere/at/all": no such file or folder\n');
		expect(code).toBe(2);
		expect(await run('--workers', 'x')).toMatchObject({ code: 2, stderr: expect.stringContaining('--workers must be') });
		expect(await run('--help')).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('--max-mb') });
	});

	it('ends quietly if nobody reads its output', async () => {
		const program = new Program(['--dir', smallTree(), '--workers', '1']);
		program.child.stdout?.destroy();
		const { code, stderr } = await program.ended();
		expect(stderr).toMatch(/^5 sources, .*\n(one thread: .*\n)+1 worker started, .*\n(1 worker: .*\n)+$/);
		expect(code).toBe(0);
	});

	it.runIf(hasScript)('draws a bar on a terminal, and Ctrl-C there ends everything', async () => {
		const main = join(ROOT, 'jobs/parse-sources/main.js');
		const command = `"${process.execPath}" "${main}" --workers 2 --dir "${largeTree()}"`;
		const terminal = spawn('script', ['-qefc', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
		let screen = '';
		terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
			const hadBar = WORKERS_BAR.test(screen);
			screen += text;
			// Ctrl-C as the key sends it, once, when the bar of the workers is there.
			if (!hadBar && WORKERS_BAR.test(screen)) terminal.stdin.write('\x03');
		});
		const [code] = await once(terminal, 'close');
		expect(screen).toMatch(/\rone thread {2}\S+ +\d+ %.*\u001b\[K/);
		expect(screen).toMatch(/\u001b\[Kone thread: 8 files in [\d.]+ m?s\r\n/);
		expect(screen).toMatch(/\r\u001b\[Kinterrupted\r\n$/);
		expect(code).toBe(130);
	});

	it('leaves no trace in the folder', async () => {
		const root = tempTree({ 'a.js': 'a' });
		await run('--dir', root, '--workers', '1');
		expect(readdirSync(root)).toEqual(['a.js']);
	});
});
