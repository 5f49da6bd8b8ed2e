/*
 * One entry of a ring, and of a pipe: 16 bytes of header, then the payload, padded to 16 bytes.
 *
 *   w0  payload bytes, or -1 = PAD: nothing more before the end of the ring
 *   w1  kind and flags          \
 *   w2  a number of the sender   > the layer above says what they mean
 *   w3  another                 /
 *
 * Headers start at multiples of 16, so that what is left before the end of a ring always holds a header, and so that copies
 * into shared memory are aligned (an unaligned one into a SharedArrayBuffer is 8 times slower).
 */

/** Bytes of header before every payload. */
export const RECORD_HEADER_BYTES = 16;

/** w0 of a record that only fills the rest of the ring. */
export const PAD = -1;

/** Bytes that a record with `payloadBytes` takes, header and padding included. */
export function recordBytes(payloadBytes: number): number {
	return (payloadBytes + RECORD_HEADER_BYTES + 15) & ~15;
}

/**
 * Largest payload that a ring of `ringBytes` takes as one record, in bytes; larger ones go in fragments.
 *
 * A record of aligned size L needs at most (L - 16) + L bytes, for it is never split by the end. With L <= ringBytes / 4
 * an empty ring always has room, and several records fit, so that the two sides work at the same time.
 */
export function maxRecordPayload(ringBytes: number): number {
	return ringBytes / 4 - RECORD_HEADER_BYTES;
}

/** What takes in records: `buf[start, end)` is lent for the duration of the call only. */
export interface RecordSink {
	onRecord(w1: number, w2: number, w3: number, buf: Buffer, start: number, end: number): void;
}
