import { InvalidArgumentError, TimeoutError } from 'coproc';
import { describe, expect, it } from 'vitest';

import { newChannel, type Subject } from './support/subject.ts';

/** What receive calls promise on every link. */
export function receivingContract(subject: Subject): void {
	describe('receive()', () => receive(subject));
	describe('a receive that is given up', () => givenUp(subject));
	describe('receiveMessage()', () => receiveMessage(subject));
	describe('receiveAvailable() and available()', () => receiveAvailable(subject));
	describe('awaitAvailable()', () => awaitAvailable(subject));
	describe('[Symbol.asyncIterator]()', () => iterate(subject));
}

function receive(subject: Subject): void {
	it('hands messages to pending calls in the order of the calls', async () => {
		const { messenger, post } = subject.peer;
		const channel = newChannel();
		const pending = [messenger.receive(channel), messenger.receive(channel), messenger.receive(channel)];
		post((other, on) => [1, 2, 3].map((data) => other.sendNorequest(data, on)), channel);
		expect(await Promise.all(pending)).toEqual([1, 2, 3]);
	});

	it('leaves what belongs to other channels where it is', async () => {
		const { messenger, run } = subject.peer;
		const [one, two] = [newChannel(), newChannel()];
		await run((other, ...on) => on.map((channel) => other.sendNorequest(channel, channel)), one, two);
		expect(await messenger.receive(two)).toBe(two);
		expect(messenger.queueSize(one)).toBe(1);
		expect(await messenger.receive(one)).toBe(one);
	});

	it.each([-1, Number.NaN, '5', null])('refuses %s as timeout', async (timeout) => {
		const { messenger } = subject.peer;
		const options = { timeout: timeout as number };
		await expect(messenger.receive(newChannel(), options)).rejects.toThrow(InvalidArgumentError);
		await expect(messenger.receive(newChannel(), options)).rejects.toThrow(
			/`timeout` must be a number of milliseconds, 0 or more/,
		);
	});

	it('takes a timeout beyond what timers can do for no limit', async () => {
		const { messenger, post } = subject.peer;
		const channel = newChannel();
		const pending = messenger.receive(channel, { timeout: 2 ** 40 });
		post((other, on) => other.sendNorequest('came', on), channel);
		expect(await pending).toBe('came');
	});
}

function givenUp(subject: Subject): void {
	it('rejects at once with TimeoutError when nothing is there and timeout is 0', async () => {
		const { messenger } = subject.peer;
		await expect(messenger.receive(newChannel(), { timeout: 0 })).rejects.toThrow(TimeoutError);
		await expect(messenger.receive(newChannel(), { timeout: 0 })).rejects.toThrow(
			'receive() timed out: nothing came within 0 ms',
		);
	});

	it('resolves when something is there and timeout is 0', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		await run((other, on) => other.sendNorequest('there', on), channel);
		expect(await messenger.receive(channel, { timeout: 0 })).toBe('there');
	});

	it('rejects after its timeout and loses nothing that comes later', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const error = await messenger.receive(channel, { timeout: 15 }).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(TimeoutError);
		expect(error).toMatchObject({ code: 'ERR_COPROC_TIMEOUT', timeout: 15 });
		await run((other, on) => other.sendNorequest('late', on), channel);
		expect(messenger.available(channel)).toBe(1);
		expect(await messenger.receive(channel)).toBe('late');
	});

	it('rejects with the reason of a signal that has been aborted, whatever is there', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		await run((other, on) => other.sendNorequest('kept', on), channel);
		const reason = { why: 'no time' };
		await expect(messenger.receive(channel, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
		expect(await messenger.receive(channel)).toBe('kept');
	});

	it('rejects with the reason of a signal that aborts meanwhile, and passes its turn on', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const abort = new AbortController();
		const first = messenger.receive(channel, { signal: abort.signal });
		const second = messenger.receive(channel);
		abort.abort('enough');
		await expect(first).rejects.toBe('enough');
		await run((other, on) => other.sendNorequest('for the second', on), channel);
		expect(await second).toBe('for the second');
	});
}

