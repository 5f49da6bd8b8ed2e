import type { Arena } from './arena.ts';
import type { Journal } from './journal.ts';
import * as layout from './layout.ts';
import type { BoxKey, TagKey } from './tag-key.ts';

const MIN_BUCKETS = 16;
const MAX_BUCKETS = 8192;

/** Thrown inside an operation that finds no memory left; the operation is rolled back. */
export class ArenaUsedUp extends Error {}

/** Finds and makes mailboxes and tags. Under the lock only; what it makes is part of the operation under way. */
export class TagTable {
	readonly #words: Int32Array;
	readonly #bytes: Buffer;
	readonly #journal: Journal;
	readonly #arena: Arena;

	constructor(words: Int32Array, bytes: Buffer, journal: Journal, arena: Arena) {
		this.#words = words;
		this.#bytes = bytes;
		this.#journal = journal;
		this.#arena = arena;
	}

	/** The block of a mailbox, which is made if it is not there yet. */
	box(key: BoxKey): number {
		// One that was just made is not remembered: the operation may still be rolled back.
		return this.findBox(key) || this.#makeBox(key);
	}

	/** The block of a mailbox, or 0. */
	findBox(key: BoxKey): number {
		if (key.block === 0) key.block = this.#searchBox(key);
		return key.block;
	}

	/** The block of a tag, or 0. */
	find(box: number, key: TagKey): number {
		const words = this.#words;
		const generation = words[box + layout.BOX_GENERATION] as number;
		if (key.generation === generation && key.block !== 0) return key.block;
		const table = words[box + layout.BOX_TABLE] as number;
		for (let tag = words[this.#bucket(table, key.hash)] as number; tag !== 0; tag = words[tag] as number) {
			if (!this.#isNamed(tag, key)) continue;
			key.block = tag;
			key.generation = generation;
			return tag;
		}
		return 0;
	}

	/** Makes a tag that is not there. `table` is the mailbox's own, or one that is being filled. */
	make(table: number, key: TagKey): number {
		const words = this.#words;
		const tag = this.#take(layout.TAG_NAME + Math.ceil(key.name.length / 4));
		words[tag + layout.TAG_HASH] = key.hash;
		words[tag + layout.TAG_FIRST] = 0;
		words[tag + layout.TAG_LAST] = 0;
		words[tag + layout.TAG_COUNT] = 0;
		words[tag + layout.TAG_BYTES] = 0;
		words[tag + layout.TAG_NAME_BYTES] = key.name.length;
		this.#bytes.set(key.name, (tag + layout.TAG_NAME) * 4);
		const bucket = this.#bucket(table, key.hash);
		this.#journal.set(tag, words[bucket] as number);
		this.#journal.set(bucket, tag);
		return tag;
	}

	/** Takes a tag out of its table. */
	unlink(table: number, tag: number): void {
		const words = this.#words;
		let link = this.#bucket(table, words[tag + layout.TAG_HASH] as number);
		while (words[link] !== tag) link = words[link] as number;
		this.#journal.set(link, words[tag] as number);
	}

	/** Makes a table without tags for a mailbox of that limit. */
	makeTable(tagLimit: number): number {
		const words = this.#words;
		const buckets = bucketsFor(tagLimit);
		const table = this.#take(layout.TABLE_LISTS + buckets);
		words[table + layout.TABLE_BUCKETS] = buckets;
		words[table + layout.TABLE_AT] = 0;
		words.fill(0, table + layout.TABLE_LISTS, table + layout.TABLE_LISTS + buckets);
		return table;
	}

	#searchBox({ id }: BoxKey): number {
		const words = this.#words;
		for (let box = words[layout.MAILBOXES] as number; box !== 0; box = words[box] as number) {
			if (id.every((word, index) => words[box + layout.BOX_ID + index] === word)) return box;
		}
		return 0;
	}

	#makeBox(key: BoxKey): number {
		const words = this.#words;
		const box = this.#take(layout.BOX_WORDS);
		const table = this.makeTable(key.tagLimit);
		key.id.forEach((word, index) => {
			words[box + layout.BOX_ID + index] = word;
		});
		words[box + layout.BOX_TAG_LIMIT] = key.tagLimit;
		words[box + layout.BOX_BYTES_PER_TAG] = key.bytesPerTag;
		words[box + layout.BOX_TAGS] = 0;
		words[box + layout.BOX_TABLE] = table;
		words[box + layout.BOX_GENERATION] = 1;
		words[box + layout.BOX_IS_CLOSED] = 0;
		this.#journal.set(box, words[layout.MAILBOXES] as number);
		this.#journal.set(layout.MAILBOXES, box);
		return box;
	}

	#take(words: number): number {
		const block = this.#arena.take(words);
		if (block === 0) throw new ArenaUsedUp();
		return block;
	}

	#bucket(table: number, hash: number): number {
		return table + layout.TABLE_LISTS + (hash & ((this.#words[table + layout.TABLE_BUCKETS] as number) - 1));
	}

	#isNamed(tag: number, { hash, name }: TagKey): boolean {
		const words = this.#words;
		if (words[tag + layout.TAG_HASH] !== hash || words[tag + layout.TAG_NAME_BYTES] !== name.length) return false;
		const at = (tag + layout.TAG_NAME) * 4;
		return this.#bytes.compare(name, 0, name.length, at, at + name.length) === 0;
	}
}

/** Words of a table's block, as it was taken. */
export function tableWords(buckets: number): number {
	return layout.TABLE_LISTS + buckets;
}

function bucketsFor(tagLimit: number): number {
	let buckets = MIN_BUCKETS;
	while (buckets < MAX_BUCKETS && buckets * 2 < tagLimit) buckets *= 2;
	return buckets;
}
