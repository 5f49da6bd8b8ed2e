import { describe, expect, it } from 'vitest';

import { createSharedRegion } from '../../src/ringbuf/index.ts';
import type { FrameBytes, FrameSink } from '../../src/transport/index.ts';
import { makeLinkPorts, PortBell, RingTransport } from '../../src/transport/index.ts';

interface Received {
	readonly number: number;
	readonly payload: Buffer;
	readonly isOwned: boolean;
	readonly side: readonly unknown[] | undefined;
}

/** Two transports in this thread with a port between them, as two threads have. */
function openLink(maxMessageBytes = 2 ** 24) {
	const { region } = createSharedRegion(65_536);
	const received: Received[] = [];
	const gone: (Error | undefined)[] = [];
	const sink: FrameSink = {
		isAnswerDue: false,
		hasWork: false,
		onFrame: (_w1, number, _w3, { buf, start, end, owned, side }: FrameBytes) =>
			void received.push({ number, payload: Buffer.from(buf.subarray(start, end)), isOwned: owned, side }),
		onPeerGone: (error) => void gone.push(error),
	};
	const ports = makeLinkPorts();
	const open = (endpoint: 0 | 1): RingTransport =>
		new RingTransport({
			region,
			endpoint,
			sink,
			bell: (listener) => new PortBell(ports[endpoint], listener, true),
			latency: 'eco',
			maxMessageBytes,
			kind: 'ring',
			reason: 'test',
		});
	return { host: open(0), worker: open(1), received, gone };
}

const pattern = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, index) => (index * 7) % 251);

function send(transport: RingTransport, number: number, payload: Uint8Array, side?: readonly object[]): void {
	const writer = transport.begin();
	writer.ensure(payload.length);
	writer.buf.set(payload, writer.pos);
	writer.pos += payload.length;
	transport.commit(1, number, 0, 5, side);
}

describe('A large payload between threads', () => {
	it.each([1_000, 65_535, 65_536, 100_000, 3_000_000])('of %i bytes arrives as it was', (bytes) => {
		const { host, worker, received } = openLink();
		send(host, 1, pattern(bytes));
		// What waits for room goes on while this thread parks; the other end reads in between.
		for (let turn = 0; turn < 100 && received.length === 0; turn += 1) {
			worker.poll();
			host.drainBlocking(0.01);
		}
		worker.poll();
		expect(received.map(({ number, isOwned }) => [number, isOwned])).toEqual([[1, bytes > 1_000]]);
		expect(received[0]?.payload.equals(pattern(bytes))).toBe(true);
		host.close();
		worker.close();
	});

	it('is taken from where the caller has it, and is his to change at once', () => {
		const { host, worker, received } = openLink();
		const data = pattern(200_000);
		const writer = host.begin();
		writer.ensure(3);
		writer.pos += writer.buf.write('abc', writer.pos);
		writer.follow(data);
		host.commit(1, 1, 0, 5);
		data.fill(0);
		worker.poll();
		expect(received[0]?.payload.equals(Buffer.concat([Buffer.from('abc'), pattern(200_000)]))).toBe(true);
		expect(data.length).toBe(200_000);
		host.close();
		worker.close();
	});

	it('keeps its place among small ones, and brings the objects that go with it', () => {
		const { host, worker, received } = openLink();
		const shared = new SharedArrayBuffer(8);
		send(host, 1, pattern(10));
		send(host, 2, pattern(100_000), [shared]);
		send(host, 3, pattern(10), [shared]);
		send(host, 4, pattern(100_000));
		send(host, 5, pattern(10));
		worker.poll();
		expect(received.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
		expect(received.map(({ payload }) => payload.length)).toEqual([10, 100_000, 10, 100_000, 10]);
		expect(received.map(({ side }) => side?.length)).toEqual([undefined, 1, 1, undefined, undefined]);
		expect(received[1]?.side?.[0]).toBeInstanceOf(SharedArrayBuffer);
		host.close();
		worker.close();
	});

	it('is said to keep its place, for what was agreed on before it still holds', () => {
		const { host, worker } = openLink();
		expect(host.isOrdered(100_000, 5)).toBe(true);
		host.close();
		worker.close();
	});

	it('is still delivered when the sender closes right after it', async () => {
		const { host, worker, received, gone } = openLink();
		send(host, 1, pattern(100_000));
		host.close();
		while (gone.length === 0) await new Promise(setImmediate);
		expect(received.map(({ number }) => number)).toEqual([1]);
		expect(gone).toEqual([undefined]);
		worker.close();
	});

	it('poisons the link when it is longer than any may be', () => {
		const { host, worker, received, gone } = openLink(80_000);
		send(host, 1, pattern(100_000));
		worker.poll();
		expect(received).toEqual([]);
		expect(gone).toEqual([expect.objectContaining({ code: 'ERR_COPROC_PROTOCOL' })]);
		host.close();
		worker.close();
	});
});
