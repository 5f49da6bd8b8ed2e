import { BlockingNotAllowedError } from 'coproc';
import { describe, expect, it } from 'vitest';

import { newChannel, type Subject } from './support/subject.ts';

/** What calls that park the thread promise inside a worker, and that they are refused outside. */
export function blockingContract(subject: Subject): void {
	describe('7.7 Sends never block: ...Blocking calls on the host', () => refusals(subject));
	if (!subject.hasWorker) return;
	describe('receiveBlocking() in a worker', () => receiveBlocking(subject));
	describe('the other ...Blocking calls in a worker', () => otherCalls(subject));
	describe('7.7 Sends never block: a parked worker', () => parked(subject));
}

function refusals(subject: Subject): void {
	it.each(['receiveBlocking', 'receiveMessageBlocking', 'receiveRemainingBlocking', 'awaitAvailableBlocking'] as const)(
		'%s() is refused with what to use in its place',
		(method) => {
			const { messenger } = subject.peer;
			const call = (): unknown => {
				if (method === 'receiveRemainingBlocking') return [...messenger.receiveRemainingBlocking()];
				return method === 'awaitAvailableBlocking'
					? messenger.awaitAvailableBlocking({ timeout: 0 })
					: messenger[method](null, { timeout: 0 });
			};
			expect(call).toThrow(BlockingNotAllowedError);
			expect(call).toThrow(
				new RegExp(`${method}\\(\\) was refused: .*Use \`await ${method.replace('Blocking', '')}\\(\\)\` here\\.`),
			);
		},
	);
}

function receiveBlocking(subject: Subject): void {
	it('parks until a message comes', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const received = run((other, on) => {
			other.sendNorequest('about to park', on);
			return other.receiveBlocking(on);
		}, channel);
		await messenger.receive(channel);
		messenger.sendNorequest('wake up', channel);
		expect(await received).toBe('wake up');
	});

	it('gives what is queued without parking, and leaves other channels alone', async () => {
		const { messenger, run } = subject.peer;
		const [one, two] = [newChannel(), newChannel()];
		messenger.sendNorequest('a', one);
		messenger.sendNorequest('b', two);
		expect(await run((other, ...on) => [other.receiveBlocking(on[1], { timeout: 0 }), other.queueSize(on[0])], one, two)).toEqual(
			['b', 1],
		);
		expect(await run((other, on) => other.receiveBlocking(on), one)).toBe('a');
	});

	it('throws TimeoutError after its timeout, at once with 0', async () => {
		const outcome = await subject.peer.run((other, on) => {
			const texts = [0, 20].map((timeout) => {
				const start = performance.now();
				try {
					return other.receiveBlocking(on, { timeout });
				} catch (error) {
					return [error instanceof coproc.TimeoutError, (error as Error).message, performance.now() - start >= timeout];
				}
			});
			return texts;
		}, newChannel());
		expect(outcome).toEqual([
			[true, 'receiveBlocking() timed out: nothing came within 0 ms', true],
			[true, 'receiveBlocking() timed out: nothing came within 20 ms', true],
		]);
	});

	it('refuses a timeout that means nothing', async () => {
		const failed = subject.peer.run((other) => other.receiveBlocking(null, { timeout: -1 }));
		await expect(failed).rejects.toThrow('receiveBlocking() was refused: `timeout` must be a number of milliseconds');
	});

	it('throws what fail() sent in place of a reply', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const caught = run((other, on) => {
			other.sendRequest('question', on);
			try {
				return other.receiveBlocking(on);
			} catch (error) {
				return [(error as Error).message, other.remaining(on)];
			}
		}, channel);
		(await messenger.receiveMessage(channel)).fail(new Error('no answer'));
		expect(await caught).toEqual(['no answer', 0]);
	});
}

