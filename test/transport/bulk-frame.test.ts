import { describe, expect, it } from 'vitest';

import { ByteWriter } from '../../src/internal/byte-writer.ts';
import { BulkFrame } from '../../src/transport/bulk-frame.ts';
import { FLAG_BEGIN, FRAGMENT_PREFIX_BYTES, KIND_FRAGMENT } from '../../src/transport/transport.ts';

const NAMES = { w1: 7, w2: 8, w3: 9, lane: 1, after: 0 };

function numbered(bytes: number): Uint8Array {
	return Uint8Array.from({ length: bytes }, (_, index) => (index * 31) & 0xff);
}

/** A writer that holds `head` and is followed by `tail`. */
function writerOf(head: Uint8Array, tail: Uint8Array): ByteWriter {
	const writer = new ByteWriter();
	writer.own();
	writer.ensure(head.length);
	writer.buf.set(head, writer.pos);
	writer.pos += head.length;
	writer.follow(tail);
	return writer;
}

/** Takes pieces until nothing is left, or `until` bytes have gone, and returns what they hold without the prefix. */
function drain(frame: BulkFrame, maxBytes: number, until = Number.POSITIVE_INFINITY): Buffer {
	const parts: Uint8Array[] = [];
	for (let sent = 0; frame.left > 0 && sent < until; ) {
		const { w1, payload, bytes } = frame.piece(maxBytes, false);
		const isFirst = frame.left === frame.length;
		expect(w1).toBe(isFirst ? NAMES.w1 | FLAG_BEGIN : KIND_FRAGMENT);
		if (isFirst) expect(Buffer.from(payload).readDoubleLE(0)).toBe(frame.length);
		const content = isFirst ? payload.subarray(FRAGMENT_PREFIX_BYTES) : payload;
		expect(content.length).toBe(bytes);
		expect(payload.length).toBeLessThanOrEqual(maxBytes);
		parts.push(Uint8Array.from(content));
		frame.sent(bytes);
		sent += bytes;
	}
	return Buffer.concat(parts);
}

describe('BulkFrame', () => {
	it.each([0, 1, 16, 32, 33, 5000])('sends a head of %i bytes and the tail behind it', (headBytes) => {
		const head = numbered(headBytes);
		const tail = numbered(100_000);
		const frame = new BulkFrame(writerOf(head, tail), NAMES);
		expect(frame.length).toBe(headBytes + 100_000);
		expect(drain(frame, 8192)).toEqual(Buffer.concat([head, tail]));
		expect(frame.left).toBe(0);
	});

	it.each([0, 1, 1024, 1025, 20_000, 99_999])('holds on to what is left when it settles after %i bytes', (until) => {
		const head = numbered(24);
		const tail = numbered(100_000);
		const expected = Buffer.concat([head, tail]);
		const writer = writerOf(head, tail);
		const frame = new BulkFrame(writer, NAMES);
		writer.buf.fill(0);
		const begun = drain(frame, 4096, until);
		expect(frame.isSettled).toBe(false);
		frame.settle(writer);
		expect(frame.isSettled).toBe(true);
		tail.fill(0);
		expect(Buffer.concat([begun, drain(frame, 4096)])).toEqual(expected);
	});

	it('fits the records of the smallest ring', () => {
		const [head, tail] = [numbered(32), numbered(5000)];
		expect(drain(new BulkFrame(writerOf(head, tail), NAMES), 64)).toEqual(Buffer.concat([head, tail]));
	});

	it('has memory of its own from the start when the writer has no tail', () => {
		const writer = new ByteWriter();
		writer.own();
		const content = numbered(200_000);
		writer.ensure(content.length);
		writer.buf.set(content, writer.pos);
		writer.pos += content.length;
		const frame = new BulkFrame(writer, NAMES);
		expect(frame.isSettled).toBe(true);
		expect(drain(frame, 65_536)).toEqual(Buffer.from(content));
	});
});
