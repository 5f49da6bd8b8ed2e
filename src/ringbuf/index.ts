/*
 * Bytes in shared memory: a region holds two rings, one each way; a ring has one producer and one consumer.
 *
 * This layer knows neither messages nor processes. Its invariants:
 * - records become visible by one store of TAIL, and their memory is given back by one store of HEAD;
 * - a side that is about to sleep announces it, looks once more, and only then sleeps; whoever takes the announcement rings;
 * - nothing the peer wrote is used before it was checked; a failed check throws ProtocolError and the link is done.
 *
 * Ideas: cached peer index (rigtorp's SPSCQueue, LMAX Disruptor), layout on separate lines and padding record (Agrona),
 * announce and look again (io_uring's NEED_WAKEUP), bell only for a sleeper (BPF ring buffer).
 */
export {
	ASLEEP,
	AWAKE,
	BELL_INDEX,
	DEFAULT_RING_BYTES,
	MAX_RING_BYTES,
	MIN_RING_BYTES,
	PARKED,
	RELAYED_INDEX,
	RING_CONTROL_INDEX,
	type SleepKind,
	TAIL,
} from './layout.ts';
export { maxRecordPayload, RECORD_HEADER_BYTES, type RecordSink, recordBytes } from './record.ts';
export {
	attachMappedRegion,
	attachSharedRegion,
	createMappedRegion,
	createSharedRegion,
	type Endpoint,
	isRingBytes,
	type MappedRegion,
	type Region,
} from './region.ts';
export { RingReader } from './ring-reader.ts';
export { RingWriter } from './ring-writer.ts';
