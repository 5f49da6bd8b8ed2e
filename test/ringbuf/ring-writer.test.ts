import { describe, expect, it } from 'vitest';

import { ProtocolError } from '../../src/errors/index.ts';
import { HEAD, PWAIT, TAIL } from '../../src/ringbuf/layout.ts';
import { maxRecordPayload, RECORD_HEADER_BYTES, recordBytes, RingWriter } from '../../src/ringbuf/index.ts';
import { payloadOf, smallRing, Taken, TELLING_POSITIONS } from './small-ring.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('recordBytes() and maxRecordPayload()', () => {
	it.each([
		[0, 16],
		[1, 32],
		[16, 32],
		[17, 48],
	])('rounds %i payload bytes and the header up to %i', (payload, expected) => {
		expect(recordBytes(payload)).toBe(expected);
	});

	it.each([64, 4096, 2 ** 26])('lets a record take a quarter of %i bytes, header included', (capacity) => {
		expect(recordBytes(maxRecordPayload(capacity))).toBe(capacity / 4);
	});
});

describe('RingWriter.tryWrite()', () => {
	it('shows nothing to the reader before publish()', () => {
		const { reader, writer } = smallRing(256);
		writer.tryWrite(1, 2, 3, bytes('one'));
		expect(reader.hasMore).toBe(false);
		expect(writer.hasUnpublished).toBe(true);
		writer.publish();
		expect(reader.hasMore).toBe(true);
		expect(writer.hasUnpublished).toBe(false);
	});

	it('carries three words and the payload', () => {
		const { reader, writer } = smallRing(256);
		const taken = new Taken();
		writer.tryWrite(-1, 2 ** 31 - 1, 7, bytes('payload'));
		writer.publish();
		reader.read(taken, 1);
		expect(taken.records).toEqual([{ w1: -1, w2: 2 ** 31 - 1, w3: 7, payload: bytes('payload') }]);
	});

	it('fills the ring to the last byte and then refuses', () => {
		const { writer } = smallRing(64);
		const results = Array.from({ length: 5 }, () => writer.tryWrite(0, 0, 0, bytes('')));
		expect(results).toEqual([true, true, true, true, false]);
	});

	it('finds room again once the reader has released, and not when it has only read', () => {
		const { reader, writer } = smallRing(64);
		for (let i = 0; i < 4; i += 1) writer.tryWrite(i, 0, 0, bytes(''));
		writer.publish();
		reader.read(new Taken(), 1);
		expect(writer.tryWrite(4, 0, 0, bytes(''))).toBe(false);
		reader.release();
		expect(writer.tryWrite(4, 0, 0, bytes(''))).toBe(true);
	});

	it('changes nothing when it refuses', () => {
		const { data, word, writer } = smallRing(64);
		writer.tryWrite(0, 0, 0, bytes('sixteen bytes ok'));
		const before = Buffer.from(data);
		expect(writer.tryWrite(1, 0, 0, bytes('seventeen bytes !'))).toBe(false);
		writer.publish();
		expect(word(TAIL)).toBe(32);
		expect(data).toEqual(before);
	});

	it('refuses a record that no ring of this size could hold', () => {
		const { isIntact, writer } = smallRing(64);
		expect(writer.tryWrite(0, 0, 0, Buffer.alloc(1000))).toBe(false);
		expect(isIntact()).toBe(true);
	});

	it.each(TELLING_POSITIONS)('fills the rest before the end with a PAD record, around position %d', (telling) => {
		const { reader, word, writer } = smallRing(64, telling - 16);
		const taken = new Taken();
		expect(writer.tryWrite(1, 0, 0, bytes('does not fit 16'))).toBe(true);
		writer.publish();
		expect(word(TAIL)).toBe((telling + 32) | 0);
		expect(reader.read(taken, 9)).toBe(1);
		expect(taken.texts).toEqual(['does not fit 16']);
		expect(reader.hasMore).toBe(false);
	});

	it('writes no PAD when the record just fits before the end', () => {
		const { reader, word, writer } = smallRing(64, 32);
		writer.tryWrite(1, 0, 0, bytes('sixteen bytes ok'));
		writer.publish();
		expect(word(TAIL)).toBe(64);
		expect(reader.read(new Taken(), 9)).toBe(1);
	});

	it('counts the bytes of the PAD as used', () => {
		const { reader, writer } = smallRing(64, 48);
		expect(writer.tryWrite(1, 0, 0, bytes('16 pad, 32 here'))).toBe(true);
		expect(writer.tryWrite(2, 0, 0, bytes('32 again: full!'))).toBe(false);
		expect(writer.tryWrite(3, 0, 0, bytes(''))).toBe(true);
		expect(writer.tryWrite(4, 0, 0, bytes(''))).toBe(false);
		writer.publish();
		const taken = new Taken();
		reader.read(taken, 9);
		expect(taken.records.map((record) => record.w1)).toEqual([1, 3]);
	});

	it('places a record of half a ring wherever the tail stands, as soon as the ring is empty', () => {
		for (let start = 0; start < 256; start += 16) {
			const { reader, writer } = smallRing(256, start);
			expect(writer.tryWrite(1, 0, 0, payloadOf(1, 112)), `from ${start}`).toBe(true);
			writer.publish();
			expect(reader.read(new Taken(), 9)).toBe(1);
		}
	});
});

