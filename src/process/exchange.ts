import type { Packed } from './packer.ts';
import type { Op } from './wire.ts';

/** A frame between two threads of the tree. */
export interface Frame {
	readonly op: Op;
	/** The process of the receiver that it is about; 0 where it is about none. */
	readonly serial: number;
	/** The home that it goes to. */
	readonly to: number;
	/** The home that it comes from. */
	readonly from: number;
}

/**
 * Moves frames between the threads of a tree, each of which is the home of processes and has a number. The root is 0.
 *
 * Frames from one home to another arrive in the order in which they were sent, or not at all. What a home sent before it ended is
 * delivered before its end is told, as `OP.gone`, which every home is told that is left. A frame to a home that is gone is answered by
 * `OP.gone`.
 */
export interface Exchange {
	/** Sends a frame; never waits. Throws QueueFullError when too much waits to leave. */
	send(frame: Frame, packed: Packed): void;
	/** Makes ready for frames to a home that this one is about to ask for. */
	expect?(home: number): void;
}

/** The value of a frame, or why it cannot be read: an error that the receiver has not registered, say. */
export function readSafely(read: () => unknown): unknown {
	try {
		return read();
	} catch (error) {
		return error;
	}
}
