import type { AbortIgnoredError } from '../errors/index.ts';
import type { MessageLink } from '../messenger/index.ts';

/** What a {@link CallClient} is made of. */
export interface CallClientOptions {
	readonly link: MessageLink;
	/** The worker's name in errors. */
	readonly worker: string;
	/** Bytes that the calls which are not answered may take, CALL_BYTES for each beside its arguments. */
	readonly maxQueuedBytes: number;
	/** How long a cancelled call that has begun may go on, in milliseconds. */
	readonly abortGrace: number;
	/** Called when one goes on for longer: whoever owns the worker ends it. */
	readonly onAbortIgnored: (error: AbortIgnoredError) => void;
	/** Called when somebody was told how the worker ended. */
	readonly onEndTold: () => void;
	/** Returns what can be sent of an error. */
	readonly portable: (error: unknown) => unknown;
}
