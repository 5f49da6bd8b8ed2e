import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

import { withoutKoffi } from '../reliability/support/without-koffi.ts';

const run = promisify(execFile);

it('without koffi, threads have mailboxes in a SharedArrayBuffer, whoever is terminated in an operation; the host is the broker of a process', async () => {
	await withoutKoffi(async (folder) => {
		const { stdout } = await run(process.execPath, ['test/fixtures/mailbox/threads-host.js'], { cwd: folder, timeout: 85_000 });
		expect(JSON.parse(stdout)).toEqual({
			done: 1000,
			large: 10_000_000,
			inOrder: true,
			survived: 12,
			process: { hello: 'broker' },
		});
	});
}, 90_000);
