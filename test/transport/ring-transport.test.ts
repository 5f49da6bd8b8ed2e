import { describe, expect, it } from 'vitest';

import { createSharedRegion } from '../../src/ringbuf/index.ts';
import type { FrameBytes, FrameSink } from '../../src/transport/index.ts';
import { RingTransport } from '../../src/transport/index.ts';

const QUIET = { ring: () => {}, ref: () => {}, unref: () => {}, close: () => {} };

/** Two transports in this thread, whose bells ring nobody: what they do, they do when they are told. */
function openLink(ringBytes: number) {
	const { region } = createSharedRegion(ringBytes);
	const received: number[] = [];
	const gone: (Error | undefined)[] = [];
	const sink: { -readonly [Name in keyof FrameSink]: FrameSink[Name] } = {
		isAnswerDue: false,
		hasWork: false,
		onFrame: (_w1: number, w2: number, _w3: number, _bytes: FrameBytes) => void received.push(w2),
		onPeerGone: (error?: Error) => void gone.push(error),
	};
	const open = (endpoint: 0 | 1): RingTransport =>
		new RingTransport({
			region,
			endpoint,
			sink,
			bell: () => QUIET,
			latency: 'eco',
			maxMessageBytes: 2 ** 20,
			kind: 'ring',
			reason: 'test',
		});
	return { host: open(0), worker: open(1), received, gone, region, sink };
}

function send(transport: RingTransport, number: number, bytes = 8): void {
	const writer = transport.begin();
	writer.ensure(bytes);
	writer.buf.fill(number & 0xff, writer.pos, writer.pos + bytes);
	writer.pos += bytes;
	transport.commit(1, number, 0, undefined);
}

describe('RingTransport.peerGone()', () => {
	it('takes in everything that was published, however much it is', () => {
		const { host, worker, received, gone } = openLink(2 ** 20);
		const count = 2 ** 15 - 1;
		for (let number = 0; number < count; number += 1) send(worker, number);
		host.peerGone();
		expect(received).toEqual(Array.from({ length: count }, (_, number) => number));
		expect(gone).toEqual([undefined]);
		host.close();
		worker.close();
	});

	it('reports once, whoever tells it and however often', () => {
		const { host, worker, gone } = openLink(4096);
		host.peerGone();
		host.peerGone(new Error('late'));
		expect(gone).toEqual([undefined]);
		worker.close();
		host.close();
	});
});

describe('RingTransport.park()', () => {
	it('returns at once when the peer closed before, and tells that it is gone', () => {
		const { host, worker, gone } = openLink(4096);
		host.close();
		expect(worker.park(60_000)).toBe(true);
		expect(gone).toEqual([undefined]);
		worker.close();
	});

	it('returns false after its timeout when nothing comes', () => {
		const { host, worker } = openLink(4096);
		expect(worker.park(1)).toBe(false);
		host.close();
		worker.close();
	});

	it('returns true for what was published before', () => {
		const { host, worker, received } = openLink(4096);
		send(host, 7);
		expect(worker.park(60_000)).toBe(true);
		expect(received).toEqual([7]);
		host.close();
		worker.close();
	});
});

describe('RingTransport.drainBlocking()', () => {
	it('returns as soon as the outbox is empty', () => {
		const { host, worker, received } = openLink(4096);
		for (let number = 0; number < 200; number += 1) send(worker, number);
		expect(worker.outboxBytes).toBeGreaterThan(0);
		while (worker.outboxBytes > 0) {
			host.poll();
			worker.drainBlocking(1);
		}
		host.poll();
		expect(received).toHaveLength(200);
		const before = performance.now();
		worker.drainBlocking(60_000);
		expect(performance.now() - before).toBeLessThan(30_000);
		host.close();
		worker.close();
	});
});

describe('A poisoned link', () => {
	it('throws ProtocolError from the send that finds it, and reports it', () => {
		const { host, worker, gone, region } = openLink(4096);
		// HEAD of ring 0, as a broken peer might leave it.
		region.control[(512 + 128) / 4] = 12_345;
		expect(() => {
			for (let number = 0; number < 300; number += 1) send(host, number);
		}).toThrow(expect.objectContaining({ code: 'ERR_COPROC_PROTOCOL' }));
		expect(gone).toEqual([expect.objectContaining({ code: 'ERR_COPROC_PROTOCOL' })]);
		host.close();
		worker.close();
	});

	it('reports a frame that claims to be longer than any may be', () => {
		const { host, worker, gone } = openLink(4096);
		const writer = worker.begin();
		writer.ensure(16);
		writer.buf.writeDoubleLE(2 ** 30, writer.pos);
		writer.pos += 16;
		worker.commit(1 | (1 << 8), 0, 0, undefined);
		host.poll();
		expect(gone).toEqual([expect.objectContaining({ code: 'ERR_COPROC_PROTOCOL' })]);
		host.close();
		worker.close();
	});
});

/** Words of the ring from host to worker: how its reader sleeps, and how often it was rung for. */
const [CWAIT, BELLS_RUNG] = [(512 + 256) / 4, (512 + 512) / 4];

describe('A side that has work', () => {
	it('stays up until that is done, and is not rung for', async () => {
		const { host, worker, received, region, sink } = openLink(4096);
		sink.hasWork = true;
		for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
		expect(region.control[CWAIT]).toBe(0);
		send(host, 1);
		expect(region.control[BELLS_RUNG]).toBe(0);
		await new Promise(setImmediate);
		expect(received).toEqual([1]);

		sink.hasWork = false;
		while (region.control[CWAIT] === 0) await new Promise(setImmediate);
		send(host, 2);
		expect(region.control[BELLS_RUNG]).toBe(1);
		host.close();
		worker.close();
	});
});

describe('RingTransport.isPeerBusy', () => {
	it('is true while the peer is awake, or has something to answer', async () => {
		const { host, worker, region, sink } = openLink(4096);
		expect(host.isPeerBusy).toBe(true);
		while (region.control[CWAIT] === 0) await new Promise(setImmediate);
		expect(host.isPeerBusy).toBe(false);
		sink.isAnswerDue = true;
		expect(host.isPeerBusy).toBe(true);
		host.close();
		worker.close();
	});
});

describe('RingTransport.commit()', () => {
	it.each([40_000, 300_000, 900_000])('sends the tail of %i bytes as it was, whatever becomes of it afterwards', (bytes) => {
		const { region } = createSharedRegion(65_536);
		const arrived: Buffer[] = [];
		const sink: FrameSink = {
			isAnswerDue: false,
			hasWork: false,
			onFrame: (_w1, _w2, _w3, { buf, start, end }) => void arrived.push(Buffer.from(buf.subarray(start, end))),
			onPeerGone: () => {},
		};
		const open = (endpoint: 0 | 1): RingTransport =>
			new RingTransport({
				region,
				endpoint,
				sink,
				bell: () => QUIET,
				latency: 'eco',
				maxMessageBytes: 2 ** 20,
				kind: 'ring',
				reason: 'test',
			});
		const [host, worker] = [open(0), open(1)];
		const tail = Uint8Array.from({ length: bytes }, (_, index) => index % 251);
		const expected = Buffer.from(tail);
		host.begin().follow(tail);
		host.commit(1, 0, 0, undefined);
		tail.fill(255);
		// What waits for room goes on while this thread parks; the other end reads in between.
		for (let turn = 0; turn < 100 && arrived.length === 0; turn += 1) {
			worker.poll();
			host.drainBlocking(0.01);
		}
		// Compared as bytes: a deep comparison of a megabyte takes seconds.
		expect(arrived.map((buf) => buf.equals(expected))).toEqual([true]);
	});
});
