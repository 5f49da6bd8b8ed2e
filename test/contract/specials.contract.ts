import { ResourceRequestedClose } from 'coproc';
import { describe, expect, it } from 'vitest';

import { newChannel, type Subject } from './support/subject.ts';

/** What errors and close requests promise on every link. */
export function specialsContract(subject: Subject): void {
	describe('7.2 Special messages: sendError()', () => sendError(subject));
	describe('7.2 Special messages: sendCloseRequest()', () => sendCloseRequest(subject));
}

function sendError(subject: Subject): void {
	it('is thrown once by whatever receive call is pending, with all that the error was', async () => {
		const { messenger, post } = subject.peer;
		const pending = messenger.receive(newChannel());
		post((other) => other.sendError(Object.assign(new TypeError('told', { cause: 'a cause' }), { code: 'E_TOLD' })));
		const error = await pending.catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(TypeError);
		expect(error).toMatchObject({ message: 'told', code: 'E_TOLD', cause: 'a cause' });
		await expect(messenger.receive(newChannel(), { timeout: 0 })).rejects.toThrow('timed out');
	});

	it.each(['receive', 'receiveMessage', 'receiveAvailable', 'available', 'receiveRemaining', 'awaitAvailable'] as const)(
		'is thrown by %s() before the data that came earlier, which stays',
		async (method) => {
			const { messenger, run, post } = subject.peer;
			const channel = newChannel();
			await run((other, on) => other.sendNorequest('early', on), channel);
			post((other, on) => {
				other.sendError(new RangeError('overtakes'));
				other.sendNorequest('marker', on);
			}, channel);
			// By then the error has been taken in, for messages of a link keep their order.
			while (messenger.queueSize(channel) < 2) await new Promise(setImmediate);
			const call = async (): Promise<unknown> => {
				if (method === 'awaitAvailable') return messenger.awaitAvailable();
				if (method === 'receiveRemaining') return messenger.receiveRemaining(channel)[Symbol.asyncIterator]().next();
				return messenger[method](channel);
			};
			await expect(call()).rejects.toThrow(new RangeError('overtakes'));
			expect(messenger.receiveAvailable(channel)).toEqual(['early', 'marker']);
		},
	);

	it('completes everything outstanding, on every channel', async () => {
		const { messenger, run, post } = subject.peer;
		const [one, two] = [newChannel(), newChannel()];
		const settled = Promise.allSettled([messenger.request('x', one), messenger.request('y', two)]);
		messenger.sendRequestMultiple([1, 2, 3], one);
		post((other) => other.sendError(new Error('all off')));
		for (const result of await settled) expect(result).toMatchObject({ status: 'rejected', reason: { message: 'all off' } });
		expect([messenger.remaining(one), messenger.remaining(two)]).toEqual([0, 0]);
		// Replies that come all the same are delivered or dropped, and complete nothing.
		await run(async (other, on) => {
			for (let count = 0; count < 4; count += 1) (await other.receiveMessage(on)).reply(count);
		}, one);
		expect([messenger.remaining(one), messenger.remaining(two)]).toEqual([0, 0]);
		expect(messenger.receiveAvailable(one)).toEqual([1, 2, 3]);
		expect(messenger.remaining(one)).toBe(0);
		await run((other, on) => other.receive(on), two);
	});

	it('answers the requests that were popped when it goes out, so the next reply is for the next one', async () => {
		const { messenger, run, post } = subject.peer;
		const channel = newChannel();
		messenger.sendRequest('failed by the error', channel);
		const pending = messenger.receive(channel);
		post(async (other, on) => {
			await other.receive(on);
			other.sendError(new Error('for the first'));
		}, channel);
		await expect(pending).rejects.toThrow('for the first');
		const second = messenger.request('second', channel);
		await run(async (other, on) => {
			await other.receive(on);
			other.sendReply('for the second', on);
		}, channel);
		expect(await second).toBe('for the second');
	});

	it('takes anything for an error', async () => {
		const { messenger, post } = subject.peer;
		for (const error of ['a text', undefined, { code: 7 }]) {
			const pending = messenger.receive(newChannel());
			post((other, what) => other.sendError(what), error);
			await expect(pending).rejects.toEqual(error);
		}
	});

	it('reaches a receive call of the other side', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const caught = run(async (other, on) => {
			other.sendNorequest('receiving', on);
			return other.receive(on).catch((error: unknown) => `caught ${(error as Error).message}`);
		}, channel);
		await messenger.receive(channel);
		messenger.sendError(new Error('from here'));
		expect(await caught).toBe('caught from here');
	});
}

function sendCloseRequest(subject: Subject): void {
	it('throws ResourceRequestedClose once, from one receive call, and leaves the messenger usable', async () => {
		const { messenger, post } = subject.peer;
		const channels = [newChannel(), newChannel()] as const;
		const first = messenger.receive(channels[0]);
		const second = messenger.receive(channels[1]);
		post(
			(other, ...on) => {
				other.sendCloseRequest();
				for (const channel of on) other.sendNorequest('after', channel);
			},
			...channels,
		);
		const settled = await Promise.allSettled([first, second]);
		const rejected = settled.filter((result) => result.status === 'rejected');
		expect(rejected.map((result) => result.reason)).toEqual([expect.any(ResourceRequestedClose)]);
		expect(settled.filter((result) => result.status === 'fulfilled').map((result) => result.value)).toEqual(['after']);
		expect([...messenger.receiveAvailable(channels[0]), ...messenger.receiveAvailable(channels[1])]).toEqual(['after']);
	});

	it('completes no request', async () => {
		const { messenger, run, post } = subject.peer;
		const channel = newChannel();
		messenger.sendRequest('x', channel);
		const pending = messenger.receive(channel);
		post((other) => other.sendCloseRequest());
		await expect(pending).rejects.toThrow(ResourceRequestedClose);
		expect(messenger.remaining(channel)).toBe(1);
		await run(async (other, on) => void other.sendReply(await other.receive(on), on), channel);
		expect(await messenger.receive(channel)).toBe('x');
	});
}
