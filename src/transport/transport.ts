import type { ByteWriter } from '../internal/byte-writer.ts';

/** How frames reach the peer: shared memory, a socket between processes, or a MessagePort between threads. */
export type TransportKind = 'ring' | 'pipe' | 'port';

/** Which transport a link uses, and why. */
export interface TransportInfo {
	/** How frames reach the peer. */
	readonly kind: TransportKind;
	/** Why this one was chosen, as a clause. */
	readonly reason: string;
}

/** How eagerly a side keeps looking for work before it sleeps: saves processor time, adapts, or saves microseconds. */
export type Latency = 'eco' | 'balanced' | 'low';

/** Keeps frames in order among themselves: frames of one lane never overtake each other; control frames have none. */
export type Lane = number | string | undefined;

/** What takes in frames. The messenger implements it; the transport only knows this much of it. */
export interface FrameSink {
	/**
	 * Takes one frame. `buf[start, end)` is lent for this call only, unless `owned` says that nobody else will use it.
	 * `side` holds the objects that travelled beside the bytes. Must not throw, and runs no user code.
	 */
	onFrame(w1: number, w2: number, w3: number, bytes: FrameBytes): void;
	/** True while the peer has something of this side's to answer: it is at work, even when its event loop sleeps. */
	readonly isAnswerDue: boolean;
	/** True while something that the peer has asked for is about to run here: no use to be woken before. */
	readonly hasWork: boolean;
	/** Called once when nothing more can come: the peer's end is closed, or the link is poisoned by `error`. */
	onPeerGone(error?: Error): void;
}

/** The payload of a frame. One object is reused for all frames of a link: copy what you keep. */
export interface FrameBytes {
	buf: Buffer;
	start: number;
	end: number;
	/** True when the memory belongs to this frame alone and need not be copied. */
	owned: boolean;
	/** Objects that came beside the bytes, when the frame said that there are any. */
	side: readonly unknown[] | undefined;
}

/**
 * Moves frames to one peer and back, in order, without ever blocking the event loop.
 *
 * Sending: `begin()`, encode into the writer, `commit()`. What the peer has no room for waits in an outbox. Frames too large
 * for one record go in fragments, and small frames of other lanes overtake them meanwhile. A peer that dies while frames wait
 * takes them with it; what it had sent is still delivered, then `onPeerGone` is called.
 */
export interface Transport extends TransportInfo {
	/** True when objects (transferred buffers, ports, shared memory) can travel beside the bytes: between threads. */
	readonly carriesObjects: boolean;
	/** Bytes that wait on this side for room. */
	readonly outboxBytes: number;
	/** Lends memory to encode the next frame into. Valid until the next `begin()`; a frame not committed was never there. */
	begin(): ByteWriter;
	/** True when a frame of `bytes` on `lane` will keep its place among all frames sent so far, rather than be fragmented. */
	isOrdered(bytes: number, lane: Lane): boolean;
	/** Sends what was encoded since `begin()`. `side` goes beside the bytes and arrives with this frame. */
	commit(w1: number, w2: number, w3: number, lane: Lane, side?: readonly object[]): void;
	/** Takes in everything that has arrived by now. */
	poll(): void;
	/** Parks this thread until something arrives or `timeout` ms have passed (then false). Sends what waits meanwhile. */
	park(timeout: number): boolean;
	/** Resolves when the outbox is empty and everything was handed to the peer or the kernel; at once when the peer is gone. */
	drained(): Promise<void>;
	/** As {@link drained}, parking the thread, for at most `timeout` ms. */
	drainBlocking(timeout: number): void;
	/** Tells, from whoever saw it, that the peer is gone: takes in what it had sent, then reports. Idempotent. */
	peerGone(error?: Error): void;
	/** Whether waiting for the peer keeps this thread's event loop alive. */
	ref(): void;
	unref(): void;
	/** Closes this side. Idempotent. */
	close(): void;
}

/** Bits of w1. Kind and codec belong to the layer above, and so do the flags from bit 10 to 15. */
export const KIND_MASK = 0xff;
/** Kind of a record that continues the fragmented frame under way. */
export const KIND_FRAGMENT = 0xff;
/** Flag of the first fragment; its payload starts with a prefix that tells the total length. */
export const FLAG_BEGIN = 1 << 8;
/** Flag of a frame with objects beside it; the last 4 bytes of its payload are their number. */
export const FLAG_SIDE = 1 << 9;
/** Bytes before the payload of the first fragment: the total length as a double, padded so that the rest stays aligned. */
export const FRAGMENT_PREFIX_BYTES = 16;
