import type { Journal } from './journal.ts';
import * as layout from './layout.ts';

/** Who takes part in the mailboxes of a tree: a thread of a process. */
export interface Participant {
	readonly pid: number;
	/** Number of the thread in its process as Node counts; 0 is the main thread. */
	readonly threadId: number;
	/** Number of the thread as the operating system counts; 0 where that is not known. */
	readonly taskId: number;
	/** Slot of who started it; undefined for the root. */
	readonly parent: number | undefined;
}

/** What a participant waits for, by the hash of the tag. */
export interface Interest {
	readonly hash: number;
	/** Room, rather than a message. */
	readonly isRoom: boolean;
}

/** Wakes a participant that sleeps in its event loop or is parked; called before the operation has happened. */
export type Ring = (slot: number, sleep: number) => void;

/** The participants, and who of them sleeps until what happens. Under the lock and in the journal only. */
export class Slots {
	readonly #words: Int32Array;
	readonly #journal: Journal;
	readonly #ring: Ring;

	constructor(words: Int32Array, journal: Journal, ring: Ring) {
		this.#words = words;
		this.#journal = journal;
		this.#ring = ring;
	}

	/** Gives a participant a slot; undefined when there is none left. */
	take({ pid, threadId, taskId, parent }: Participant): number | undefined {
		const words = this.#words;
		const used = words[layout.SLOTS_USED] as number;
		let slot = 0;
		while (slot < used && words[layout.slotAt(slot)] !== 0) slot += 1;
		if (slot === layout.MAX_SLOTS) return undefined;
		if (slot === used) this.#journal.set(layout.SLOTS_USED, used + 1);
		const at = layout.slotAt(slot);
		const generation = ((words[at + layout.SLOT_GENERATION] as number) + 1) | 0;
		for (let word = 1; word < layout.SLOT_WORDS; word += 1) words[at + word] = 0;
		words[at + layout.SLOT_GENERATION] = generation;
		words[at + layout.SLOT_PID] = pid;
		words[at + layout.SLOT_THREAD] = threadId;
		words[at + layout.SLOT_TASK] = taskId;
		words[at + layout.SLOT_PARENT] = parent === undefined ? 0 : parent + 1;
		this.#journal.set(at + layout.SLOT_IS_USED, 1);
		return slot;
	}

	/** Slots that are used. */
	*used(): Iterable<number> {
		for (let slot = 0; slot < (this.#words[layout.SLOTS_USED] as number); slot += 1)
			if (this.#words[layout.slotAt(slot)] !== 0) yield slot;
	}

	/** Gives a slot back; what it was writing and reading must have been buried before. */
	free(slot: number): void {
		if (this.#words[layout.slotAt(slot) + layout.SLOT_SLEEP] !== layout.AWAKE) this.awake(slot);
		this.#journal.set(layout.slotAt(slot), 0);
	}

	/** The participant will sleep until something of `interests` happens. */
	sleep(slot: number, sleep: number, interests: Iterable<Interest>): void {
		const words = this.#words;
		const at = layout.slotAt(slot);
		// Not in the journal: while it is awake nobody looks at them.
		if (words[at + layout.SLOT_SLEEP] !== layout.AWAKE) this.awake(slot);
		words.fill(0, at + layout.SLOT_WANTS, at + layout.SLOT_WANTS_ROOM + layout.SET_WORDS);
		for (const { hash, isRoom } of interests) {
			const word = wordOf(at + (isRoom ? layout.SLOT_WANTS_ROOM : layout.SLOT_WANTS), hash);
			words[word] = (words[word] as number) | (1 << (hash & 31));
		}
		this.#journal.set(at + layout.SLOT_SLEEP, sleep);
		this.#journal.set(layout.SLEEPERS, (words[layout.SLEEPERS] as number) + 1);
	}

	/** The participant does not sleep any more. */
	awake(slot: number): void {
		this.#journal.set(layout.slotAt(slot) + layout.SLOT_SLEEP, layout.AWAKE);
		this.#journal.set(layout.SLEEPERS, (this.#words[layout.SLEEPERS] as number) - 1);
	}

	/**
	 * Wakes everyone who waits for a message, or for room, on a tag with this hash; undefined: everyone.
	 *
	 * The bells ring before the operation that is the reason has happened: whoever dies in between then leaves nobody asleep
	 * beside a message. Who is woken waits for the lock, and finds the operation done, or undone.
	 */
	wake(hash: number | undefined, isRoom = false): void {
		const words = this.#words;
		this.#journal.set(layout.CHANGES, ((words[layout.CHANGES] as number) + 1) | 0);
		if (words[layout.SLEEPERS] === 0) return;
		const set = isRoom ? layout.SLOT_WANTS_ROOM : layout.SLOT_WANTS;
		const used = words[layout.SLOTS_USED] as number;
		let woken = 0;
		for (let slot = 0; slot < used; slot += 1) {
			const at = layout.slotAt(slot);
			const sleep = words[at + layout.SLOT_SLEEP] as number;
			if (sleep === layout.AWAKE || words[at] === 0) continue;
			if (hash !== undefined && ((words[wordOf(at + set, hash)] as number) & (1 << (hash & 31))) === 0) continue;
			this.#journal.set(at + layout.SLOT_SLEEP, layout.AWAKE);
			woken += 1;
			this.#ring(slot, sleep);
		}
		if (woken > 0) this.#journal.set(layout.SLEEPERS, (words[layout.SLEEPERS] as number) - woken);
	}
}

function wordOf(set: number, hash: number): number {
	return set + ((hash >>> 5) & (layout.SET_WORDS - 1));
}
