import { MailboxFullError } from '../../errors/index.ts';
import type { Post } from '../post.ts';
import { charge, newWait, type TagKey } from '../store/index.ts';

/** A message of a worker that has no place yet. */
interface Held {
	readonly codec: number;
	readonly contents: Buffer;
}

/** Told how many messages, of how many bytes, are where they belong, or were refused with `error`. */
export type OnPlaced = (messages: number, bytes: number, failure?: { readonly error: unknown }) => void;

/**
 * What one worker has sent to one tag and the tag had no room for, in its order. It outlives the worker: what was sent is sent.
 * Bounded by the credit of the worker.
 */
export class Backlog {
	readonly #post: Post;
	readonly #key: TagKey;
	readonly #onPlaced: OnPlaced;
	/** Called when nothing is held any more. */
	readonly #onEmpty: () => void;
	#held: Held[] = [];
	#listeners: (() => void)[] = [];

	constructor(post: Post, key: TagKey, onPlaced: OnPlaced, onEmpty: () => void) {
		this.#post = post;
		this.#key = key;
		this.#onPlaced = onPlaced;
		this.#onEmpty = onEmpty;
	}

	/** Takes a message that the tag had no room for; its memory is copied. */
	hold(codec: number, contents: Uint8Array): void {
		this.#held.push({ codec, contents: Buffer.from(contents) });
		if (this.#held.length === 1) this.#waitForRoom();
	}

	/** Discards what is held, and returns how many messages that were. */
	discard(): number {
		const held = this.#held;
		this.#held = [];
		this.#tellPlaced(held);
		this.#end();
		return held.length;
	}

	/** Calls `listener` when nothing is held any more. */
	whenEmpty(listener: () => void): void {
		this.#listeners.push(listener);
	}

	#waitForRoom(): void {
		try {
			this.#post.start({ ...newWait('room', [this.#key]), keepsAlive: false, onOver: () => this.#place() });
		} catch (error) {
			for (const { contents } of this.#held.splice(0)) this.#onPlaced(1, charge(contents.length), { error });
			this.#end();
		}
	}

	#place(): void {
		if (this.#held.length === 0) return;
		let placed = 0;
		for (const { codec, contents } of this.#held) {
			try {
				this.#post.send(this.#key, codec, contents);
			} catch (error) {
				if (error instanceof MailboxFullError) break;
				this.#onPlaced(1, charge(contents.length), { error });
				this.#held.splice(placed, 1);
				return this.#place();
			}
			placed += 1;
		}
		this.#tellPlaced(this.#held.splice(0, placed));
		if (this.#held.length > 0) this.#waitForRoom();
		else this.#end();
	}

	#tellPlaced(held: readonly Held[]): void {
		if (held.length > 0)
			this.#onPlaced(
				held.length,
				held.reduce((total, { contents }) => total + charge(contents.length), 0),
			);
	}

	#end(): void {
		this.#onEmpty();
		for (const listener of this.#listeners.splice(0)) listener();
	}
}
