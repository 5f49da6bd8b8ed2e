import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

const run = promisify(execFile);

it.skipIf(process.platform !== 'linux')(
	'wakes receivers although no descriptor is left to ring them',
	async () => {
		const program = 'ulimit -n 256; exec "$0" test/fixtures/mailbox/no-descriptors.js';
		const { stdout } = await run('sh', ['-c', program, process.execPath], { timeout: 80_000 });
		const lines = stdout.trim().split('\n');
		expect(lines[0]).toBe('EMFILE');
		expect(lines.at(-1)).toBe(JSON.stringify(['warm', 'one', 'three', 'two']));
	},
	90_000,
);
