import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { describe, expect, it, vi } from 'vitest';

import { isRunning } from '../support/leftovers.ts';
import { withoutKoffi } from './support/without-koffi.ts';

const HOST = fileURLToPath(new URL('../fixtures/reliability/host.js', import.meta.url));

/** Starts a host with five workers (idle, parked, in a tight loop, flooded with messages, sending all the time), kills it, and returns what it had told. */
async function killHost(transport: string, folder?: string) {
	const host = spawn(process.execPath, [HOST.replace(/^.*\/test\//, folder ? `${folder}/test/` : '$&'), transport], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	try {
		const [line] = (await once(createInterface(host.stdout), 'line')) as [string];
		return JSON.parse(line) as { pids: number[]; transport: { kind: string; reason: string } };
	} finally {
		host.kill('SIGKILL');
		await once(host, 'exit');
	}
}

async function expectGoneWithinASecond(pids: readonly number[]): Promise<void> {
	await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), { timeout: 1000, interval: 5 });
}

describe('7.10 Host death: after kill -9 of the host no worker process runs a second later', () => {
	it('over the ring, whatever they are doing', async () => {
		const { pids, transport } = await killHost('ring');
		expect(transport.kind).toBe('ring');
		expect(pids).toHaveLength(5);
		await expectGoneWithinASecond(pids);
	});

	it('over the pipe, whatever they are doing', async () => {
		const { pids, transport } = await killHost('pipe');
		expect(transport.kind).toBe('pipe');
		await expectGoneWithinASecond(pids);
	});

	it('where koffi is not installed, whatever they are doing', async () => {
		await withoutKoffi(async (folder) => {
			const { pids, transport } = await killHost('auto', folder);
			expect(transport.kind).toBe('pipe');
			expect(transport.reason).toContain('koffi could not be loaded');
			await expectGoneWithinASecond(pids);
		});
	});
});
