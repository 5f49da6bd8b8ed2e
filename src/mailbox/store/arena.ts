import type { Journal } from './journal.ts';
import { BACKED, CHUNK_WORDS, END_INDEX, FREE, FRESH } from './layout.ts';

/** Smallest block, in words. */
const MIN_WORDS = 16;
const MIN_LOG = 4;

/** Words that are backed at a time: 1 MiB. */
const STEP_WORDS = 262_144;

/** Gives the memory of words `from` to `to` what it needs to be touched; false when there is none. */
export type Back = (from: number, to: number) => boolean;

/**
 * Blocks of memory in sizes that double in two steps, each with a list of free ones. Under the lock and in the journal only.
 *
 * A block must not be given back and another one taken in the same operation: what is written into that one could not be
 * rolled back.
 */
export class Arena {
	readonly #words: Int32Array;
	readonly #journal: Journal;
	readonly #back: Back;
	#hasFreed = false;

	constructor(words: Int32Array, journal: Journal, back: Back) {
		this.#words = words;
		this.#journal = journal;
		this.#back = back;
	}

	/** True once when a block was given back since this was asked last. */
	takeFreed(): boolean {
		const hasFreed = this.#hasFreed;
		this.#hasFreed = false;
		return hasFreed;
	}

	/** True when `count` blocks for so many words each could be taken. Changes nothing but what is backed. */
	canTake(needed: number, count: number): boolean {
		const words = this.#words;
		const size = sizeFor(needed);
		let left = count;
		for (let free = words[FREE + size] as number; free !== 0 && left > 0; free = words[free] as number) left -= 1;
		if (left === 0) return true;
		const end = (words[FRESH] as number) + left * wordsOf(size);
		while (end > (words[BACKED] as number)) if (!this.#grow((words[BACKED] as number) + 1)) return false;
		return true;
	}

	/** Takes a block for so many words, at most {@link CHUNK_WORDS}. Its first word is 0. Returns 0 when the memory is used up. */
	take(needed: number): number {
		const words = this.#words;
		const size = sizeFor(needed);
		const head = FREE + size;
		const free = words[head] as number;
		if (free !== 0) {
			this.#journal.set(head, words[free] as number);
			this.#journal.set(free, 0);
			return free;
		}
		const fresh = words[FRESH] as number;
		const next = fresh + wordsOf(size);
		if (next > (words[BACKED] as number) && !this.#grow(next)) return 0;
		this.#journal.set(FRESH, next);
		words[fresh] = 0;
		return fresh;
	}

	/** Gives back a block that was taken for so many words. */
	giveBack(block: number, needed: number): void {
		const head = FREE + sizeFor(needed);
		this.#hasFreed = true;
		this.#journal.set(block, this.#words[head] as number);
		this.#journal.set(head, block);
	}

	#grow(needed: number): boolean {
		const words = this.#words;
		const from = words[BACKED] as number;
		const to = Math.min(words[END_INDEX] as number, from + STEP_WORDS);
		if (to < needed || !this.#back(from, to)) return false;
		// Not in the journal: memory that was backed stays so, whatever becomes of the operation.
		words[BACKED] = to;
		return true;
	}
}

/** Number of sizes. */
export const SIZES: number = sizeFor(CHUNK_WORDS) + 1;

/** Number of the smallest size that has so many words. */
export function sizeFor(needed: number): number {
	if (needed <= MIN_WORDS) return 0;
	const log = 31 - Math.clz32(needed - 1);
	const isHalfWay = needed <= 3 << (log - 1);
	return 2 * (log - MIN_LOG) + (isHalfWay ? 1 : 2);
}

/** Words of a block of that size. */
export function wordsOf(size: number): number {
	const power = MIN_WORDS << (size >> 1);
	return size % 2 === 0 ? power : power + (power >> 1);
}
