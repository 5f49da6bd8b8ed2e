import { describe, expect, it } from 'vitest';

import { ProtocolError } from '../../src/errors/index.ts';
import { HEAD, TAIL } from '../../src/ringbuf/layout.ts';
import { RingReader } from '../../src/ringbuf/index.ts';
import { type SmallRing, smallRing, Taken, TELLING_POSITIONS } from './small-ring.ts';

function ringWith(count: number, start = 0): SmallRing {
	const ring = smallRing(256, start);
	for (let i = 0; i < count; i += 1) ring.writer.tryWrite(i, 0, 0, Buffer.from(`record ${i}`));
	ring.writer.publish();
	return ring;
}

describe('RingReader.read()', () => {
	it('hands records over in order, up to the limit, and goes on from there', () => {
		const { reader } = ringWith(5);
		const taken = new Taken();
		expect(reader.read(taken, 2)).toBe(2);
		expect(reader.read(taken, 0)).toBe(0);
		expect(reader.read(taken, 9)).toBe(3);
		expect(taken.texts).toEqual(['record 0', 'record 1', 'record 2', 'record 3', 'record 4']);
		expect(reader.read(taken, 9)).toBe(0);
	});

	it('stops after so many bytes, and says that it is behind', () => {
		const { reader } = ringWith(5);
		expect(reader.isBehind).toBe(false);
		expect(reader.read(new Taken(), 9, 33)).toBe(2);
		expect(reader.isBehind).toBe(true);
		expect(reader.position).toBe(64);
		expect(reader.read(new Taken(), 9)).toBe(3);
		expect(reader.isBehind).toBe(false);
	});

	it('counts a PAD among the bytes it stops after, and goes on behind it', () => {
		const { reader, writer } = smallRing(256, 208);
		writer.tryWrite(1, 0, 0, Buffer.alloc(48));
		writer.publish();
		expect(reader.read(new Taken(), 9, 32)).toBe(0);
		expect(reader.isBehind).toBe(true);
		expect(reader.read(new Taken(), 9, 32)).toBe(1);
		expect(reader.isBehind).toBe(false);
	});

	it.each(TELLING_POSITIONS)('hands on every size at every distance from position %d', (telling) => {
		for (let back = 16; back <= 256; back += 16) {
			const { reader, word, writer } = smallRing(256, telling - back);
			const taken = new Taken();
			const sizes = [0, 1, 15, 16, 17, 40, 48, 33];
			for (const [id, size] of sizes.entries()) {
				expect(writer.tryWrite(id, 0, 0, Buffer.alloc(size, id))).toBe(true);
				writer.publish();
				expect(reader.read(taken, 9)).toBe(1);
				reader.release();
			}
			expect(taken.records.map((record) => record.payload)).toEqual(sizes.map((size, id) => Buffer.alloc(size, id)));
			expect(word(HEAD)).toBe(word(TAIL));
		}
	});

	it('keeps the memory of what was read until release()', () => {
		const { reader, word } = ringWith(2);
		reader.read(new Taken(), 2);
		expect(word(HEAD)).toBe(0);
		reader.release();
		expect(word(HEAD)).toBe(64);
	});

	it('goes on behind a record whose sink threw', () => {
		const { reader } = ringWith(2);
		const thrower = {
			onRecord() {
				throw new Error('sink');
			},
		};
		expect(() => reader.read(thrower, 9)).toThrow('sink');
		const taken = new Taken();
		expect(reader.read(taken, 9)).toBe(1);
		expect(taken.texts).toEqual(['record 1']);
	});

	it('goes on from HEAD when it takes over a ring that was in use', () => {
		const { base, control, data, reader } = ringWith(3);
		reader.read(new Taken(), 1);
		reader.release();
		const taken = new Taken();
		new RingReader(control, base, data).read(taken, 9);
		expect(taken.texts).toEqual(['record 1', 'record 2']);
	});
});

describe('RingReader and what the producer wrote', () => {
	it.each([1, 8, 24])('refuses what lies behind a HEAD of %i, when it takes over such a ring', (head) => {
		const ring = smallRing(256);
		ring.setWord(HEAD, head);
		ring.setWord(TAIL, head + 24);
		const reader = new RingReader(ring.control, ring.base, ring.data);
		expect(() => reader.read(new Taken(), 9)).toThrow(ProtocolError);
		ring.setWord(TAIL, 64);
		expect(() => reader.read(new Taken(), 9)).toThrow(ProtocolError);
	});

	it.each([
		['behind HEAD', -16],
		['more than a ring ahead', 256 + 16],
		['no multiple of 16', 40],
		['far away', 2 ** 31],
	])('refuses a TAIL that is %s', (_what, tail) => {
		const ring = smallRing(256);
		ring.setWord(TAIL, tail);
		expect(() => ring.reader.read(new Taken(), 9)).toThrow(ProtocolError);
		expect(() => ring.reader.hasMore).toThrow(ProtocolError);
		expect(() => ring.reader.arm(1)).toThrow(ProtocolError);
	});

	it.each([
		['a negative length that is not PAD', -2, 'record goes past the end'],
		['a length past the end of the ring', 256, 'record goes past the end'],
		['the largest length', 2 ** 31 - 1, 'record goes past the end'],
		['a length past the tail', 17, 'record goes past the tail'],
		['a PAD past the tail', -1, 'PAD goes past the tail'],
	])('refuses %s', (_what, length, text) => {
		const ring = ringWith(1);
		ring.data.writeInt32LE(length, 0);
		const taken = new Taken();
		expect(() => ring.reader.read(taken, 9)).toThrow(ProtocolError);
		expect(() => ring.reader.read(taken, 9)).toThrow(text);
		expect(taken.records).toEqual([]);
	});

	it('uses the length it checked, even when the producer changes it afterwards', () => {
		const { data, reader } = ringWith(2);
		const taken = new Taken();
		const meddler = {
			onRecord(...record: Parameters<Taken['onRecord']>) {
				data.writeInt32LE(2 ** 30, 0);
				taken.onRecord(...record);
			},
		};
		reader.read(meddler, 9);
		expect(taken.texts).toEqual(['record 0', 'record 1']);
	});

	it('uses the TAIL it checked, even when the producer changes it afterwards', () => {
		const { reader, setWord } = ringWith(2);
		const taken = new Taken();
		const meddler = {
			onRecord(...record: Parameters<Taken['onRecord']>) {
				setWord(TAIL, 2 ** 30);
				taken.onRecord(...record);
			},
		};
		expect(reader.read(meddler, 9)).toBe(2);
		expect(() => reader.read(taken, 9)).toThrow(ProtocolError);
	});

	it('takes a ring that holds nothing but a PAD of its whole length', () => {
		const ring = smallRing(256);
		ring.data.writeInt32LE(-1, 0);
		ring.setWord(TAIL, 256);
		expect(ring.reader.read(new Taken(), 9)).toBe(0);
		ring.reader.release();
		expect(ring.word(HEAD)).toBe(256);
	});
});

describe('RingReader.isClosed', () => {
	it('tells that the producer closed in order, and what came before can still be read', () => {
		const { reader, writer } = ringWith(1);
		expect(reader.isClosed).toBe(false);
		writer.close();
		expect(reader.isClosed).toBe(true);
		expect(reader.read(new Taken(), 9)).toBe(1);
	});
});
