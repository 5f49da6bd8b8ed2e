import { BroadcastChannel } from 'node:worker_threads';

import { layout } from '../store/index.ts';
import type { TreeBell } from './tree-bell.ts';

const NOTHING: ReadonlyMap<number, number> = new Map();

/** Bells between threads of one process: a named channel for the event loop, the slot's own word for those that are parked. */
export class ChannelBell implements TreeBell {
	readonly #words: Int32Array;
	readonly #name: string;
	#own: BroadcastChannel | undefined;

	/** @param name of the tree, which no other tree of this process has */
	constructor(words: Int32Array, name: string) {
		this.#words = words;
		this.#name = name;
	}

	ring(slot: number, sleep: number): void {
		if (sleep === layout.PARKED) {
			const word = layout.slotAt(slot) + layout.SLOT_BELL;
			// Changes the word that the parked thread waits on, then wakes it: pairs with parkWord() and the wait in park().
			Atomics.add(this.#words, word, 1);
			Atomics.notify(this.#words, word);
			return;
		}
		// One for each ring: a channel that is kept would collect the rings of all others, which nobody reads.
		const channel = new BroadcastChannel(this.#nameOf(slot));
		channel.postMessage(0);
		channel.close();
	}

	openLoop(slot: number, onRing: () => void): ReadonlyMap<number, number> {
		const own = new BroadcastChannel(this.#nameOf(slot));
		own.addEventListener('message', onRing);
		own.unref();
		this.#own = own;
		return NOTHING;
	}

	openPark(): undefined {
		return undefined;
	}

	parkWord(slot: number): number {
		// Pairs with the add in ring().
		return Atomics.load(this.#words, layout.slotAt(slot) + layout.SLOT_BELL);
	}

	park(slot: number, seen: number, timeout: number): void {
		// Woken by the notify in ring().
		Atomics.wait(this.#words, layout.slotAt(slot) + layout.SLOT_BELL, seen, timeout);
	}

	setRef(isRefd: boolean): void {
		if (isRefd) this.#own?.ref();
		else this.#own?.unref();
	}

	#nameOf(slot: number): string {
		return `coproc.mailbox.${this.#name}.${slot}.${this.#words[layout.slotAt(slot) + layout.SLOT_GENERATION]}`;
	}
}
