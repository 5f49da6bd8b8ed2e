import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { withoutKoffi } from './support/without-koffi.ts';

const run = promisify(execFile);

/** A program that talks in every way to a process, and prints what came of it. */
const PROGRAM = `
	import { WorkerResource } from 'coproc';
	const worker = await WorkerResource.start((messenger) => {
		const first = messenger.receiveMessageBlocking();
		first.reply(first.data.length);
		messenger.sendNorequest(messenger.receiveBlocking('big').length, 'big');
		try {
			for (;;) messenger.sendReply(messenger.receiveBlocking() * 2);
		} catch (error) {
			messenger.sendNorequest(error.code);
		}
	});
	const { messenger } = worker;
	const answers = [await messenger.request('four')];
	messenger.sendNorequest(new Uint8Array(3_000_000), 'big');
	answers.push(await messenger.receive('big'));
	messenger.sendRequestMultiple([1, 2, 3]);
	for await (const reply of messenger.receiveRemaining()) answers.push(reply);
	messenger.sendCloseRequest();
	answers.push(await messenger.receive());
	const { exitCode } = await worker.join({ checkAlive: false });
	console.log(JSON.stringify({ answers, exitCode, transport: worker.transport }));
	await WorkerResource.start(() => {}, { transport: 'ring' }).catch((error) => console.log(error.code));
`;

describe('Without koffi', () => {
	it('everything passes over the pipe, and the reason says so', async () => {
		await withoutKoffi(async (folder) => {
			const { stdout } = await run(process.execPath, ['--input-type=module', '-e', PROGRAM], { cwd: folder });
			const [told, refused] = stdout.trim().split('\n');
			expect(JSON.parse(told ?? '')).toEqual({
				answers: [4, 3_000_000, 2, 4, 6, 'ERR_COPROC_CLOSE_REQUESTED'],
				exitCode: 0,
				transport: { kind: 'pipe', reason: expect.stringContaining('koffi could not be loaded') },
			});
			expect(refused).toBe('ERR_COPROC_TRANSPORT_UNAVAILABLE');
		});
	});

	it('the examples print the same', async () => {
		await withoutKoffi(async (folder) => {
			const names = (await readdir('examples', { recursive: true })).filter((name) =>
				/^(classes|functions)\/.*\.mjs$/.test(name),
			);
			expect(names.length).toBeGreaterThan(5);
			for (const name of names) {
				const here = await run(process.execPath, [join('examples', name), '--transport', 'pipe']);
				const there = await run(process.execPath, [join('examples', name)], { cwd: folder });
				expect({ name, stdout: there.stdout }).toEqual({ name, stdout: here.stdout });
			}
		});
	}, 60_000);
});
