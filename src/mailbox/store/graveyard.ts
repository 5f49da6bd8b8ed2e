import type { Arena } from './arena.ts';
import type { Journal } from './journal.ts';
import * as layout from './layout.ts';
import type { Messages } from './messages.ts';
import { tableWords } from './tag-table.ts';

/**
 * Gives memory back that operations only unlinked, since there may be more of it than one operation can do: messages of drained
 * tags, tables of tags that setTags() replaced. Bit by bit, each bit an operation of its own. Under the lock.
 */
export class Graveyard {
	readonly #words: Int32Array;
	readonly #journal: Journal;
	readonly #arena: Arena;
	readonly #messages: Messages;

	constructor(words: Int32Array, journal: Journal, arena: Arena, messages: Messages) {
		this.#words = words;
		this.#journal = journal;
		this.#arena = arena;
		this.#messages = messages;
	}

	/** Gives back up to `steps` blocks; true when nothing is left. */
	clear(steps: number): boolean {
		const words = this.#words;
		for (let step = 0; step < steps; step += 1) {
			if (words[layout.DEAD_MESSAGES] !== 0) this.#clearMessage(words[layout.DEAD_MESSAGES] as number);
			else if (words[layout.DEAD_TAGS] !== 0) this.#clearTag(words[layout.DEAD_TAGS] as number);
			else if (words[layout.DEAD_TABLES] !== 0) this.#clearTable(words[layout.DEAD_TABLES] as number);
			else return true;
			this.#journal.commit();
		}
		return false;
	}

	#clearMessage(message: number): void {
		const words = this.#words;
		const chunk = words[message + layout.MESSAGE_CHUNKS] as number;
		if (chunk !== 0) {
			this.#journal.set(message + layout.MESSAGE_CHUNKS, words[chunk] as number);
			this.#arena.giveBack(chunk, layout.CHUNK_WORDS);
			return;
		}
		this.#journal.set(layout.DEAD_MESSAGES, words[message] as number);
		this.#messages.giveBack(message);
	}

	#clearTag(tag: number): void {
		const words = this.#words;
		this.#messages.removeAll(tag);
		this.#journal.set(layout.DEAD_TAGS, words[tag] as number);
		this.#arena.giveBack(tag, layout.TAG_NAME + Math.ceil((words[tag + layout.TAG_NAME_BYTES] as number) / 4));
	}

	#clearTable(table: number): void {
		const words = this.#words;
		const buckets = words[table + layout.TABLE_BUCKETS] as number;
		let at = words[table + layout.TABLE_AT] as number;
		while (at < buckets && words[table + layout.TABLE_LISTS + at] === 0) at += 1;
		this.#journal.set(table + layout.TABLE_AT, at);
		if (at === buckets) {
			this.#journal.set(layout.DEAD_TABLES, words[table] as number);
			this.#arena.giveBack(table, tableWords(buckets));
			return;
		}
		const bucket = table + layout.TABLE_LISTS + at;
		const tag = words[bucket] as number;
		this.#journal.set(bucket, words[tag] as number);
		this.#journal.set(tag, words[layout.DEAD_TAGS] as number);
		this.#journal.set(layout.DEAD_TAGS, tag);
	}
}
