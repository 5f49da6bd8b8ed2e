import { describe, expect, it } from 'vitest';

import { newChannel, type Subject } from './support/subject.ts';

/** What priorities mean to each messenger. */
export function prioritiesContract(subject: Subject): void {
	const orders = subject.ordersByPriority;

	describe('7.4 Priority: priorities', () => {
		it(orders ? 'give lower numbers first, FIFO among equals, none last' : 'change nothing about FIFO', async () => {
			const { messenger, run } = subject.peer;
			const channel = newChannel();
			const sent: readonly (readonly [string, number | undefined])[] = [
				['none', undefined],
				['one', 1],
				['first of all', Number.NEGATIVE_INFINITY],
				['huge', 1e308],
				['none again', undefined],
				['one again', 1],
				['minus zero', -0],
				['infinite', Number.POSITIVE_INFINITY],
				['zero', 0],
			];
			for (const [data, priority] of sent) messenger.sendNorequest(data, channel, priority === undefined ? {} : { priority });
			const received = await run(
				async (other, on, count) => {
					while (other.available(on) < count) await new Promise(setImmediate);
					return other.receiveAvailable(on);
				},
				channel,
				sent.length,
			);
			const inOrder = ['first of all', 'minus zero', 'zero', 'one', 'one again', 'huge', 'none', 'none again', 'infinite'];
			expect(received).toEqual(orders ? inOrder : sent.map(([data]) => data));
		});

		it('hold across everything that has been delivered so far', async () => {
			const { messenger, run } = subject.peer;
			const channel = newChannel();
			await run((other, on) => [3, 1].map((priority) => other.sendNorequest(priority, on, { priority })), channel);
			expect(await messenger.receive(channel)).toBe(orders ? 1 : 3);
			await run((other, on) => other.sendNorequest(2, on, { priority: 2 }), channel);
			expect(messenger.receiveAvailable(channel)).toEqual(orders ? [2, 3] : [1, 2]);
		});

		it('come from the payload when the options give none', async () => {
			const { messenger, run } = subject.peer;
			const channel = newChannel();
			await run((other, on) => {
				other.sendNorequest({ priority: 5 }, on);
				other.sendNorequest({ priority: 'no number' }, on);
				other.sendNorequest({ priority: 9 }, on, { priority: -1 });
			}, channel);
			const priorities = [];
			for (let count = 0; count < 3; count += 1) priorities.push((await messenger.receiveMessage(channel)).priority);
			expect(priorities).toEqual(orders ? [-1, 5, Number.POSITIVE_INFINITY] : [5, Number.POSITIVE_INFINITY, -1]);
		});

		it.each([Number.NaN, '1', null, 1n])('throw TypeError at the sender when they are %s', (priority) => {
			const { messenger } = subject.peer;
			const channel = newChannel();
			const options = { priority: priority as number };
			expect(() => messenger.sendNorequest(1, channel, options)).toThrow(TypeError);
			expect(() => messenger.sendRequestMultiple([1], channel, options)).toThrow(
				/message was not sent: option `priority` must be a number that can be ordered \(lower goes first\), not /,
			);
			expect(messenger.messagesSent(channel)).toBe(0);
		});

		it('throw TypeError when the payload has NaN for one', () => {
			const { messenger } = subject.peer;
			expect(() => messenger.sendNorequest({ priority: Number.NaN }, newChannel())).toThrow("the payload's property `priority`");
		});

		it('go with requests and their replies', async () => {
			const { messenger, run } = subject.peer;
			const channel = newChannel();
			messenger.sendRequest('slow', channel, { priority: 9 });
			messenger.sendRequest('quick', channel, { priority: 1 });
			await run(async (other, on) => {
				while (other.available(on) < 2) await new Promise(setImmediate);
				for (let count = 0; count < 2; count += 1) {
					const message = await other.receiveMessage(on);
					message.reply(message.data, { priority: -message.priority });
				}
			}, channel);
			while (messenger.available(channel) < 2) await new Promise(setImmediate);
			expect(messenger.receiveAvailable(channel)).toEqual(['slow', 'quick']);
		});
	});
}
