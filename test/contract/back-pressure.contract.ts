import { MessageTooLargeError, type MultiMessenger, QueueFullError, TimeoutError } from 'coproc';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Peer } from './support/peer.ts';
import { newChannel, type Subject } from './support/subject.ts';

const LIMITS = { highWaterMark: 40_000, maxQueuedBytes: 100_000, maxMessageBytes: 300_000 };
const KILOBYTE = new Uint8Array(1024);

/** Sends a kilobyte at a time for as long as `goesOn` says so, and returns how many were sent. */
function sendWhile(messenger: MultiMessenger, channel: string, goesOn: (wasBelow: boolean) => boolean): number {
	let count = 0;
	for (let isBelow = true; goesOn(isBelow); ) {
		try {
			isBelow = messenger.sendNorequest(KILOBYTE, channel);
		} catch (error) {
			if (error instanceof QueueFullError) break;
			throw error;
		}
		count += 1;
	}
	return count;
}

/** What every link does when one side sends more than the other takes. */
export function backPressureContract(subject: Subject): void {
	let peer: Peer;
	let channel: string;
	beforeAll(async () => {
		peer = await subject.open(LIMITS);
	});
	afterAll(() => peer[Symbol.asyncDispose]());
	beforeEach(() => {
		channel = newChannel();
	});

	/** Lets the other side take `count` messages. */
	const take = (count: number, on = channel): Promise<number> =>
		peer.run(
			async (other, from, total) => {
				let bytes = 0;
				for (let taken = 0; taken < total; taken += 1) bytes += ((await other.receive(from)) as Uint8Array).length;
				return bytes;
			},
			on,
			count,
		);

	describe('7.7 Sends never block: a sender ahead of its receiver', () => {
		it('is told by false above the high-water mark, though every message is sent', async () => {
			const count = sendWhile(peer.messenger, channel, (wasBelow) => wasBelow);
			expect(count).toBeGreaterThan(LIMITS.highWaterMark / 1100);
			expect(count).toBeLessThan(LIMITS.highWaterMark / 1024 + 1);
			expect(await take(count)).toBe(count * 1024);
			expect(peer.messenger.sendNorequest('again', channel)).toBe(true);
			await peer.run((other, on) => other.receive(on), channel);
		});

		it('is told by flushed() when the other side has taken enough', async () => {
			await peer.messenger.flushed();
			const drain = await holdOff(peer, channel);
			const count = sendWhile(peer.messenger, channel, (wasBelow) => wasBelow);
			await expect(peer.messenger.flushed({ timeout: 0 })).rejects.toThrow(TimeoutError);
			await expect(peer.messenger.flushed({ timeout: 0 })).rejects.toThrow('flushed() timed out');
			await expect(peer.messenger.flushed({ signal: AbortSignal.abort('stop') })).rejects.toBe('stop');
			const flushed = peer.messenger.flushed();
			expect(await drain()).toBe(count);
			await flushed;
		});

		it('is refused by QueueFullError above maxQueuedBytes, and nothing is sent or counted', async () => {
			const drain = await holdOff(peer, channel);
			const count = sendWhile(peer.messenger, channel, () => true);
			expect(count).toBeGreaterThan(LIMITS.maxQueuedBytes / 1100);
			expect(count).toBeLessThan(LIMITS.maxQueuedBytes / 1024);
			const error = catchError(() => peer.messenger.sendRequest(KILOBYTE, channel));
			expect(error).toBeInstanceOf(QueueFullError);
			expect(error).toMatchObject({ code: 'ERR_COPROC_QUEUE_FULL', bytes: 1040, maxQueuedBytes: LIMITS.maxQueuedBytes });
			expect((error as Error).message).toMatch(/message of 1040 bytes was not sent: \d+ bytes wait.*Await `flushed\(\)`/);
			expect(() => peer.messenger.sendRequestMultiple([KILOBYTE, KILOBYTE], channel)).toThrow(QueueFullError);
			await expect(peer.messenger.request(KILOBYTE, channel)).rejects.toThrow(QueueFullError);
			expect(peer.messenger.messagesSent(channel)).toBe(count);
			expect(peer.messenger.remaining(channel)).toBe(0);
			expect(await drain()).toBe(count);
			expect(peer.messenger.sendNorequest('goes again', channel)).toBe(true);
			expect(await peer.run((other, on) => other.receive(on), channel)).toBe('goes again');
		});

		it('may send one message of any size when nothing is queued', async () => {
			const drain = await holdOff(peer, channel);
			const large = new Uint8Array(LIMITS.maxMessageBytes - 1000);
			expect(peer.messenger.sendNorequest(large, channel)).toBe(false);
			expect(() => peer.messenger.sendNorequest(1, channel)).toThrow(QueueFullError);
			expect(await drain()).toBe(1);
		});

		it('may not send a series of requests that exceeds maxQueuedBytes, even when nothing is queued', async () => {
			await peer.messenger.flushed();
			const series = Array.from({ length: 120 }, () => KILOBYTE);
			expect(() => peer.messenger.sendRequestMultiple(series, channel)).toThrow(QueueFullError);
			expect(peer.messenger.remaining(channel)).toBe(0);
			expect(peer.messenger.sendRequestMultiple(series.slice(0, 30), channel)).toBe(true);
			expect(peer.messenger.remaining(channel)).toBe(30);
			await take(30);
		});

		it('is refused a message above maxMessageBytes, whatever is queued', async () => {
			const tooLarge = new Uint8Array(LIMITS.maxMessageBytes);
			const error = catchError(() => peer.messenger.sendRequest(tooLarge, channel));
			expect(error).toBeInstanceOf(MessageTooLargeError);
			expect(error).toMatchObject({ code: 'ERR_COPROC_MESSAGE_TOO_LARGE', maxMessageBytes: LIMITS.maxMessageBytes });
			expect((error as Error).message).toMatch(/was not sent: maxMessageBytes is 300000\. Send it in parts, or raise/);
			expect(() => peer.messenger.sendRequestMultiple([1, tooLarge], channel)).toThrow(MessageTooLargeError);
			expect(peer.messenger.messagesSent(channel)).toBe(0);
		});
	});

	describe('7.7 Sends never block: replies to request(), errors and close requests', () => {
		it('pass outside the limits, on the side that is full', async () => {
			const outcome = await peer.run(async (other, on) => {
				let count = 0;
				try {
					for (;;) {
						other.sendNorequest(new Uint8Array(1024), on);
						count += 1;
					}
				} catch (error) {
					return [count, (error as Error).name];
				}
			}, channel);
			expect(outcome).toEqual([expect.any(Number), 'QueueFullError']);
			// The outcome itself was a reply to request(). The other side can still send what is outside the limits.
			peer.post((other) => other.sendError(new Error('outside too')));
			await expect(peer.messenger.receive(newChannel())).rejects.toThrow('outside too');
			expect(peer.messenger.receiveAvailable(channel)).toHaveLength(Number((outcome as unknown[])[0]));
			expect(await peer.run((other, on) => other.flushed().then(() => other.sendNorequest('room', on)), channel)).toBe(true);
			expect(await peer.messenger.receive(channel)).toBe('room');
		});
	});
}

/**
 * Has the other side wait for a sign and then take everything that comes on the channel. What is returned gives the sign, which
 * is a close request, since it passes outside the limits, and resolves to how many messages were taken.
 */
async function holdOff(peer: Peer, channel: string): Promise<() => Promise<number>> {
	const taken = peer.run(async (other, on) => {
		other.sendNorequest('waiting', on);
		await other.receive(`${on}: the sign`).catch(() => {});
		let count = 0;
		for (let data; data !== 'end'; count += 1) data = await other.receive(on);
		return count - 1;
	}, channel);
	await peer.messenger.receive(channel);
	return async () => {
		peer.messenger.sendCloseRequest();
		await peer.messenger.flushed();
		peer.messenger.sendNorequest('end', channel);
		return taken;
	};
}

function catchError(action: () => unknown): unknown {
	try {
		action();
	} catch (error) {
		return error;
	}
	return undefined;
}
