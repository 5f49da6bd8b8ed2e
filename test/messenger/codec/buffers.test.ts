import { isSharedArrayBuffer } from 'node:util/types';
import { MessageChannel } from 'node:worker_threads';

import { describe, expect, it } from 'vitest';

import { CODEC_BYTES, CODEC_GRAPH, ValueDecoder } from '../../../src/messenger/codec/index.ts';
import { graphDifference } from './graph.ts';
import { roundTrip, Wire } from './round-trip.ts';

interface ResizableBuffer extends ArrayBuffer {
	readonly resizable: boolean;
	readonly maxByteLength: number;
	resize(bytes: number): void;
}

const Resizable = ArrayBuffer as unknown as new (bytes: number, options: { maxByteLength: number }) => ResizableBuffer;

function filled(bytes: number): Uint8Array<ArrayBuffer> {
	return Uint8Array.from({ length: bytes }, (_, index) => index % 251);
}

describe('a resizable ArrayBuffer', () => {
	it('stays resizable, and so do the views that follow its size', () => {
		const buffer = new Resizable(16, { maxByteLength: 64 });
		new Uint8Array(buffer).set(filled(16));
		const value = {
			follows: new Uint8Array(buffer, 4),
			fixed: new Uint8Array(buffer, 4, 12),
			wide: new Uint32Array(buffer),
			view: new DataView(buffer, 8),
			buffer,
		};
		const received = roundTrip(value);
		expect(graphDifference(received, structuredClone(value))).toBeUndefined();
		received.buffer.resize(32);
		expect([received.follows.length, received.fixed.length, received.wide.length, received.view.byteLength]).toEqual([
			28, 12, 8, 24,
		]);
		received.buffer.resize(12);
		expect([received.follows.length, received.fixed.length, received.wide.length, received.view.byteLength]).toEqual([
			8, 0, 3, 4,
		]);
	});

	it('arrives whole for a Buffer too, and for a view at the top level', () => {
		const buffer = new Resizable(16, { maxByteLength: 64 });
		const received = roundTrip([Buffer.from(buffer, 2, 3)]);
		expect([received[0]?.byteOffset, received[0]?.buffer.byteLength]).toEqual([2, 16]);
		const view = roundTrip(new Uint8Array(buffer));
		view.buffer.resize(40);
		expect(view.length).toBe(40);
	});

	it('may be empty, or as large as it gets', () => {
		const value = [
			new Resizable(0, { maxByteLength: 0 }),
			new Resizable(0, { maxByteLength: 9 }),
			new Resizable(9, { maxByteLength: 9 }),
		];
		const views = value.map((buffer) => new Uint8Array(buffer));
		expect(graphDifference(roundTrip([value, views]), structuredClone([value, views]))).toBeUndefined();
	});

	it('is refused when all of a message may grow above 1 GiB, or when a view no longer fits', () => {
		const huge = new Resizable(1, { maxByteLength: 2 ** 30 });
		expect(graphDifference(roundTrip(huge), huge)).toBeUndefined();
		expect(() => roundTrip([huge, new Resizable(1, { maxByteLength: 1 })])).toThrow(
			'`data[1]` cannot be sent: it makes the maxByteLength of all buffers exceed 1073741824 bytes',
		);
		const shrunk = new Resizable(8, { maxByteLength: 8 });
		const views = [new Uint8Array(shrunk, 4, 4), new DataView(shrunk, 4, 4)];
		shrunk.resize(2);
		for (const view of views)
			expect(() => roundTrip([view])).toThrow('`data[0]` cannot be sent: it is a view of an ArrayBuffer that is detached');
	});
});

