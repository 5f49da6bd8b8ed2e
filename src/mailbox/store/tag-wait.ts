import type { TagKey } from './tag-key.ts';

/** A message that was taken out of the store. */
export interface TakenMessage {
	readonly tag: string;
	readonly codec: number;
	/** The contents, in memory of their own or of Node's pool. */
	readonly contents: Buffer;
}

/** What became of a wait. */
export type WaitOutcome =
	| { readonly type: 'message'; readonly message: TakenMessage }
	| { readonly type: 'room' }
	/** setTags() took the tags away, and left no place for them to come back. */
	| { readonly type: 'lost' }
	/** The mailbox was disposed of. */
	| { readonly type: 'closed' }
	/** Whoever waited on behalf of this thread could not. */
	| { readonly type: 'failed'; readonly error: unknown };

/** Somebody in this thread who waits for a message on one of some tags, or for room on one. */
export interface TagWait {
	readonly for: 'message' | 'room';
	readonly keys: readonly TagKey[];
	/** Generation of the mailbox when it was last looked at; undefined before. */
	generation: number | undefined;
	/** Undefined while it waits. */
	outcome: WaitOutcome | undefined;
}

/** Makes a wait. */
export function newWait(what: TagWait['for'], keys: readonly TagKey[]): TagWait {
	return { for: what, keys, generation: undefined, outcome: undefined };
}
