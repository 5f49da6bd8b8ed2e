/*
 * What host and worker say to each other before the first message and after the last. The messenger only carries it:
 * resource and worker, which never import each other, share the words.
 *
 * Kinds of frames on a link, and whose they are:
 *
 *     0 ..  31   the messenger (envelope.ts)
 *    32 ..  39   start and end of a worker (here)
 *    40 ..  47   the start-up extension point (here)
 *    48 ..  63   free
 *    64 ..  95   RPC
 *    96 .. 111   mailboxes
 *   112 .. 127   processes
 *   128 .. 143   actors
 *   144 .. 254   free
 *          255   the transport: a fragment that continues the frame before it
 */

/** Host to worker: what to run. Payload {@link StartOrder}. */
export const KIND_START = 32;
/** Worker to host: the target was loaded and begins. */
export const KIND_READY = 33;
/** Worker to host: the target could not be loaded. Payload {@link StartFailure}. */
export const KIND_START_FAILED = 34;
/** Worker to host, after everything else: an uncaught error ended the target. Payload: the error. */
export const KIND_UNCAUGHT = 35;

/** Host to worker: what an extension hands over after the start. Payload {@link HandedExtension}. */
export const KIND_EXTENSION = 40;
/** Worker to host: this worker loaded an extension for which it was handed nothing. Payload: its name. */
export const KIND_EXTENSION_ASKED = 41;

/** What a worker runs. */
export type WireTarget =
	| { readonly type: 'module'; readonly url: string; readonly exportName: string }
	| { readonly type: 'inline'; readonly source: string; readonly name: string };

/** What the host orders a worker to do. */
export interface StartOrder {
	readonly target: WireTarget;
	readonly args: readonly unknown[];
	readonly name: string;
	/** What extensions of the host hand to this worker, by the name of the extension. */
	readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Why a target could not be loaded. */
export interface StartFailure {
	readonly why: string;
	readonly cause?: unknown;
}

/** What an extension hands to a worker that runs already, or why it hands nothing. */
export type HandedExtension =
	| { readonly name: string; readonly value: unknown; readonly refusal?: undefined }
	| { readonly name: string; readonly refusal: string };
