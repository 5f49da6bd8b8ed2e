import { WorkerResource } from 'coproc';
import { describe, expect, it } from 'vitest';

import { COMBINATIONS } from '../contract/support/combinations.ts';
import { leavingNothing } from '../support/leftovers.ts';

const MEGABYTE = 1024 * 1024;

describe.each(COMBINATIONS)('Over $name', ({ backend, transport }) => {
	it('200,000 requests sent before the first receive are answered in order, within bounds', async () => {
		await leavingNothing(async () => {
			await using worker = await WorkerResource.start(
				async (messenger) => {
					for (;;) messenger.sendReply(await messenger.receive());
				},
				{ backend, transport },
			);
			const { messenger } = worker;
			const before = process.memoryUsage().rss;
			for (let number = 0; number < 200_000; number += 1) messenger.sendRequest(number);
			expect(messenger.remaining()).toBe(200_000);
			let next = 0;
			let misplaced = 0;
			for await (const reply of messenger.receiveRemaining()) if (reply !== next++) misplaced += 1;
			expect(misplaced).toBe(0);
			expect(next).toBe(200_000);
			expect(messenger.remaining()).toBe(0);
			// 200,000 messages of 32 bytes and what JavaScript holds of each; far from what a queue without bound would take.
			expect(process.memoryUsage().rss - before).toBeLessThan(400 * MEGABYTE);
		});
	}, 60_000);

	it('a message of 100 MB arrives whole, there and back, and small ones do not wait for it', async () => {
		await leavingNothing(async () => {
			await using worker = await WorkerResource.start(
				async (messenger) => {
					void messenger.receive('small').then((data: unknown) => messenger.sendNorequest(data, 'small'));
					const large = await messenger.receive('large');
					messenger.sendNorequest(large, 'large');
					messenger.sendNorequest('passes', 'order');
					await messenger.receive();
				},
				{ backend, transport, ringBytes: 256 * 1024 },
			);
			const { messenger } = worker;
			const large = new Uint32Array(25 * MEGABYTE);
			for (let index = 0; index < large.length; index += 1) large[index] = index ^ 0x5bd1e995;
			const arrivals: string[] = [];
			const arrive = async (channel: string): Promise<unknown> => {
				const data = await messenger.receive(channel);
				arrivals.push(channel);
				return data;
			};
			const waiting = [arrive('large'), arrive('small'), arrive('order')] as const;
			messenger.sendNorequest(large, 'large');
			messenger.sendNorequest('quick', 'small');
			const [back] = await Promise.all(waiting);
			expect(Buffer.compare(Buffer.from((back as Uint32Array).buffer), Buffer.from(large.buffer))).toBe(0);
			// Between processes it travels in pieces, which small ones pass; between threads its memory changes hands at once.
			expect(arrivals).toEqual(backend === 'process' ? ['small', 'order', 'large'] : ['large', 'order', 'small']);
		});
	}, 60_000);
});