describe('RingWriter.claim()', () => {
	it('lends room in place that commit() turns into a record', () => {
		const { data, reader, writer } = smallRing(256, 32);
		const taken = new Taken();
		expect(writer.claim(10)).toBe(writer.maxPayload);
		expect(writer.claimed).toBe(32 + RECORD_HEADER_BYTES);
		data.write('in place', writer.claimed, 'latin1');
		writer.commit(8, 1, 2, 3);
		writer.publish();
		reader.read(taken, 1);
		expect(taken.texts).toEqual(['in place']);
	});

	it('writes nothing that a later record does not overwrite when the claim is given up', () => {
		const { reader, writer } = smallRing(256);
		const taken = new Taken();
		writer.claim(10);
		writer.tryWrite(1, 0, 0, bytes('instead'));
		writer.publish();
		reader.read(taken, 9);
		expect(taken.texts).toEqual(['instead']);
	});

	it('never lends more than maxPayload, nor past the end', () => {
		expect(smallRing(1024).writer.claim(5000)).toBe(240);
		expect(smallRing(1024, 1024 - 48).writer.claim(5000)).toBe(32);
		expect(smallRing(1024, 1024 - 16).writer.claim(5000)).toBe(0);
	});

	it('lends less than nothing when the ring is full', () => {
		const { writer } = smallRing(64);
		for (let i = 0; i < 4; i += 1) writer.tryWrite(i, 0, 0, bytes(''));
		expect(writer.claim(0)).toBeLessThan(0);
	});

	it('looks at HEAD again before it says that there is little room', () => {
		const { reader, writer } = smallRing(256);
		for (let i = 0; i < 16; i += 1) writer.tryWrite(i, 0, 0, bytes(''));
		writer.publish();
		reader.read(new Taken(), 16);
		reader.release();
		expect(writer.claim(48)).toBe(48);
	});
});

describe('RingWriter and the consumer’s index', () => {
	const head = (position: number) => {
		const ring = smallRing(64, 32);
		for (let i = 0; i < 4; i += 1) ring.writer.tryWrite(i, 0, 0, bytes(''));
		ring.setWord(HEAD, position);
		return ring.writer;
	};

	it.each([
		['ahead of the tail', 112],
		['more than a ring behind', 16],
		['no multiple of 16', 40],
		['far away', -(2 ** 31)],
	])('refuses a HEAD that is %s', (_what, position) => {
		expect(() => head(position).tryWrite(9, 0, 0, bytes(''))).toThrow(ProtocolError);
		expect(() => head(position).claim(0)).toThrow(ProtocolError);
		expect(() => head(position).arm(1, 0)).toThrow(ProtocolError);
	});

	it('refuses a TAIL that is no multiple of 16, when it takes over such a ring', () => {
		const ring = smallRing(256);
		ring.setWord(TAIL, 24);
		expect(() => new RingWriter(ring.control, ring.base, ring.data)).toThrow(ProtocolError);
	});

	it('goes on from TAIL when it takes over a ring that was in use', () => {
		const { base, control, data, reader, writer } = smallRing(64, 32);
		const taken = new Taken();
		writer.tryWrite(1, 0, 0, bytes('first'));
		writer.publish();
		const successor = new RingWriter(control, base, data);
		expect(successor.tryWrite(2, 0, 0, bytes('too much for it'))).toBe(true);
		expect(successor.tryWrite(3, 0, 0, bytes(''))).toBe(false);
		successor.publish();
		reader.read(taken, 9);
		expect(taken.texts).toEqual(['first', 'too much for it']);
	});
});

describe('RingWriter.publish()', () => {
	it('makes a batch visible with one store, and stores nothing when there is nothing', () => {
		const { reader, setWord, word, writer } = smallRing(256);
		writer.tryWrite(1, 0, 0, bytes('a'));
		writer.tryWrite(2, 0, 0, bytes('b'));
		writer.publish();
		expect(reader.read(new Taken(), 9)).toBe(2);
		setWord(TAIL, 12_345);
		expect(writer.publish()).toBe(0);
		expect(word(TAIL)).toBe(12_345);
	});

	it('leaves PWAIT alone', () => {
		const { word, writer } = smallRing(64);
		for (let i = 0; i < 4; i += 1) writer.tryWrite(i, 0, 0, bytes(''));
		writer.arm(2, 0);
		writer.publish();
		expect(word(PWAIT)).toBe(2);
	});
});
