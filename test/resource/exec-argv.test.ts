import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { inheritedExecArgv } from '../../src/resource/exec-argv.ts';
import { ROOT } from '../support/tidy/source-file.ts';

describe('inheritedExecArgv()', () => {
	it('keeps what is about the engine and the loaders', () => {
		const kept = ['--expose-gc', '--max-old-space-size=100', '--import', 'tsx', '--conditions', 'node', '--enable-source-maps'];
		expect(inheritedExecArgv(kept)).toEqual(kept);
	});

	it.each([
		[['-e', 'start()']],
		[['--eval', 'start()']],
		[['--eval=start()']],
		[['-p', 'start()']],
		[['-pe', 'start()']],
		[['--print', 'start()']],
		[['--print=start()']],
		[['-p']],
		[['-i']],
		[['--check']],
		[['--input-type=module']],
		[['--input-type', 'module']],
		[['--inspect']],
		[['--inspect-brk=0']],
		[['--inspect-port=9230']],
		[['--watch', '--watch-path=src']],
		[['--test']],
	])('leaves out %j', (left) => {
		expect(inheritedExecArgv(['--expose-gc', ...left, '--no-warnings'])).toEqual(['--expose-gc', '--no-warnings']);
	});
});

describe('a host run by `node -e` with options of the whole process', () => {
	it.each(['process', 'thread'] as const)('starts a %s that does not run the host again', async (backend) => {
		const program = `
			import { WorkerResource } from 'coproc';
			const worker = await WorkerResource.start(
				(messenger) => void messenger.sendNorequest(process.env.HOSTS),
				{ backend: '${backend}', env: { HOSTS: 'x' + (process.env.HOSTS ?? '') } },
			);
			console.log(await worker.messenger.receive());
			await worker.exited;`;
		const options = ['--expose-gc', '--max-old-space-size=400', '--input-type=module', '-e', program];
		const { stdout } = await promisify(execFile)(process.execPath, options, {
			cwd: ROOT,
			timeout: 15_000,
			killSignal: 'SIGKILL',
		});
		expect(stdout).toBe('x\n');
	});
});
