import { closeSync, fstatSync, readdirSync, readlinkSync } from 'node:fs';

import { afterEach, describe, expect, it } from 'vitest';

import { ProtocolError } from '../../src/errors/index.ts';
import { loadLibc } from '../../src/internal/libc.ts';
import { LAYOUT_VERSION, linkBytes, MAGIC_INDEX, RING_BYTES_INDEX, VERSION_INDEX } from '../../src/ringbuf/layout.ts';
import {
	attachMappedRegion,
	attachSharedRegion,
	BELL_INDEX,
	createMappedRegion,
	createSharedRegion,
	isRingBytes,
	MAX_RING_BYTES,
	MIN_RING_BYTES,
	type Region,
	RING_CONTROL_INDEX,
	RingReader,
	RingWriter,
} from '../../src/ringbuf/index.ts';
import { payloadOf, Taken } from './small-ring.ts';

const RING_BYTES = 4096;

/** Both ends of one link. */
interface Ends {
	readonly host: Region;
	readonly worker: Region;
	release(): void;
}

const { libc, reason } = loadLibc();
let ends: Ends | undefined;

function sharedEnds(): Ends {
	const { region, memory } = createSharedRegion(RING_BYTES);
	return { host: region, worker: attachSharedRegion(memory), release: () => region.release() };
}

function mappedEnds(): Ends {
	const { region, fd } = createMappedRegion(libc!, RING_BYTES);
	const worker = attachMappedRegion(libc!, fd, RING_BYTES);
	closeSync(fd);
	return {
		host: region,
		worker,
		release() {
			region.release();
			worker.release();
		},
	};
}

afterEach(() => {
	ends?.release();
	ends = undefined;
});

function describeEnds(name: string, make: () => Ends): void {
	describe(name, () => {
		it.each([0, 1] as const)('carries records of every size through ring %i, many times round', (ring) => {
			ends = make();
			const [from, to] = ring === 0 ? [ends.host, ends.worker] : [ends.worker, ends.host];
			const writer = new RingWriter(from.control, RING_CONTROL_INDEX[ring], from.data[ring]);
			const reader = new RingReader(to.control, RING_CONTROL_INDEX[ring], to.data[ring]);
			for (let id = 0; id < 200; id += 1) {
				const payload = payloadOf(id, (id * 37) % (writer.maxPayload + 1));
				const taken = new Taken();
				expect(writer.tryWrite(id, ~id, 0, payload)).toBe(true);
				writer.publish();
				expect(reader.read(taken, 9)).toBe(1);
				expect(taken.records[0]).toEqual({ w1: id, w2: ~id, w3: 0, payload });
				reader.release();
			}
		});

		it('keeps the two rings and the control words apart', () => {
			ends = make();
			const { host, worker } = ends;
			host.data[0].fill(1);
			host.data[1].fill(2);
			expect(worker.data[0].every((byte) => byte === 1)).toBe(true);
			expect(worker.data[1].every((byte) => byte === 2)).toBe(true);
			expect(worker.control[MAGIC_INDEX]).toBe(host.control[MAGIC_INDEX]);
			expect(worker.control.subarray(32).every((word) => word === 0)).toBe(true);
		});

		it('says false when nothing came in time, and true at once when the bell has changed', () => {
			ends = make();
			const { host, worker } = ends;
			expect(worker.park(1, 0, 1)).toBe(false);
			Atomics.add(host.control, BELL_INDEX[1], 1);
			host.unpark(1);
			expect(worker.park(1, 0, 60_000)).toBe(true);
			expect(worker.park(0, 0, 0)).toBe(false);
		});
	});
}

describeEnds('a region shared by threads', sharedEnds);
if (libc) describeEnds('a region mapped by processes', mappedEnds);

describe('a region mapped by processes, where the C library can be reached', () => {
	it('can be reached here, or says why not', () => {
		if (!libc) console.warn(`mapped regions are not tested here: ${reason}`);
		expect(Boolean(libc) || Boolean(reason)).toBe(true);
	});

	it.runIf(libc)('has a nonce that the other mapping sees too', () => {
		const { region, fd } = createMappedRegion(libc!, RING_BYTES);
		const other = attachMappedRegion(libc!, fd, RING_BYTES);
		expect(other.nonce).toBe(region.nonce);
		expect(region.nonce).toBeGreaterThan(0);
		expect(fstatSync(fd).size).toBe(linkBytes(RING_BYTES));
		closeSync(fd);
		region.release();
		other.release();
	});

	it.runIf(libc)('leaves harmless zeros behind after release(), and the other mapping as it was', () => {
		ends = mappedEnds();
		const { host, worker } = ends;
		host.data[0].fill(7);
		host.release();
		expect(host.control[MAGIC_INDEX]).toBe(0);
		expect(host.data[0][0]).toBe(0);
		host.data[0][0] = 9;
		expect(worker.data[0][0]).toBe(7);
	});

	it.runIf(libc)('refuses a descriptor that holds no link', () => {
		const fd = libc!.createMemory('other', linkBytes(RING_BYTES));
		expect(() => attachMappedRegion(libc!, fd, RING_BYTES)).toThrow(ProtocolError);
		closeSync(fd);
	});

	it.runIf(libc)('has no name in /dev/shm and leaves no descriptor behind', () => {
		const { region, fd } = createMappedRegion(libc!, RING_BYTES);
		expect(readdirSync('/dev/shm').filter((name) => name.includes('coproc'))).toEqual([]);
		expect(openMemory()).toEqual([fd]);
		closeSync(fd);
		expect(openMemory()).toEqual([]);
		region.release();
	});
});

/** Descriptors of this process that are memory of a link. */
function openMemory(): number[] {
	const isMemory = (fd: string): boolean => {
		try {
			return readlinkSync(`/proc/self/fd/${fd}`).includes('memfd:coproc');
		} catch {
			// The descriptor that the listing itself used is gone by now.
			return false;
		}
	};
	return readdirSync('/proc/self/fd').filter(isMemory).map(Number);
}

describe('the header of a region', () => {
	it.each([
		['magic', MAGIC_INDEX, 0x12345678],
		['version', VERSION_INDEX, LAYOUT_VERSION + 1],
		['ring size that is no power of two', RING_BYTES_INDEX, 5000],
		['ring size that the memory does not hold', RING_BYTES_INDEX, 8192],
		['ring size below the least', RING_BYTES_INDEX, 64],
		['negative ring size', RING_BYTES_INDEX, -4096],
	])('is refused for a wrong %s', (_what, index, value) => {
		const { memory, region } = createSharedRegion(RING_BYTES);
		region.control[index] = value;
		expect(() => attachSharedRegion(memory)).toThrow(ProtocolError);
	});
});

describe('isRingBytes()', () => {
	it.each([MIN_RING_BYTES, 65_536, MAX_RING_BYTES])('takes %i', (bytes) => {
		expect(isRingBytes(bytes)).toBe(true);
	});

	it.each([0, 1, 2048, 4097, 12_288, MAX_RING_BYTES * 2, -4096, 4096.5, Number.NaN, Number.POSITIVE_INFINITY])(
		'refuses %d',
		(bytes) => {
			expect(isRingBytes(bytes)).toBe(false);
		},
	);
});
