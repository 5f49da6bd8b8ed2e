import type { Socket } from 'node:net';
import { MessageChannel } from 'node:worker_threads';

import { afterEach, describe, expect, it } from 'vitest';

import { ASLEEP, createSharedRegion, RING_CONTROL_INDEX, RingReader, RingWriter } from '../../src/ringbuf/index.ts';
import { ChunkWriter } from '../../src/transport/chunk-writer.ts';
import { Relay } from '../../src/transport/index.ts';
import { socketPairs } from './support/socket-pair.ts';

const RING_BYTES = 65_536;
/** Ten times as much as the ring holds. */
const RECORDS = 100;
const RECORD_BYTES = 6_500;

const openPair = socketPairs();
const opened: MessageChannel[] = [];
afterEach(() => {
	for (const { port1, port2 } of opened.splice(0)) {
		port1.close();
		port2.close();
	}
});

/** A relay whose host and whose main thread are played by the test. */
async function openRelay() {
	const [host, socket] = await openPair();
	const { region, memory } = createSharedRegion(RING_BYTES);
	const channel = new MessageChannel();
	opened.push(channel);
	const hostGone = new Promise<void>((resolve) => {
		new Relay({ socket, memory, port: channel.port1, ringBytes: RING_BYTES, onHostGone: resolve }).start();
	});
	const fromHost = new RingReader(region.control, RING_CONTROL_INDEX[0], region.data[0]);
	const toHost = new RingWriter(region.control, RING_CONTROL_INDEX[1], region.data[1]);
	return { host, hostGone, fromHost, toHost, ring: () => channel.port2.postMessage(0) };
}

/** Sends more than the ring holds; resolves when all of it has left. */
async function flood(host: Socket): Promise<void> {
	const chunks = new ChunkWriter({ isFull: false, write: (chunk) => void host.write(chunk) }, RING_BYTES);
	for (let number = 0; number < RECORDS; number += 1) chunks.tryWrite(number, 0, 0, Buffer.alloc(RECORD_BYTES, number));
	chunks.flush();
	await new Promise<void>((resolve) => void host.write('', () => resolve()));
}

describe('the helper thread of a worker without shared memory', () => {
	it('sees the end of its host while the main thread reads nothing and the ring is full', async () => {
		const { host, hostGone } = await openRelay();
		await flood(host);
		host.destroy();
		await hostGone;
	});

	it('sees it when a write fails, without a turn to read in', async () => {
		const { host, hostGone, toHost, ring } = await openRelay();
		await flood(host);
		host.destroy();
		toHost.tryWrite(0, 0, 0, Buffer.alloc(10));
		toHost.publish();
		ring();
		await hostGone;
	});

	it.each([
		['one record', 1],
		['all that is there', RECORDS],
	])('hands over what came while the ring was full, in order, to a main thread that takes %s at a time', async (_what, most) => {
		const { host, fromHost, ring } = await openRelay();
		await flood(host);
		const seen: number[] = [];
		const onRecord = (w1: number, _w2: number, _w3: number, data: Buffer, start: number, end: number): void => {
			expect(data.subarray(start, end).equals(Buffer.alloc(RECORD_BYTES, w1))).toBe(true);
			seen.push(w1);
		};
		while (seen.length < RECORDS) {
			fromHost.read({ onRecord }, most);
			if (fromHost.release() === ASLEEP) ring();
			await new Promise(setImmediate);
		}
		expect(seen).toEqual(Array.from({ length: RECORDS }, (_, number) => number));
	});
});
