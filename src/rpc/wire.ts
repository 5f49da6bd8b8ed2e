/*
 * What host and worker say to each other about calls. In the three words of a frame:
 *
 *   w1  kind:8 | flags:8 | codec:8 | 0        w2  number of the call        w3  see below
 *
 * The host numbers its calls, and a number is free again once the worker has said how the call ended. All frames of one call
 * share a lane, so progress, items and result arrive in the order in which they were sent, however large they are.
 */
import type { StartOrder } from '../messenger/index.ts';

/** Host to worker: call function number w3. Payload: see the flags. */
export const KIND_CALL = 64;
/** Host to worker: nobody wants the result any more. Payload: the reason. */
export const KIND_CANCEL = 65;
/** Host to worker: the consumer of a stream has taken w3 items since its start, modulo 2^32. */
export const KIND_TAKEN = 66;
/** Worker to host: the call begins now. Sent when {@link FLAG_TELLS_BEGIN} asks for it. */
export const KIND_BEGUN = 67;
/** Worker to host: a value given to `progress()`. */
export const KIND_PROGRESS = 68;
/** Worker to host: the next item of a stream. */
export const KIND_ITEM = 69;
/** Worker to host: the call has ended, with this value; of a stream, what its generator returned. */
export const KIND_RESULT = 70;
/** Worker to host: the call has ended, with this error. */
export const KIND_FAILED = 71;
/** Worker to host: the call was cancelled before it began, and will not begin. */
export const KIND_DROPPED = 72;

/** The worker is to say when the call begins: only a call that has begun can refuse to end. */
export const FLAG_TELLS_BEGIN = 1 << 10;
/** The payload starts with the call's terms, see call-terms.ts. */
export const FLAG_HAS_TERMS = 1 << 11;
/** Somebody listens to progress. */
export const FLAG_WANTS_PROGRESS = 1 << 13;
/** The payload is the only argument instead of a list. */
export const FLAG_ONE_ARGUMENT = 1 << 14;
/** There are no arguments, and the payload means nothing. */
export const FLAG_NO_ARGUMENTS = 1 << 15;

/** Items of a stream that may be under way or wait for its consumer. */
export const STREAM_WINDOW_ITEMS = 32;
/** Bytes of a stream's items that may be under way or wait, in addition to the first item. */
export const STREAM_WINDOW_BYTES = 256 * 1024;

/** Keeps the frames of one call in order. Channels of the messenger have lanes above 0, or named. */
export function laneOf(id: number): number {
	return -1 - id;
}

/** What a worker says about one of its functions when it starts; its number is its place in the list. */
export interface FunctionInfo {
	readonly name: string;
	/** True when a call gives a stream of items instead of one result. */
	readonly streams: boolean;
}

/** Orders a worker to answer calls of its target's functions instead of running the target. */
export interface ServeOrder extends StartOrder {
	readonly serves: {
		/** Calls that run at once; others wait. */
		readonly concurrency: number;
		/** True to answer chunks as well, see chunk-wire.ts, and to have the host know of each call that begins before it runs. */
		readonly chunks: boolean;
	};
}
