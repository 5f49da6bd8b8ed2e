import { DataCloneError, InvalidArgumentError, type Message, TimeoutError } from 'coproc';
import { describe, expect, it } from 'vitest';

import { newChannel, type Subject } from './support/subject.ts';

/** What requests and replies promise on every link. */
export function requestsContract(subject: Subject): void {
	describe('request()', () => request(subject));
	describe('a request() that is given up', () => givenUp(subject));
	describe('reply() and fail() of a message', () => replyAndFail(subject));
	describe('sendRequest() and sendReply()', () => sendReply(subject));
	describe('receiveRemaining()', () => receiveRemaining(subject));
}

function request(subject: Subject): void {
	it('resolves each call to its own reply, in whatever order replies come', async () => {
		const { messenger, post } = subject.peer;
		const channel = newChannel();
		post(async (other, on) => {
			const requests = [];
			while (requests.length < 20) requests.push(await other.receiveMessage(on));
			for (const each of requests.toReversed()) each.reply({ answers: each.data });
		}, channel);
		const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => messenger.request(index, channel)));
		expect(replies).toEqual(Array.from({ length: 20 }, (_, index) => ({ answers: index })));
		expect(messenger.remaining(channel)).toBe(0);
		expect(messenger.available(channel)).toBe(0);
	});

	it('works from both sides at once', async () => {
		const { messenger, run } = subject.peer;
		const [mine, theirs] = [newChannel(), newChannel()];
		const asked = run(
			async (other, outwards, inwards) => {
				const reply = other.request('from there', outwards);
				(await other.receiveMessage(inwards)).reply('answered there');
				return reply;
			},
			mine,
			theirs,
		);
		const reply = messenger.request('from here', theirs);
		const message = await messenger.receiveMessage(mine);
		expect(message.data).toBe('from there');
		message.reply('answered here');
		expect(await Promise.all([reply, asked])).toEqual(['answered there', 'answered here']);
	});

	it('rejects with the error that the other side fails it with, as it was there', async () => {
		const { messenger, post } = subject.peer;
		const channel = newChannel();
		post(async (other, on) => {
			const message = await other.receiveMessage(on);
			message.fail(Object.assign(new RangeError('too far', { cause: new TypeError('why') }), { limit: 7 }));
		}, channel);
		const error = await messenger.request('x', channel).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(RangeError);
		expect(error).toMatchObject({ name: 'RangeError', message: 'too far', limit: 7 });
		expect((error as Error).cause).toEqual(new TypeError('why'));
		expect((error as Error).stack).toMatch(/too far\n\s+at /);
		expect(messenger.remaining(channel)).toBe(0);
	});

	it('rejects, and sends nothing, when its data cannot be sent or its arguments mean nothing', async () => {
		const { messenger } = subject.peer;
		const channel = newChannel();
		await expect(messenger.request(() => {}, channel)).rejects.toThrow(DataCloneError);
		await expect(messenger.request(1, channel, { timeout: -5 })).rejects.toThrow(InvalidArgumentError);
		await expect(messenger.request(1, channel, { priority: Number.NaN })).rejects.toThrow(TypeError);
		await expect(messenger.request(1, {} as never)).rejects.toThrow(/channelId was refused/);
		expect(messenger.messagesSent(channel)).toBe(0);
		expect(messenger.remaining(channel)).toBe(0);
	});

	it('replies even when the one who asked has nothing else to receive with', async () => {
		const { messenger, post } = subject.peer;
		const channel = newChannel();
		post(async (other, on) => void (await other.receiveMessage(on)).reply(), channel);
		expect(await messenger.request('x', channel)).toBeUndefined();
	});
}

function givenUp(subject: Subject): void {
	it('counts until its late reply comes, which is dropped', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		await expect(messenger.request('slow', channel, { timeout: 5 })).rejects.toThrow(TimeoutError);
		expect(messenger.remaining(channel)).toBe(1);
		await run(async (other, on) => {
			(await other.receiveMessage(on)).reply('late');
			other.sendNorequest('after', on);
		}, channel);
		expect(await messenger.receive(channel)).toBe('after');
		expect(messenger.remaining(channel)).toBe(0);
		expect(messenger.repliesReceived(channel)).toBe(0);
		expect(messenger.available(channel)).toBe(0);
	});

	it('rejects at once with timeout 0, having been sent', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		await expect(messenger.request('quick', channel, { timeout: 0 })).rejects.toThrow('request() timed out');
		expect(await run((other, on) => other.receive(on), channel)).toBe('quick');
	});

	it('rejects with the reason of its signal', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const abort = new AbortController();
		const reply = messenger.request('x', channel, { signal: abort.signal });
		abort.abort('changed my mind');
		await expect(reply).rejects.toBe('changed my mind');
		await run(async (other, on) => void (await other.receiveMessage(on)).fail(new Error('late failure')), channel);
		await run((other, on) => other.sendNorequest('after', on), channel);
		expect(await messenger.receive(channel)).toBe('after');
		expect(messenger.remaining(channel)).toBe(0);
	});

	it('is not sent at all when its signal has been aborted before', async () => {
		const { messenger } = subject.peer;
		const channel = newChannel();
		await expect(messenger.request('x', channel, { signal: AbortSignal.abort('before') })).rejects.toBe('before');
		expect(messenger.messagesSent(channel)).toBe(0);
		expect(messenger.remaining(channel)).toBe(0);
	});
}

