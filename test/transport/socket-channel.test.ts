import type { Socket } from 'node:net';

import { describe, expect, it } from 'vitest';

import { SocketChannel } from '../../src/transport/index.ts';
import { socketPairs } from './support/socket-pair.ts';

const openPair = socketPairs();

/** A channel whose chunks and end are noted. */
function listenTo(socket: Socket) {
	const received: Buffer[] = [];
	let drains = 0;
	const { promise: closed, resolve } = withResolvers();
	const channel = new SocketChannel(socket, {
		onChunk: (chunk) => void received.push(chunk),
		onDrain: () => void (drains += 1),
		onClose: resolve,
	});
	return { channel, closed, text: () => Buffer.concat(received).toString(), drains: () => drains };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
	let resolve = (): void => {};
	const promise = new Promise<void>((done) => {
		resolve = done;
	});
	return { promise, resolve };
}

describe('SocketChannel', () => {
	it('hands over chunks and then the end', async () => {
		const [mine, theirs] = await openPair();
		const { closed, text } = listenTo(mine);
		theirs.write('one ');
		theirs.end('two');
		await closed;
		expect(text()).toBe('one two');
	});

	it('hands over what a dead peer had sent, also when a write to it fails before that was read', async () => {
		const [mine, theirs] = await openPair();
		const { channel, closed, text } = listenTo(mine);
		theirs.write('last words');
		theirs.destroy();
		// The event loop has not looked at what came: the write meets a closed socket first, and Node destroys this one.
		channel.write(Buffer.from('a report of credit'));
		await closed;
		expect(text()).toBe('last words');
	});

	it('hands over nothing any more after it was closed on this side', async () => {
		const [mine, theirs] = await openPair();
		const { channel, closed, text } = listenTo(mine);
		theirs.write('too late');
		channel.close();
		channel.close();
		channel.write(Buffer.from('nobody'));
		await closed;
		expect(text()).toBe('');
	});

	it('is drained when the kernel has taken everything, and full above its window', async () => {
		const [mine, theirs] = await openPair();
		const { channel, drains } = listenTo(mine);
		expect([channel.isFull, channel.isDrained]).toEqual([false, true]);
		for (let count = 0; count < 4; count += 1) channel.write(Buffer.alloc(1024 * 1024));
		expect([channel.isFull, channel.isDrained]).toEqual([true, false]);
		let bytes = 0;
		for await (const chunk of theirs as AsyncIterable<Buffer>) {
			bytes += chunk.length;
			if (bytes === 4 * 1024 * 1024) break;
		}
		while (!channel.isDrained) await new Promise(setImmediate);
		expect(channel.isFull).toBe(false);
		expect(drains()).toBeGreaterThan(0);
	});
});