describe('the buffer of a Buffer', () => {
	it('stays at home: only the bytes in view travel', () => {
		const wire = new Wire();
		const message = { text: Buffer.from('pooled') };
		expect(message.text.buffer.byteLength).toBeGreaterThan(1000);
		const { payload } = wire.encode(message);
		expect(payload.length).toBeLessThan(80);
		const received = roundTrip(message) as unknown as { text: Uint8Array };
		expect([received.text.byteOffset, received.text.buffer.byteLength]).toEqual([0, 6]);
		expect(Object.getPrototypeOf(received.text)).toBe(Uint8Array.prototype);
		expect(Buffer.from(received.text).toString()).toBe('pooled');
	});

	it('travels from the first to the last byte in view, shared by all of them', () => {
		const memory = Buffer.from(filled(100));
		const received = roundTrip({ whole: memory.subarray(20, 50), part: memory.subarray(30, 60) }) as unknown as Record<
			'whole' | 'part',
			Uint8Array
		>;
		expect(received.whole.buffer).toBe(received.part.buffer);
		expect(received.whole.buffer.byteLength).toBe(40);
		expect([received.whole, received.part].map((view) => [...view])).toEqual([
			[...memory.subarray(20, 50)],
			[...memory.subarray(30, 60)],
		]);
	});

	it('travels whole once anything else refers to it', () => {
		const memory = filled(100);
		const buffer = Buffer.from(memory.buffer, 20, 30);
		for (const value of [
			[buffer, memory.subarray(3, 4)],
			[buffer, memory.buffer],
			[memory.buffer, buffer],
		]) {
			expect(graphDifference(roundTrip(value), structuredClone(value))).toBeUndefined();
		}
	});
});

describe('binary content', () => {
	it('starts at a multiple of 16, wherever the payload starts', () => {
		const wire = new Wire();
		for (let prefix = 0; prefix < 20; prefix++) {
			wire.writer.borrow(wire.memory, 64, wire.memory.length);
			wire.writer.pos += prefix;
			wire.encoder.encode(wire.writer, { a: 1, bytes: new Uint8Array(40).fill(0xab), more: new Uint8Array(33).fill(0xcd) });
			expect([wire.memory.indexOf(Buffer.alloc(40, 0xab)) % 16, wire.memory.indexOf(Buffer.alloc(33, 0xcd)) % 16]).toEqual([
				0, 0,
			]);
			wire.memory.fill(0);
		}
	});

	it('is a copy while the memory is only lent', () => {
		const wire = new Wire();
		const { codec, payload } = wire.encode([filled(5000)]);
		const [received] = wire.decoder.decode(codec, payload, 0, payload.length) as [Uint8Array];
		payload.fill(0);
		expect(graphDifference(received, filled(5000))).toBeUndefined();
	});

	it('is a view of the memory when that is owned, shared by all views of the buffer', () => {
		const wire = new Wire();
		const bytes = filled(5000);
		const { codec, payload } = wire.encode([bytes, new Float32Array(bytes.buffer, 8, 10), filled(100)]);
		const memory = Buffer.from(payload.buffer.slice(payload.byteOffset, payload.byteOffset + payload.length));
		const received = wire.decoder.decode(codec, memory, 0, memory.length, { owned: true }) as [
			Uint8Array,
			Float32Array,
			Uint8Array,
		];
		expect(received.map((view) => view.buffer === memory.buffer)).toEqual([true, true, false]);
		expect([...received[0]]).toEqual([...bytes]);
		expect([...received[1]]).toEqual([...new Float32Array(bytes.buffer, 8, 10)]);
	});

	it.each([
		['an ArrayBuffer is asked for by itself', (bytes: Uint8Array) => [bytes, bytes.buffer], 0],
		['it would not align', (bytes: Uint8Array) => [bytes], 4],
	])('is copied out of owned memory when %s', (_why, make, offset) => {
		const wire = new Wire();
		const value = make(filled(5000));
		const { codec, payload } = wire.encode(value);
		const memory = Buffer.from(new ArrayBuffer(payload.length + offset));
		memory.set(payload, offset);
		const received = wire.decoder.decode(codec, memory, offset, memory.length, { owned: true });
		expect(graphDifference(received, value)).toBeUndefined();
	});

	it('at the top level is a view of owned memory, and a copy of shared memory', () => {
		const decoder = new ValueDecoder();
		const owned = Buffer.from(new ArrayBuffer(64));
		const shared = Buffer.from(new SharedArrayBuffer(64));
		expect((decoder.decode(CODEC_BYTES, owned, 8, 24, { owned: true }) as Uint8Array).buffer).toBe(owned.buffer);
		expect((decoder.decode(CODEC_BYTES, owned, 8, 24) as Uint8Array).buffer).not.toBe(owned.buffer);
		expect(isSharedArrayBuffer((decoder.decode(CODEC_BYTES, shared, 8, 24, { owned: true }) as Uint8Array).buffer)).toBe(false);
	});

	it('is refused when a getter makes it smaller in between', () => {
		const buffer = new Resizable(16, { maxByteLength: 16 });
		const value = {
			buffer,
			get a() {
				buffer.resize(0);
				return 1;
			},
		};
		expect(() => roundTrip(value)).toThrow('`data` cannot be sent: a buffer in it became smaller while it was being encoded');
	});
});