function replyAndFail(subject: Subject): void {
	it('answers once, and says so when asked twice', async () => {
		const { messenger, post } = subject.peer;
		const channel = newChannel();
		post((other, on) => other.sendRequest('question', on), channel);
		const message = await messenger.receiveMessage(channel);
		expect(message.reply('first')).toBe(true);
		expect(() => message.reply('second')).toThrow(InvalidArgumentError);
		expect(() => message.fail(new Error('third'))).toThrow('message.fail() was refused: this request was answered already');
		expect(messenger.messagesSent(channel)).toBe(1);
	});

	it('refuses to answer what is no request', async () => {
		const { messenger, post } = subject.peer;
		const channel = newChannel();
		post((other, on) => other.sendNorequest('statement', on), channel);
		const message: Message = await messenger.receiveMessage(channel);
		expect(() => message.reply('?')).toThrow(
			'message.reply() was refused: this message is no request, so nobody waits for a reply',
		);
	});

	it('can still answer after a reply that could not be sent', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const reply = run((other, on) => other.request('question', on), channel);
		const message = await messenger.receiveMessage(channel);
		expect(() => message.reply(Symbol('local'))).toThrow(DataCloneError);
		message.reply('answer');
		expect(await reply).toBe('answer');
	});

	it('sends whatever it fails with, even what cannot be sent as it is', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const failed = run((other, on) => other.request('question', on), channel);
		(await messenger.receiveMessage(channel)).fail(Object.assign(new Error('bad'), { helper: () => 1 }));
		await expect(failed).rejects.toMatchObject({ message: 'bad', helper: '[Function: helper]' });
	});
}

function sendReply(subject: Subject): void {
	it('answers the oldest popped request that is unanswered', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const replies = [1, 2, 3].map((data) => messenger.request(data, channel));
		await run(async (other, on) => {
			await other.receive(on);
			(await other.receiveMessage(on)).reply('to the second');
			await other.receive(on);
			other.sendReply('to the first', on);
			other.sendReply('to the third', on);
		}, channel);
		expect(await Promise.all(replies)).toEqual(['to the first', 'to the second', 'to the third']);
	});

	it('delivers an unsolicited reply that completes nothing', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		await run((other, on) => other.sendReply('out of the blue', on), channel);
		const message = await messenger.receiveMessage(channel);
		expect([message.data, message.isReply]).toEqual(['out of the blue', true]);
		expect(messenger.remaining(channel)).toBe(0);
	});

	it('completes a request when its reply is popped, not when it arrives', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		messenger.sendRequest('x', channel);
		await run(async (other, on) => void other.sendReply(await other.receive(on), on), channel);
		expect(messenger.available(channel)).toBe(1);
		expect(messenger.remaining(channel)).toBe(1);
		expect(await messenger.receive(channel)).toBe('x');
		expect(messenger.remaining(channel)).toBe(0);
	});
}

function receiveRemaining(subject: Subject): void {
	it('yields until every request of the channel is answered, other messages of the channel too', async () => {
		const { messenger, post } = subject.peer;
		const channel = newChannel();
		messenger.sendRequestMultiple(['a', 'b'], channel);
		post(async (other, on) => {
			other.sendNorequest('by the way', on);
			for (let count = 0; count < 2; count += 1) other.sendReply(String(await other.receive(on)).toUpperCase(), on);
		}, channel);
		const yielded = [];
		for await (const data of messenger.receiveRemaining(channel)) yielded.push(data);
		expect(yielded).toEqual(['by the way', 'A', 'B']);
	});

	it('ends at once when nothing is outstanding, and leaves other channels alone', async () => {
		const { messenger, run } = subject.peer;
		const [idle, busy] = [newChannel(), newChannel()];
		messenger.sendRequest('x', busy);
		for await (const data of messenger.receiveRemaining(idle)) expect.unreachable(String(data));
		expect(messenger.remaining(busy)).toBe(1);
		await run(async (other, on) => void other.sendReply(await other.receive(on), on), busy);
		expect(await messenger.receive(busy)).toBe('x');
	});

	it('throws a failure in its turn and can be taken up again', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		messenger.sendRequestMultiple([1, 2, 3, 4], channel);
		await run(async (other, on) => {
			for (let count = 0; count < 4; count += 1) {
				const message = await other.receiveMessage(on);
				if (message.data === 2) message.fail(new RangeError('no 2'));
				else message.reply(message.data);
			}
		}, channel);
		const yielded: unknown[] = [];
		const collect = async (): Promise<void> => {
			for await (const data of messenger.receiveRemaining(channel)) yielded.push(data);
		};
		await expect(collect()).rejects.toThrow(new RangeError('no 2'));
		expect(yielded).toEqual([1]);
		expect(messenger.remaining(channel)).toBe(2);
		await collect();
		expect(yielded).toEqual([1, 3, 4]);
	});

	it('gives up when the next message takes longer than its timeout', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		messenger.sendRequest('x', channel);
		const next = messenger.receiveRemaining(channel, { timeout: 5 })[Symbol.asyncIterator]().next();
		await expect(next).rejects.toThrow(TimeoutError);
		expect(messenger.remaining(channel)).toBe(1);
		await run(async (other, on) => void other.sendReply(await other.receive(on), on), channel);
		expect(await messenger.receive(channel)).toBe('x');
	});
}
