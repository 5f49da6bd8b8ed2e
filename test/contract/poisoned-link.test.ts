import type { MessagePort } from 'node:worker_threads';

import { ProtocolError } from 'coproc';
import { describe, expect, it } from 'vitest';

import { type AnyWorker, workersOfEachTest } from './support/workers.ts';

/** What a host does when a worker's bytes cannot be what a worker writes: tell everyone, and end the worker. */
async function expectPoisoned(worker: AnyWorker): Promise<void> {
	const { messenger } = worker;
	expect(await messenger.receive('before')).toBe('whole');
	const waiting = [messenger.receive(), messenger.request('go'), messenger.awaitAvailable()];
	for (const each of await Promise.allSettled(waiting))
		expect(each).toMatchObject({ status: 'rejected', reason: { code: 'ERR_COPROC_PROTOCOL' } });
	await expect(messenger.receive()).rejects.toThrow(ProtocolError);
	await expect(messenger.receive()).rejects.toThrow(/^link is poisoned: .*Both sides must run the same version of coproc/);
	expect(() => messenger.sendNorequest(1)).toThrow(ProtocolError);
	expect((await worker.exited).error).toBeInstanceOf(ProtocolError);
	expect(worker.isAlive).toBe(false);
}

describe('A link whose bytes were broken', () => {
	const workers = workersOfEachTest();

	it('over the ring of a thread rejects everything with ProtocolError and ends the worker, even in a loop', async () => {
		const worker = await workers.start(
			async (messenger) => {
				messenger.sendNorequest('whole', 'before');
				await messenger.receive();
				const { workerData } = process.getBuiltinModule('node:worker_threads');
				const { memory, ports } = workerData as { memory: SharedArrayBuffer; ports: { port: MessagePort } };
				// The tail of the ring to the host, and the bell that makes the host look.
				Atomics.store(new Int32Array(memory), 1536 / 4, 12_345);
				ports.port.postMessage(0);
				for (;;);
			},
			{ backend: 'thread', transport: 'ring' },
		);
		await expectPoisoned(worker);
	});

	it('over the pipe of a process does so as well', async () => {
		const worker = await workers.start(
			async (messenger) => {
				messenger.sendNorequest('whole', 'before');
				await messenger.receive();
				process.getBuiltinModule('node:fs').writeSync(3, Buffer.alloc(64, 0xff));
				for (;;);
			},
			{ backend: 'process', transport: 'pipe' },
		);
		await expectPoisoned(worker);
	});

	it('over the port of a thread does so as well', async () => {
		const worker = await workers.start(
			async (messenger) => {
				messenger.sendNorequest('whole', 'before');
				await messenger.receive();
				const { workerData } = process.getBuiltinModule('node:worker_threads');
				(workerData as { ports: { lane: MessagePort } }).ports.lane.postMessage(new Uint8Array(64).fill(0xff));
				for (;;);
			},
			{ backend: 'thread', transport: 'pipe' },
		);
		await expectPoisoned(worker);
	});
});
