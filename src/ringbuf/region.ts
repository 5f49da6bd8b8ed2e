import { ProtocolError } from '../errors/index.ts';
import type { Address, Libc } from '../internal/libc.ts';
import {
	BELL_INDEX,
	CONTROL_BYTES,
	LAYOUT_VERSION,
	linkBytes,
	MAGIC,
	MAGIC_INDEX,
	MAX_RING_BYTES,
	MIN_RING_BYTES,
	NONCE_INDEX,
	RING_BYTES_INDEX,
	ringDataOffset,
	VERSION_INDEX,
} from './layout.ts';

/** Which end of a link this is: the host writes ring 0 and reads ring 1, the worker the other way round. */
export type Endpoint = 0 | 1;

/** The memory of one link, as one of its two endpoints sees it. Each incarnation of a worker gets its own, never reused. */
export interface Region {
	/** The control words of layout.ts. `Atomics` work on them whichever kind of memory this is. */
	readonly control: Int32Array;
	/** The data of ring 0 (host to worker) and ring 1 (worker to host). */
	readonly data: readonly [Buffer, Buffer];
	/** Parks this thread while the BELL of `endpoint` holds `expected`; false when `timeout` (ms) has passed. */
	park(endpoint: Endpoint, expected: number, timeout: number): boolean;
	/** Wakes whoever is parked on the BELL of `endpoint`; its word must have been changed before. */
	unpark(endpoint: Endpoint): void;
	/** Gives the memory back. The views stay readable and lead nowhere. */
	release(): void;
}

/** Memory for a link between threads. The thread on the other end attaches to `memory`. */
export function createSharedRegion(ringBytes: number): { region: Region; memory: SharedArrayBuffer } {
	const memory = new SharedArrayBuffer(linkBytes(ringBytes));
	initialise(new Int32Array(memory), ringBytes, 0);
	return { region: attachSharedRegion(memory), memory };
}

/** The same memory, as seen by another thread. */
export function attachSharedRegion(memory: SharedArrayBuffer): Region {
	const control = new Int32Array(memory, 0, CONTROL_BYTES / 4);
	return {
		control,
		data: ringData(memory, 0, checkHeader(control, memory.byteLength)),
		// Parks until unpark() of the peer; pairs with its Atomics.notify. Never a futex: terminate() could not end that.
		park: (endpoint, expected, timeout) => Atomics.wait(control, BELL_INDEX[endpoint], expected, timeout) !== 'timed-out',
		// Wakes the Atomics.wait in park().
		unpark: (endpoint) => void Atomics.notify(control, BELL_INDEX[endpoint]),
		release: () => {},
	};
}

/** Memory for a link between processes: the child inherits `fd`, maps it and proves with `nonce` that it sees the same bytes. */
export interface MappedRegion extends Region {
	readonly nonce: number;
}

/** Creates and maps memory for a link between processes. The caller closes `fd` once the child has mapped it. */
export function createMappedRegion(libc: Libc, ringBytes: number): { region: MappedRegion; fd: number } {
	const fd = libc.createMemory('coproc', linkBytes(ringBytes));
	try {
		const mapping = libc.map(fd, linkBytes(ringBytes));
		initialise(new Int32Array(mapping.memory), ringBytes, newNonce());
		return { region: mappedRegion(libc, mapping, linkBytes(ringBytes)), fd };
	} catch (error) {
		libc.close(fd);
		throw error;
	}
}

/** A number that another link will not have by chance; a secret it is not, and node:crypto takes 2 to 5 ms to load. */
function newNonce(): number {
	return 1 + Math.floor(Math.random() * (2 ** 31 - 2));
}

/** Maps memory that was created by the parent and inherited as descriptor `fd`. */
export function attachMappedRegion(libc: Libc, fd: number, ringBytes: number): MappedRegion {
	return mappedRegion(libc, libc.map(fd, linkBytes(ringBytes)), linkBytes(ringBytes));
}

function mappedRegion(libc: Libc, mapping: { address: Address; memory: ArrayBuffer }, bytes: number): MappedRegion {
	const { address, memory } = mapping;
	const control = new Int32Array(memory, 0, CONTROL_BYTES / 4);
	const bells = BELL_INDEX.map((index) => address + BigInt(index * 4)) as [Address, Address];
	return {
		control,
		data: ringData(memory, 0, checkHeader(control, bytes)),
		nonce: control[NONCE_INDEX] ?? 0,
		park: (endpoint, expected, timeout) => libc.futexWait(bells[endpoint], expected, timeout),
		unpark: (endpoint) => libc.futexWake(bells[endpoint]),
		release: () => libc.unmap(address, bytes),
	};
}

/** True when `bytes` can be the size of a ring: a power of two within the limits of layout.ts. */
export function isRingBytes(bytes: number): boolean {
	return Number.isInteger(bytes) && bytes >= MIN_RING_BYTES && bytes <= MAX_RING_BYTES && (bytes & (bytes - 1)) === 0;
}

function initialise(words: Int32Array, ringBytes: number, nonce: number): void {
	words[RING_BYTES_INDEX] = ringBytes;
	words[NONCE_INDEX] = nonce;
	words[VERSION_INDEX] = LAYOUT_VERSION;
	words[MAGIC_INDEX] = MAGIC;
}

/** Returns the ring size that the header tells, once it is known to be ours and to fit the memory at hand. */
function checkHeader(control: Int32Array, bytes: number): number {
	const [magic, version, ringBytes = 0] = control;
	if (magic !== MAGIC || version !== LAYOUT_VERSION || !isRingBytes(ringBytes) || linkBytes(ringBytes) !== bytes) {
		throw new ProtocolError('the shared memory does not hold a link of this version', { magic, version, ringBytes, bytes });
	}
	return ringBytes;
}

function ringData(memory: ArrayBuffer | SharedArrayBuffer, offset: number, ringBytes: number): [Buffer, Buffer] {
	return [
		Buffer.from(memory, offset + ringDataOffset(0, ringBytes), ringBytes),
		Buffer.from(memory, offset + ringDataOffset(1, ringBytes), ringBytes),
	];
}
