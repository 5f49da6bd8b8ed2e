import type { RingWriter, SleepKind } from '../ringbuf/index.ts';

/**
 * Where a {@link FrameSender} puts records: a ring, or chunks for a pipe. Both make records visible in batches.
 *
 * `publish()` returns how the peer sleeps; the sender then wakes it.
 */
export type RecordOutput = Pick<RingWriter, 'data' | 'claimed' | 'maxPayload' | 'claim' | 'commit' | 'tryWrite'> & {
	publish(): SleepKind;
};