function otherCalls(subject: Subject): void {
	it('receiveMessageBlocking() gives a message that can be answered', async () => {
		const { messenger, post } = subject.peer;
		const channel = newChannel();
		post((other, on) => {
			for (let count = 0; count < 3; count += 1) {
				const message = other.receiveMessageBlocking(on);
				message.reply(Number(message.data) * 2);
			}
		}, channel);
		expect(await Promise.all([1, 2, 3].map((data) => messenger.request(data, channel)))).toEqual([2, 4, 6]);
	});

	it('receiveRemainingBlocking() yields until every request of the channel is answered', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const collected = run((other, on) => {
			other.sendRequestMultiple([1, 2, 3], on);
			return [...other.receiveRemainingBlocking(on), other.remaining(on)];
		}, channel);
		for (let count = 0; count < 3; count += 1) messenger.sendReply(-Number(await messenger.receive(channel)), channel);
		expect(await collected).toEqual([-1, -2, -3, 0]);
	});

	it('receiveRemainingBlocking() can be taken up again after a failure, and names itself when it gives up', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const collected = run((other, on) => {
			other.sendRequestMultiple([1, 2, 3], on);
			const all: unknown[] = [];
			for (;;) {
				try {
					for (const data of other.receiveRemainingBlocking(on, { timeout: other.remaining(on) > 1 ? 60_000 : 5 }))
						all.push(data);
					return all;
				} catch (error) {
					all.push((error as Error).message);
					if (error instanceof coproc.TimeoutError) return all;
				}
			}
		}, channel);
		(await messenger.receiveMessage(channel)).reply('first');
		(await messenger.receiveMessage(channel)).fail(new Error('second'));
		await messenger.receiveMessage(channel);
		expect(await collected).toEqual(['first', 'second', 'receiveRemainingBlocking() timed out: nothing came within 5 ms']);
	});

	it('awaitAvailableBlocking() returns when anything is queued on any channel, and takes nothing', async () => {
		// One of its own: what other tests have left queued counts.
		await using peer = await subject.open();
		const { messenger, run } = peer;
		const channel = newChannel();
		const available = run((other, on) => {
			other.sendNorequest('about to park', on);
			other.awaitAvailableBlocking();
			other.awaitAvailableBlocking({ timeout: 0 });
			return other.receiveAvailable(on);
		}, channel);
		await messenger.receive(channel);
		messenger.sendNorequest('came', channel);
		expect(await available).toEqual(['came']);
		const failed = run((other) => other.awaitAvailableBlocking({ timeout: 5 }));
		await expect(failed).rejects.toThrow('awaitAvailableBlocking() timed out: nothing came within 5 ms');
	});
}

function parked(subject: Subject): void {
	it.each(['receiveBlocking', 'awaitAvailableBlocking'] as const)(
		'is told of errors and close requests by %s()',
		async (method) => {
			// Of its own: where another test has left a message, awaitAvailableBlocking() returns at once, and nobody parks.
			await using peer = await subject.open();
			const { messenger, run } = peer;
			const channel = newChannel();
			const told = run(
				(other, on, call) => {
					const texts: string[] = [];
					while (texts.length < 2) {
						other.sendNorequest('about to park', on);
						try {
							if (call === 'receiveBlocking') other.receiveBlocking(on);
							else other.awaitAvailableBlocking();
						} catch (error) {
							texts.push(`${(error as Error).name}: ${(error as Error).message}`);
						}
					}
					return texts;
				},
				channel,
				method,
			);
			await messenger.receive(channel);
			messenger.sendError(new RangeError('from the host'));
			await messenger.receive(channel);
			messenger.sendCloseRequest();
			expect(await told).toEqual(['RangeError: from the host', expect.stringContaining('ResourceRequestedClose: ')]);
		},
	);

	it('is told by the call that parks it, not by a receive that waits beside it', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const told = run((other, on) => {
			const beside = other.receive(`${on} beside`);
			beside.catch(() => {});
			other.sendNorequest('about to park', on);
			try {
				return other.receiveBlocking(on);
			} catch (error) {
				return (error as Error).message;
			}
		}, channel);
		await messenger.receive(channel);
		messenger.sendError(new Error('for whom?'));
		expect(await told).toBe('for whom?');
		messenger.sendNorequest('done', `${channel} beside`);
	});

	it('has sent everything it had to send', async () => {
		const { messenger, post } = subject.peer;
		const channel = newChannel();
		post((other, on) => {
			// Many times what a ring holds, sent in one go.
			for (let index = 0; index < 300; index += 1) other.sendNorequest(new Uint8Array(10_000).fill(index), on);
			other.sendNorequest(new Uint8Array(3_000_000).fill(7), on);
			other.receiveBlocking(on);
			other.sendNorequest('went on', on);
		}, channel);
		for (let index = 0; index < 300; index += 1) {
			const bytes = (await messenger.receive(channel)) as Uint8Array;
			if (bytes.length !== 10_000 || bytes[9999] !== index % 256) expect.unreachable(`message ${index}`);
		}
		const large = (await messenger.receive(channel)) as Uint8Array;
		expect([large.length, large[0], large[2_999_999]]).toEqual([3_000_000, 7, 7]);
		messenger.sendNorequest('go on', channel);
		expect(await messenger.receive(channel)).toBe('went on');
	});

	it('takes messages many times larger than a ring', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const sum = run((other, on) => {
			other.sendNorequest('about to park', on);
			const bytes = other.receiveBlocking(on) as Uint8Array;
			return [bytes.length, bytes.reduce((total, byte) => total + byte, 0)];
		}, channel);
		await messenger.receive(channel);
		messenger.sendNorequest(new Uint8Array(5_000_000).fill(3), channel);
		expect(await sum).toEqual([5_000_000, 15_000_000]);
	});
}
