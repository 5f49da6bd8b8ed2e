import { DataCloneError } from 'coproc';
import { describe, expect, it } from 'vitest';

import { newChannel, type Subject } from './support/subject.ts';

/** What sends promise on every link. */
export function sendingContract(subject: Subject): void {
	describe('sendNorequest()', () => {
		it('delivers data to the other side in the order it was sent', async () => {
			const { peer } = subject;
			const channel = newChannel();
			const sent = Array.from({ length: 500 }, (_, index) => ({ index }));
			for (const item of sent) expect(peer.messenger.sendNorequest(item, channel)).toBe(true);
			const received = await peer.run(
				async (messenger, on, count) => {
					const all = [];
					while (all.length < count) all.push(await messenger.receive(on));
					return all;
				},
				channel,
				sent.length,
			);
			expect(received).toEqual(sent);
		});

		it('delivers data from the other side in the order it was sent', async () => {
			const { peer } = subject;
			const channel = newChannel();
			const results = await peer.run(
				(messenger, on) => Array.from({ length: 500 }, (_, index) => messenger.sendNorequest(index, on)),
				channel,
			);
			expect(results.every((result) => result)).toBe(true);
			for (let index = 0; index < 500; index += 1) expect(await peer.messenger.receive(channel)).toBe(index);
		});

		it.each([null, undefined, false, 0, '', Number.NaN, 0n])('takes %s for data like any other', async (data) => {
			const { peer } = subject;
			const channel = newChannel();
			peer.messenger.sendNorequest(data, channel);
			await peer.run(async (messenger, on) => void messenger.sendNorequest(await messenger.receive(on), on), channel);
			expect(await peer.messenger.receive(channel)).toBe(data);
		});

		it('throws DataCloneError with the path of what cannot be sent, and sends nothing', async () => {
			const { messenger, run } = subject.peer;
			const channel = newChannel();
			const send = (): unknown => messenger.sendNorequest({ rows: [{}, { callback() {} }] }, channel);
			expect(send).toThrow(DataCloneError);
			expect(send).toThrow(/`data\.rows\[1\]\.callback` cannot be sent.*registerType\(\)/);
			expect(messenger.messagesSent(channel)).toBe(0);
			messenger.sendNorequest('next', channel);
			expect(await run((other, on) => other.receive(on), channel)).toBe('next');
		});
	});

	describe('sendRequestMultiple()', () => {
		it('sends a request for each item of any iterable', async () => {
			const { messenger, post } = subject.peer;
			const channel = newChannel();
			post(async (other, on) => {
				for (let count = 0; count < 4; count += 1) other.sendReply(Number(await other.receive(on)) * 2, on);
			}, channel);
			expect(messenger.sendRequestMultiple(new Set([1, 2, 3, 4]), channel)).toBe(true);
			expect(messenger.remaining(channel)).toBe(4);
			const replies: unknown[] = [];
			for await (const reply of messenger.receiveRemaining(channel)) replies.push(reply);
			expect(replies).toEqual([2, 4, 6, 8]);
		});

		it('sends none at all when one item cannot be sent', async () => {
			const { messenger, run } = subject.peer;
			const channel = newChannel();
			expect(() => messenger.sendRequestMultiple([1, 2, () => 3], channel)).toThrow(DataCloneError);
			expect(messenger.remaining(channel)).toBe(0);
			expect(messenger.messagesSent(channel)).toBe(0);
			messenger.sendNorequest('next', channel);
			expect(await run((other, on) => other.receive(on), channel)).toBe('next');
		});

		it('sends nothing for nothing', () => {
			const { messenger } = subject.peer;
			const channel = newChannel();
			expect(messenger.sendRequestMultiple([], channel)).toBe(true);
			expect(messenger.remaining(channel)).toBe(0);
		});

		it('refuses to transfer, for each message is one of its own', () => {
			const { messenger } = subject.peer;
			const buffer = new ArrayBuffer(8);
			expect(() => messenger.sendRequestMultiple([buffer], newChannel(), { transfer: [buffer] })).toThrow(/use sendRequest\(\)/);
			expect(buffer.byteLength).toBe(8);
		});
	});

	describe('a payload whose getter sends', () => {
		it.each(['sendNorequest', 'sendRequest', 'sendReply', 'sendRequestMultiple'] as const)(
			'is refused when it calls %s(), and the link goes on',
			async (method) => {
				const { messenger, run } = subject.peer;
				const channel = newChannel();
				const payload = {
					get trouble() {
						return messenger[method](['inner'], channel);
					},
				};
				expect(() => messenger.sendNorequest(payload, channel)).toThrow(/another one is being encoded|getter/);
				expect(messenger.messagesSent(channel)).toBe(0);
				messenger.sendNorequest({ next: true }, channel);
				expect(await run((other, on) => other.receive(on), channel)).toEqual({ next: true });
			},
		);
	});
}
