/*
 * What host and worker say to each other before the first message and after the last. The messenger only carries it:
 * resource and worker, which never import each other, share the words.
 */

/** Host to worker: what to run. Payload {@link StartOrder}. */
export const KIND_START = 32;
/** Worker to host: the target was loaded and begins. */
export const KIND_READY = 33;
/** Worker to host: the target could not be loaded. Payload {@link StartFailure}. */
export const KIND_START_FAILED = 34;
/** Worker to host, after everything else: an uncaught error ended the target. Payload: the error. */
export const KIND_UNCAUGHT = 35;

/** What a worker runs. */
export type WireTarget =
	| { readonly type: 'module'; readonly url: string; readonly exportName: string }
	| { readonly type: 'inline'; readonly source: string; readonly name: string };

/** What the host orders a worker to do. */
export interface StartOrder {
	readonly target: WireTarget;
	readonly args: readonly unknown[];
	readonly name: string;
}

/** Why a target could not be loaded. */
export interface StartFailure {
	readonly why: string;
	readonly cause?: unknown;
}
