import type { ObjectLane } from './bell.ts';

/** Moves chunks of bytes to one peer, in order: a socket between processes or a MessagePort between threads. */
export interface ByteChannel {
	/** True while so many bytes are under way that more should wait; `onDrain` tells the end of it. */
	readonly isFull: boolean;
	/** True when everything written was handed to the kernel or the other port. */
	readonly isDrained: boolean;
	/** Sends a chunk, which changes hands. */
	write(chunk: Buffer): void;
	/** Hands over, before it returns, what has arrived; does nothing where only the event loop can tell. */
	poll(): void;
	/** Parks this thread until something arrives or `timeout` ms have passed. Missing where the thread must not park. */
	park?(timeout: number): void;
	/** Objects beside the bytes, between threads. */
	readonly objects?: ObjectLane;
	ref(): void;
	unref(): void;
	close(): void;
}

/** Receives what a channel has to tell. */
export interface ChannelListener {
	/** A chunk; its memory belongs to the listener. */
	onChunk(chunk: Buffer): void;
	/** The channel is no longer full, or everything written has left. */
	onDrain(): void;
	/** A write failed: nobody reads any more. What the peer had sent still comes, and then the close. */
	onUnwritable?(): void;
	/** Nothing more will come; everything that had come was handed over before. */
	onClose(): void;
}