describe('what goes beside the bytes', () => {
	it('is every object of the transfer list, in the value or not', () => {
		const wire = new Wire();
		const buffers = [filled(8).buffer, filled(9).buffer];
		const { codec, side } = wire.encode({ view: new Uint8Array(buffers[1] as ArrayBuffer, 1, 2), buffer: buffers[1] }, buffers);
		expect(side).toEqual(buffers);
		expect(codec).toBe(CODEC_GRAPH);
		expect(wire.encode({ a: 1 }, buffers).side).toEqual(buffers);
		expect(wire.encode('text', buffers).side).toEqual(buffers);
		expect(wire.encode({ a: 1 }).side).toEqual([]);
	});

	it('is what views refer to', () => {
		const buffer = filled(8).buffer;
		const value = { view: new Uint8Array(buffer, 1, 2), buffer, pooled: Buffer.from(buffer, 1, 3) };
		const received = new Wire().pass(value, { transfer: [buffer] }) as typeof value;
		expect(received.buffer).toBe(buffer);
		expect([received.view.buffer, received.view.byteOffset, received.view.length]).toEqual([buffer, 1, 2]);
		expect([received.pooled.buffer, received.pooled.byteOffset, received.pooled.length]).toEqual([buffer, 1, 3]);
		expect(new Wire().pass(new Uint8Array(buffer), { transfer: [buffer] })).toEqual(new Uint8Array(buffer));
	});

	it('may be a MessagePort, at the top level, nested and twice', () => {
		const { port1, port2 } = new MessageChannel();
		const wire = new Wire();
		expect(wire.pass(port1, { transfer: [port1] })).toBe(port1);
		const received = wire.pass({ list: [port2, port1], again: port2 }, { transfer: [port1, port2] });
		expect(received).toEqual({ list: [port2, port1], again: port2 });
		port1.close();
	});

	it('may be a SharedArrayBuffer between threads, behind the transfer list', () => {
		const wire = new Wire({ allowShared: true });
		const memory = new SharedArrayBuffer(16);
		const buffer = filled(8).buffer;
		const value = { views: [new Int32Array(memory), new Uint8Array(memory, 4, 4), Buffer.from(memory, 2, 2)], memory, buffer };
		expect(wire.encode(value, [buffer]).side).toEqual([buffer, memory]);
		const received = wire.pass(value, { transfer: [buffer] }) as typeof value;
		expect(received.memory).toBe(memory);
		expect(received.views.map((view) => [view.buffer === memory, view.byteOffset, view.length])).toEqual([
			[true, 0, 4],
			[true, 4, 4],
			[true, 2, 2],
		]);
		expect((wire.pass(new Uint8Array(memory)) as Uint8Array).buffer).toBe(memory);
		expect(wire.pass(memory)).toBe(memory);
		expect(wire.encode(1).side).toEqual([]);
	});

	it('may be a SharedArrayBuffer that grows, with views that follow', () => {
		const Growable = SharedArrayBuffer as unknown as new (
			bytes: number,
			options: { maxByteLength: number },
		) => SharedArrayBuffer & { grow(bytes: number): void };
		const memory = new Growable(8, { maxByteLength: 16 });
		const received = new Wire({ allowShared: true }).pass([new Uint8Array(memory), new Uint8Array(memory, 0, 8)]) as Uint8Array[];
		memory.grow(16);
		expect(received.map((view) => view.length)).toEqual([16, 8]);
	});
});
