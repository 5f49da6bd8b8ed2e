import type { MultiMessenger } from 'coproc';
import { describe, expect, it } from 'vitest';

import { newChannel, type Subject } from './support/subject.ts';

const NOTHING = { remaining: 0, requestsSent: 0, repliesReceived: 0, messagesSent: 0, messagesReceived: 0, queueSize: 0 };

function countersOf(messenger: MultiMessenger, channel: string): typeof NOTHING {
	return {
		remaining: messenger.remaining(channel),
		requestsSent: messenger.requestsSent(channel),
		repliesReceived: messenger.repliesReceived(channel),
		messagesSent: messenger.messagesSent(channel),
		messagesReceived: messenger.messagesReceived(channel),
		queueSize: messenger.queueSize(channel),
	};
}

/** What the counters promise on every link. */
export function countersContract(subject: Subject): void {
	describe('7.5 Counters: those of a channel', () => {
		it('begin with nothing and stay there while other channels are used', () => {
			const { messenger } = subject.peer;
			const channel = newChannel();
			expect(countersOf(messenger, channel)).toEqual(NOTHING);
			messenger.sendNorequest(1, newChannel());
			expect(countersOf(messenger, channel)).toEqual(NOTHING);
		});

		it('count every kind of message that is sent', async () => {
			const { messenger, run } = subject.peer;
			const channel = newChannel();
			messenger.sendNorequest(1, channel);
			messenger.sendRequest(2, channel);
			messenger.sendRequestMultiple([3, 4], channel);
			messenger.sendReply(5, channel);
			const reply = messenger.request(6, channel);
			expect(countersOf(messenger, channel)).toEqual({ ...NOTHING, remaining: 4, requestsSent: 4, messagesSent: 6 });
			await run(async (other, on) => {
				for (let count = 0; count < 6; count += 1) {
					const message = await other.receiveMessage(on);
					if (message.isRequest) message.reply(message.data);
				}
			}, channel);
			await reply;
			expect(countersOf(messenger, channel)).toMatchObject({ remaining: 3, repliesReceived: 1, messagesReceived: 1 });
			expect(await messenger.receive(channel)).toBe(2);
			expect(countersOf(messenger, channel)).toEqual({
				remaining: 2,
				requestsSent: 4,
				repliesReceived: 2,
				messagesSent: 6,
				messagesReceived: 2,
				queueSize: 2,
			});
			expect(messenger.receiveAvailable(channel)).toEqual([3, 4]);
			expect(countersOf(messenger, channel)).toMatchObject({
				remaining: 0,
				repliesReceived: 4,
				messagesReceived: 4,
				queueSize: 0,
			});
		});

		it('count on the other side what is received and answered there', async () => {
			const { messenger, run } = subject.peer;
			const channel = newChannel();
			messenger.sendRequest('x', channel);
			messenger.sendNorequest('y', channel);
			const counts = await run(async (other, on) => {
				other.sendReply(await other.receive(on), on);
				await other.receive(on);
				return [
					other.messagesReceived(on),
					other.messagesSent(on),
					other.requestsSent(on),
					other.repliesReceived(on),
					other.remaining(on),
				];
			}, channel);
			expect(counts).toEqual([2, 1, 0, 0, 0]);
			expect(await messenger.receive(channel)).toBe('x');
		});

		it('do not change when a send throws', () => {
			const { messenger } = subject.peer;
			const channel = newChannel();
			const bad = { f() {} };
			for (const send of ['sendNorequest', 'sendRequest', 'sendReply'] as const) {
				expect(() => messenger[send](bad, channel)).toThrow();
				expect(() => messenger[send](1, channel, { priority: Number.NaN })).toThrow();
			}
			expect(() => messenger.sendRequestMultiple([1, bad], channel)).toThrow();
			expect(countersOf(messenger, channel)).toEqual(NOTHING);
		});

		it('tell a fail() as the completion of its own request', async () => {
			const { messenger, run } = subject.peer;
			const channel = newChannel();
			messenger.sendRequestMultiple([1, 2], channel);
			await run(async (other, on) => {
				const [first, second] = [await other.receiveMessage(on), await other.receiveMessage(on)];
				second.fail(new Error('second'));
				first.reply('first');
			}, channel);
			await expect(messenger.receive(channel)).rejects.toThrow('second');
			expect(countersOf(messenger, channel)).toMatchObject({ remaining: 1, repliesReceived: 1, messagesReceived: 1 });
			expect(await messenger.receive(channel)).toBe('first');
			expect(messenger.remaining(channel)).toBe(0);
		});

		it('never go below zero for replies that nobody asked for', async () => {
			const { messenger, run } = subject.peer;
			const channel = newChannel();
			await run((other, on) => [1, 2].map((data) => other.sendReply(data, on)), channel);
			messenger.sendRequest('x', channel);
			await run(async (other, on) => void other.sendReply(await other.receive(on), on), channel);
			expect([await messenger.receive(channel), await messenger.receive(channel)]).toEqual([1, 2]);
			expect(countersOf(messenger, channel)).toMatchObject({ remaining: 1, repliesReceived: 2 });
			expect(await messenger.receive(channel)).toBe('x');
			expect(messenger.remaining(channel)).toBe(0);
		});
	});
}
