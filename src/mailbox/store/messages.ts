import type { Arena } from './arena.ts';
import type { Journal } from './journal.ts';
import * as layout from './layout.ts';
import { ArenaUsedUp } from './tag-table.ts';

/** Messages in their blocks, and the queues of tags. Under the lock and in the journal, but for what is said to need neither. */
export class Messages {
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

	/** Makes a message with its contents, which must fit into its block. */
	make(codec: number, contents: Uint8Array): number {
		const message = this.makeEmpty(codec, contents.length);
		this.#bytes.set(contents, (message + layout.MESSAGE_PAYLOAD) * 4);
		return message;
	}

	/** True when there is memory for a message of that size. */
	canMake(bytes: number): boolean {
		const chunks = bytes > layout.INLINE_BYTES ? chunkCount(bytes) : 0;
		return this.#arena.canTake(messageWords(bytes), 1) && (chunks === 0 || this.#arena.canTake(layout.CHUNK_WORDS, chunks));
	}

	/** Makes a message of that size without contents. */
	makeEmpty(codec: number, bytes: number): number {
		const words = this.#words;
		const message = this.#take(messageWords(bytes));
		words[message + layout.MESSAGE_BYTES] = bytes;
		words[message + layout.MESSAGE_CODEC] = codec;
		words[message + layout.MESSAGE_CHUNKS] = 0;
		return message;
	}

	/** Puts `count` more chunks before the others of a large message. */
	addChunks(message: number, count: number): void {
		const words = this.#words;
		for (let left = count; left > 0; left -= 1) {
			const chunk = this.#take(layout.CHUNK_WORDS);
			this.#journal.set(chunk, words[message + layout.MESSAGE_CHUNKS] as number);
			this.#journal.set(message + layout.MESSAGE_CHUNKS, chunk);
		}
	}

	/** Copies part of the contents into a chunk. Needs no lock: nobody else knows the chunk. */
	fillChunk(chunk: number, part: Uint8Array): void {
		this.#bytes.set(part, (chunk + layout.CHUNK_PAYLOAD) * 4);
	}

	/** Copies the contents of a message that lies in its block. */
	copy(message: number): Buffer {
		const bytes = this.#words[message + layout.MESSAGE_BYTES] as number;
		const at = (message + layout.MESSAGE_PAYLOAD) * 4;
		return Buffer.from(this.#bytes.subarray(at, at + bytes));
	}

	/** Copies the contents of a large message, whose chunks lie in reverse order. Needs no lock: only its reader knows it. */
	copyChunks(message: number): Buffer {
		const words = this.#words;
		const contents = Buffer.allocUnsafeSlow(words[message + layout.MESSAGE_BYTES] as number);
		let at = chunkCount(contents.length) * layout.CHUNK_BYTES;
		for (let chunk = words[message + layout.MESSAGE_CHUNKS] as number; chunk !== 0; chunk = words[chunk] as number) {
			at -= layout.CHUNK_BYTES;
			const from = (chunk + layout.CHUNK_PAYLOAD) * 4;
			const length = Math.min(layout.CHUNK_BYTES, contents.length - at);
			contents.set(this.#bytes.subarray(from, from + length), at);
		}
		return contents;
	}

	/** Appends a message to the queue of a tag and gives it its place in the order of arrival. */
	append(tag: number, message: number): void {
		const words = this.#words;
		const low = words[layout.NEXT_LOW] as number;
		const high = words[layout.NEXT_HIGH] as number;
		words[message + layout.MESSAGE_LOW] = low;
		words[message + layout.MESSAGE_HIGH] = high;
		this.#journal.set(layout.NEXT_LOW, (low + 1) | 0);
		if (low === -1) this.#journal.set(layout.NEXT_HIGH, (high + 1) | 0);
		const last = words[tag + layout.TAG_LAST] as number;
		this.#journal.set(message, 0);
		this.#journal.set(last === 0 ? tag + layout.TAG_FIRST : last, message);
		this.#journal.set(tag + layout.TAG_LAST, message);
		this.#count(tag, 1, charge(words[message + layout.MESSAGE_BYTES] as number));
	}

	/** Takes the first message out of the queue of a tag. It belongs to nobody then. */
	removeFirst(tag: number): number {
		const words = this.#words;
		const message = words[tag + layout.TAG_FIRST] as number;
		const next = words[message] as number;
		this.#journal.set(tag + layout.TAG_FIRST, next);
		if (next === 0) this.#journal.set(tag + layout.TAG_LAST, 0);
		this.#count(tag, -1, -charge(words[message + layout.MESSAGE_BYTES] as number));
		return message;
	}

	/** Takes all messages out of the queue of a tag, gives them to the dead ones, and returns how many there were. */
	removeAll(tag: number): number {
		const words = this.#words;
		const count = words[tag + layout.TAG_COUNT] as number;
		if (count === 0) return 0;
		this.#journal.set(words[tag + layout.TAG_LAST] as number, words[layout.DEAD_MESSAGES] as number);
		this.#journal.set(layout.DEAD_MESSAGES, words[tag + layout.TAG_FIRST] as number);
		for (const word of [layout.TAG_FIRST, layout.TAG_LAST, layout.TAG_COUNT, layout.TAG_BYTES]) this.#journal.set(tag + word, 0);
		return count;
	}

	/** True when the first message of tag `a` arrived before that of tag `b`. */
	isEarlier(a: number, b: number): boolean {
		const words = this.#words;
		const first = words[a + layout.TAG_FIRST] as number;
		const other = words[b + layout.TAG_FIRST] as number;
		const high = (words[first + layout.MESSAGE_HIGH] as number) - (words[other + layout.MESSAGE_HIGH] as number);
		if (high !== 0) return high < 0;
		return (words[first + layout.MESSAGE_LOW] as number) >>> 0 < (words[other + layout.MESSAGE_LOW] as number) >>> 0;
	}

	/** Gives back a message that lies in its block. */
	giveBack(message: number): void {
		this.#arena.giveBack(message, messageWords(this.#words[message + layout.MESSAGE_BYTES] as number));
	}

	/** Gives a message that belongs to nobody to the dead ones, which are given back bit by bit. */
	bury(message: number): void {
		this.#journal.set(message, this.#words[layout.DEAD_MESSAGES] as number);
		this.#journal.set(layout.DEAD_MESSAGES, message);
	}

	#count(tag: number, messages: number, bytes: number): void {
		const words = this.#words;
		this.#journal.set(tag + layout.TAG_COUNT, (words[tag + layout.TAG_COUNT] as number) + messages);
		this.#journal.set(tag + layout.TAG_BYTES, (words[tag + layout.TAG_BYTES] as number) + bytes);
	}

	#take(words: number): number {
		const block = this.#arena.take(words);
		if (block === 0) throw new ArenaUsedUp();
		return block;
	}
}

/** What a message of so many bytes is charged against `bytesPerTag`. */
export function charge(bytes: number): number {
	return bytes + layout.MESSAGE_OVERHEAD;
}

/** Number of chunks of a large message. */
export function chunkCount(bytes: number): number {
	return Math.ceil(bytes / layout.CHUNK_BYTES);
}

/** Words of the block of a message of so many bytes. */
export function messageWords(bytes: number): number {
	return layout.MESSAGE_PAYLOAD + (bytes > layout.INLINE_BYTES ? 0 : Math.ceil(bytes / 4));
}