function receiveMessage(subject: Subject): void {
	it('tells channel, priority and kind beside the data', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		await run((other, on) => {
			other.sendNorequest('plain', on);
			other.sendRequest('request', on, { priority: -3 });
			other.sendReply('reply', on, { priority: 2.5 });
		}, channel);
		const seen = [];
		for (let count = 0; count < 3; count += 1) {
			const { data, channelId, priority, isRequest, isReply } = await messenger.receiveMessage(channel);
			seen.push({ data, channelId, priority, isRequest, isReply });
		}
		const all = [
			{ data: 'plain', channelId: channel, priority: Number.POSITIVE_INFINITY, isRequest: false, isReply: false },
			{ data: 'request', channelId: channel, priority: -3, isRequest: true, isReply: false },
			{ data: 'reply', channelId: channel, priority: 2.5, isRequest: false, isReply: true },
		];
		expect(seen).toEqual(subject.ordersByPriority ? all.toSorted((a, b) => a.priority - b.priority) : all);
	});

	it('names itself when nothing comes in time', async () => {
		const { messenger } = subject.peer;
		await expect(messenger.receiveMessage(newChannel(), { timeout: 0 })).rejects.toThrow('receiveMessage() timed out');
	});
}

function receiveAvailable(subject: Subject): void {
	it('gives all that waits on the channel, and an empty array when there is nothing', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		expect(messenger.receiveAvailable(channel)).toEqual([]);
		expect(messenger.available(channel)).toBe(0);
		await run((other, on) => [1, 2, 3].map((data) => other.sendNorequest(data, on)), channel);
		expect(messenger.available(channel)).toBe(3);
		expect(messenger.receiveAvailable(channel)).toEqual([1, 2, 3]);
		expect(messenger.available(channel)).toBe(0);
	});

	it('gives what came before a failure first, and throws the failure next time', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		messenger.sendRequestMultiple([1, 2, 3], channel);
		await run(async (other, on) => {
			(await other.receiveMessage(on)).reply('first');
			(await other.receiveMessage(on)).fail(new RangeError('second'));
			(await other.receiveMessage(on)).reply('third');
		}, channel);
		expect(messenger.receiveAvailable(channel)).toEqual(['first']);
		expect(() => messenger.receiveAvailable(channel)).toThrow(new RangeError('second'));
		expect(messenger.receiveAvailable(channel)).toEqual(['third']);
		expect(messenger.remaining(channel)).toBe(0);
	});
}

function awaitAvailable(subject: Subject): void {
	it('resolves at once when something is queued, on whatever channel', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		await run((other, on) => other.sendNorequest('queued', on), channel);
		await messenger.awaitAvailable({ timeout: 0 });
		expect(messenger.receiveAvailable(channel)).toEqual(['queued']);
	});

	it('waits for the next message otherwise, and takes nothing', async () => {
		const { messenger, post } = subject.peer;
		const channel = newChannel();
		const pending = messenger.awaitAvailable();
		post((other, on) => other.sendNorequest('came', on), channel);
		await pending;
		expect(messenger.receiveAvailable(channel)).toEqual(['came']);
	});

	it('gives up by timeout and by signal', async () => {
		const { messenger } = subject.peer;
		await expect(messenger.awaitAvailable({ timeout: 0 })).rejects.toThrow('awaitAvailable() timed out');
		await expect(messenger.awaitAvailable({ timeout: 5 })).rejects.toThrow(TimeoutError);
		await expect(messenger.awaitAvailable({ signal: AbortSignal.abort('no') })).rejects.toBe('no');
	});
}

function iterate(subject: Subject): void {
	it('yields what comes on the default channel and ends when the other side asks to close', async () => {
		const { messenger, post } = subject.peer;
		const yielded: unknown[] = [];
		post((other) => [1, 2].map((data) => other.sendNorequest(data)));
		for await (const data of messenger) {
			yielded.push(data);
			if (data === 2) post((other) => other.sendCloseRequest());
		}
		expect(yielded).toEqual([1, 2]);
		post((other) => other.sendNorequest('still usable'));
		expect(await messenger.receive()).toBe('still usable');
	});

	it('throws an error of the other side and can be taken up again', async () => {
		const { messenger, post } = subject.peer;
		const takeFirst = async (): Promise<unknown> => {
			for await (const data of messenger) return data;
			return undefined;
		};
		const first = takeFirst();
		post((other) => other.sendError(new TypeError('on the way')));
		await expect(first).rejects.toThrow(new TypeError('on the way'));
		post((other) => other.sendNorequest('after'));
		expect(await takeFirst()).toBe('after');
	});
}
