import type { BoxKey, TagKey, TagWait } from './store/index.ts';

/** Someone who waits in the event loop. */
export interface LoopWait extends TagWait {
	/** Whether the wait keeps its event loop alive. */
	readonly keepsAlive: boolean;
	/** Called when `outcome` is set. Runs after the operation, and may use the post. */
	onOver(): void;
}

/** What is done to tags as a whole. */
export type Change =
	| { readonly type: 'drain'; readonly keys: readonly TagKey[] }
	| { readonly type: 'setTags'; readonly box: BoxKey; readonly keys: readonly TagKey[] }
	| { readonly type: 'close'; readonly box: BoxKey };

/** What came of a {@link Change}: how many messages a drain discarded, or the error that it failed with. */
export type Changed = { readonly count: number } | { readonly error: unknown };

/** What one thread sends and receives through: the shared store itself, or its host where memory cannot be shared. */
export interface Post {
	/**
	 * Sends encoded contents. `beforehand` is called when nothing can refuse the message any more; if it throws, nothing was sent.
	 *
	 * @throws MailboxFullError, TagCapacityError, MailboxClosedError
	 */
	send(key: TagKey, codec: number, contents: Uint8Array, beforehand?: () => void): void;
	/** Looks once, if that costs no more than a look: true when the wait is over. False says nothing. */
	look(wait: TagWait): boolean;
	/** Waits in the event loop until `onOver` is called, which may be at once. */
	start(wait: LoopWait): void;
	/**
	 * Ends a wait, one that was not started as well, and then calls `onEnded` in the place of `onOver`: a message that came first is
	 * its outcome all the same. With `isLastLook`, what is there by then is taken.
	 */
	giveUp(wait: LoopWait, isLastLook: boolean, onEnded: () => void): void;
	/** Parks this thread until the wait has an outcome, or `timeout` ms have passed: then it has none. */
	waitBlocking(wait: TagWait, timeout: number): void;
	/** Changes tags; returns how many messages were discarded by a drain. Throws what the store throws. */
	change(change: Change): number;
	/** The same, without ever parking this thread. */
	changeLater(change: Change, onDone: (changed: Changed) => void): void;
}
