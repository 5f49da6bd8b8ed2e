import type { WireTarget } from '../messenger/index.ts';

/** What the root is asked to start a worker for: the first process in it. */
export interface SpawnOrder {
	/** The number of the new home. The one who asks makes it up, so that it has the handle at once. */
	readonly home: number;
	/** The home that asks. */
	readonly requester: number;
	readonly name: string;
	readonly kind: 'thread' | 'process';
	readonly unhandled: 'exit' | 'dead-letter';
	readonly ignoresNormalExits: boolean;
	readonly target: WireTarget;
	/** URL of a module that is loaded before any message is read. */
	readonly preload: string | undefined;
	/** The arguments of the target, as the one who asks has packed them: the root need not be able to read them. */
	readonly args: { readonly codec: number; readonly bytes: Uint8Array };
}
