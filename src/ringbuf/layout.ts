/*
 * Where everything lies in the memory of one link. The only place with these numbers.
 *
 *   byte
 *      0  magic | version | ring bytes | nonce                     read-only after creation
 *    128  BELL of the host                                         a parked endpoint waits on this word
 *    256  BELL of the worker
 *    384  RELAYED: TAIL of ring 1 up to which a helper thread has handed records to the kernel
 *    512  control of ring 0 (host -> worker), 1024 bytes
 *   1536  control of ring 1 (worker -> host), 1024 bytes
 *   4096  data of ring 0, then data of ring 1, 2^k bytes each      (may lie in memory of its own)
 *
 * Control of a ring: each word on a line of its own, 128 bytes apart (adjacent-line prefetch on x86, line size of Apple's M):
 *
 *      0  TAIL   producer writes, free-running int32 in bytes      pairs: store in publish, load in read and arm
 *    128  HEAD   consumer writes, free-running int32 in bytes      pairs: store in release, load in claim and armSpace
 *    256  CWAIT  consumer: 0 awake, 1 asleep in the event loop, 2 parked     taken by the producer
 *    384  PWAIT  producer waits for space: 0, 1, 2 alike                      taken by the consumer
 *    512  producer's counters: bells rung
 *    640  consumer's counters: sleeps
 *    768  STATE  bits set by the producer: closed
 *
 * CWAIT and PWAIT are not on the lines of TAIL and HEAD, because they change only around sleeps: a producer's look at
 * CWAIT then stays a hit in its own cache.
 */

/** Bytes between two words that different sides write. */
const LINE_BYTES = 128;
const WORD_BYTES = 4;

/** First word of every link, "CPR1". */
export const MAGIC = 0x31525043;
/** Version of this layout; a peer with another one gets the pipe. */
export const LAYOUT_VERSION = 1;

/** Word index of each word of the read-only header. */
export const MAGIC_INDEX = 0;
/** Word index of the layout's version. */
export const VERSION_INDEX = 1;
/** Word index of the size of each ring, in bytes. */
export const RING_BYTES_INDEX = 2;
/** Word index of the random number by which a worker process proves that it sees the host's memory. */
export const NONCE_INDEX = 3;

/** Word index of the BELL of each endpoint: host 0, worker 1. */
export const BELL_INDEX: readonly [number, number] = [LINE_BYTES / WORD_BYTES, (2 * LINE_BYTES) / WORD_BYTES];

/** Word index of RELAYED. Written by the helper thread that owns a pipe, waited on by the thread that ends the process. */
export const RELAYED_INDEX: number = (3 * LINE_BYTES) / WORD_BYTES;

/** Word index of the control of each ring: host to worker 0, worker to host 1. */
export const RING_CONTROL_INDEX: readonly [number, number] = [512 / WORD_BYTES, 1536 / WORD_BYTES];

/** Word offsets within the control of a ring. */
export const TAIL = 0;
export const HEAD = LINE_BYTES / WORD_BYTES;
export const CWAIT = (2 * LINE_BYTES) / WORD_BYTES;
export const PWAIT = (3 * LINE_BYTES) / WORD_BYTES;
export const BELLS_RUNG = (4 * LINE_BYTES) / WORD_BYTES;
export const SLEEPS = (5 * LINE_BYTES) / WORD_BYTES;
export const STATE = (6 * LINE_BYTES) / WORD_BYTES;

/** Bit of STATE: the producer closed this ring in order and will write nothing more. */
export const STATE_CLOSED = 1;

/** Bytes of control words before the data. */
export const CONTROL_BYTES = 4096;

/** Ring size unless the options say otherwise, in bytes. */
export const DEFAULT_RING_BYTES: number = 256 * 1024;
/** Smallest ring: room for a fragment of a useful size, in bytes. */
export const MIN_RING_BYTES: number = 4 * 1024;
/** Largest ring, in bytes; positions are 32-bit and must tell full from empty. */
export const MAX_RING_BYTES: number = 64 * 1024 * 1024;

/** Bytes of memory that a link with rings of `ringBytes` takes. */
export function linkBytes(ringBytes: number): number {
	return CONTROL_BYTES + 2 * ringBytes;
}

/** Offset in bytes of the data of ring 0 or 1. */
export function ringDataOffset(ring: 0 | 1, ringBytes: number): number {
	return CONTROL_BYTES + ring * ringBytes;
}

/** How a side sleeps, as CWAIT and PWAIT say it; whoever wakes it rings the bell of that kind. */
export type SleepKind = 0 | 1 | 2;
export const AWAKE = 0;
export const ASLEEP = 1;
export const PARKED = 2;
