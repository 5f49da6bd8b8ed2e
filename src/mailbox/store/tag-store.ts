import { TagCapacityError } from '../../errors/index.ts';
import * as layout from './layout.ts';
import { interestsOf, look } from './look.ts';
import { chunkCount } from './messages.ts';
import { hasTag, openTag, removeEmptyTag } from './one-tag.ts';
import { Operations } from './operations.ts';
import { partsOf, type StoreMemory, type StoreParts } from './parts.ts';
import { checkRoom, openBox, tagFor } from './room.ts';
import { closeBox, replaceTags } from './set-tags.ts';
import type { Participant } from './slots.ts';
import type { BoxKey, TagKey } from './tag-key.ts';
import type { TagWait } from './tag-wait.ts';

/** Chunks of a large message that one operation takes. */
const CHUNKS_AT_ONCE = 16;
/** Messages that one operation hands out. */
const MESSAGES_AT_ONCE = 16;

/** A message to send. */
export interface Outgoing {
	readonly key: TagKey;
	readonly codec: number;
	/** Encoded by that codec. */
	readonly contents: Uint8Array;
	/** Called under the lock when nothing can refuse the message any more. If it throws, nothing was sent. */
	readonly beforehand?: (() => void) | undefined;
}

/**
 * Tags of mailboxes in shared memory: many senders, many receivers, each of which may die at any instant.
 *
 * Each method is one operation under the lock, or a few where it says so. One that throws has changed nothing.
 */
export class TagStore {
	readonly #parts: StoreParts;
	readonly #words: Int32Array;
	readonly #operations: Operations;

	constructor(memory: StoreMemory) {
		this.#words = memory.words;
		this.#parts = partsOf(memory);
		this.#operations = new Operations(this.#parts, memory.lock);
	}

	/** A number that changes when a wait may be over. Needs no lock. */
	get changes(): number {
		// Pairs with the plain store in Slots.wake(), which the release of the lock publishes; one that is missed is seen under the lock.
		return Atomics.load(this.#words, layout.CHANGES);
	}

	/** Takes part; undefined when the store has no slot left. */
	join(participant: Participant): number | undefined {
		return this.#operations.run(() => this.#parts.slots.take(participant));
	}

	/** Writes words of a participant's own slot, such as how to wake it. */
	describe(slot: number, facts: ReadonlyMap<number, number>): void {
		this.#operations.run(() => {
			for (const [word, value] of facts) this.#parts.journal.set(layout.slotAt(slot) + word, value);
		});
	}

	/** Says that there will be other processes: parked threads have to get ready for them. */
	announceProcesses(): void {
		if (this.#words[layout.HAS_PROCESSES] !== 0) return;
		this.#operations.run(() => {
			this.#parts.journal.set(layout.HAS_PROCESSES, 1);
			this.#parts.slots.wake(undefined);
		});
	}

	/** Slots of participants of which `isDead` says so, and of all that they started. */
	slotsOf(isDead: (pid: number, threadId: number) => boolean): number[] {
		return this.#operations.run(() => [...this.#family(isDead)]);
	}

	/** Process of the participant in a slot. */
	pidOf(slot: number): number {
		return this.#words[layout.slotAt(slot) + layout.SLOT_PID] as number;
	}

	/** Takes the slot of a participant that is gone, with the message that it was writing and the one that it was reading. */
	release(slot: number): void {
		const at = layout.slotAt(slot);
		this.#operations.run(() => {
			if (this.#words[at] === 0) return;
			this.#buryAt(at + layout.SLOT_WRITING);
			this.#buryAt(at + layout.SLOT_READING);
			this.#parts.slots.free(slot);
		});
		this.#operations.tidy();
	}

	/**
	 * Sends a message from the participant in `slot`. Large ones take several operations: they are copied without the lock.
	 *
	 * @throws MailboxFullError, TagCapacityError or MailboxClosedError; nothing was sent then
	 */
	send(slot: number, message: Outgoing): void {
		const { key, codec, contents } = message;
		if (contents.length > layout.INLINE_BYTES) return this.#sendLarge(slot, message);
		this.#operations.run(() => {
			const tag = tagFor(this.#parts, key, contents.length);
			this.#deliver(message, tag, this.#parts.messages.make(codec, contents));
		}, message);
	}

	/**
	 * Looks for what `waits` wait for, in their order, and says in them how they ended. Those that go on sleep from now on, in the
	 * way that `sleep` says. True: that was enough for one operation, nobody sleeps yet, and there may be more to find.
	 */
	collect(slot: number, waits: readonly TagWait[], sleep: number): boolean {
		let large: TagWait | undefined;
		const hasMore = this.#operations.run(() => {
			let taken = 0;
			for (const wait of waits) {
				if (wait.outcome !== undefined) continue;
				const found = look(this.#parts, slot, wait);
				if (found === 'large') large = wait;
				if (found !== 'waits') taken += 1;
				if (large || taken === MESSAGES_AT_ONCE) return true;
			}
			if (sleep !== layout.AWAKE && waits.some(({ outcome }) => outcome === undefined))
				this.#parts.slots.sleep(slot, sleep, interestsOf(waits));
			return false;
		});
		if (large) this.#finishReading(slot, large);
		return hasMore;
	}

	/** Stops to be woken, because it looks by itself. */
	awake(slot: number): void {
		const sleep = layout.slotAt(slot) + layout.SLOT_SLEEP;
		if (this.#words[sleep] === layout.AWAKE) return;
		this.#operations.run(() => {
			if (this.#words[sleep] !== layout.AWAKE) this.#parts.slots.awake(slot);
		});
	}

	/** Discards the messages of these tags, one tag after the other, and returns how many there were. */
	drain(keys: readonly TagKey[]): number {
		const { messages, slots, table } = this.#parts;
		let count = 0;
		for (const key of keys) {
			count += this.#operations.run(() => {
				const box = openBox(this.#parts, key.box, false);
				const tag = box === 0 ? 0 : table.find(box, key);
				const removed = tag === 0 ? 0 : messages.removeAll(tag);
				if (removed > 0) slots.wake(key.hash, true);
				return removed;
			});
		}
		this.#operations.tidy();
		return count;
	}

	/** Takes away all tags of a mailbox with their messages and puts these, which differ, in their place; all at once. */
	setTags(box: BoxKey, keys: readonly TagKey[]): void {
		if (keys.length > box.tagLimit) throw new TagCapacityError({ tag: undefined, tags: keys.length, tagLimit: box.tagLimit });
		this.#operations.run(() => replaceTags(this.#parts, box, keys), { key: keys[0] });
		this.#operations.tidy();
	}

	/** Makes a tag if it is not there, whatever the limit of its mailbox. Throws MailboxFullError. */
	openTag(key: TagKey): void {
		this.#operations.run(() => openTag(this.#parts, key), { key });
	}

	/** True when a tag is there. */
	hasTag(key: TagKey): boolean {
		return this.#operations.run(() => hasTag(this.#parts, key));
	}

	/** Takes a tag away that has no messages; false when it has. */
	removeEmptyTag(key: TagKey): boolean {
		const isRemoved = this.#operations.run(() => removeEmptyTag(this.#parts, key));
		this.#operations.tidy();
		return isRemoved;
	}

	/** Ends a mailbox for everyone. Idempotent. */
	close(box: BoxKey): void {
		this.#operations.run(() => closeBox(this.#parts, box));
		this.#operations.tidy();
	}

	#sendLarge(slot: number, outgoing: Outgoing): void {
		const { key, codec, contents } = outgoing;
		const { journal, messages } = this.#parts;
		const writing = layout.slotAt(slot) + layout.SLOT_WRITING;
		try {
			const message = this.#operations.run(() => {
				checkRoom(this.#parts, key, contents.length);
				const made = messages.makeEmpty(codec, contents.length);
				journal.set(writing, made);
				return made;
			}, outgoing);
			this.#fill(message, outgoing);
			this.#operations.run(() => {
				const tag = tagFor(this.#parts, key, contents.length);
				journal.set(writing, 0);
				this.#deliver(outgoing, tag, message);
			}, outgoing);
		} catch (error) {
			this.#operations.run(() => this.#buryAt(writing));
			this.#operations.tidy();
			throw error;
		}
	}

	#fill(message: number, outgoing: Outgoing): void {
		const { contents } = outgoing;
		const { messages } = this.#parts;
		const chunks = chunkCount(contents.length);
		for (let from = 0; from < chunks; from += CHUNKS_AT_ONCE) {
			const count = Math.min(CHUNKS_AT_ONCE, chunks - from);
			this.#operations.run(() => messages.addChunks(message, count), outgoing);
			let chunk = this.#words[message + layout.MESSAGE_CHUNKS] as number;
			// Each chunk goes before the others, so the one at the head is the last of this lot.
			for (let part = from + count - 1; part >= from; part -= 1) {
				messages.fillChunk(chunk, contents.subarray(part * layout.CHUNK_BYTES, (part + 1) * layout.CHUNK_BYTES));
				chunk = this.#words[chunk] as number;
			}
		}
	}

	/** Copies, without the lock, the message that was set aside. */
	#finishReading(slot: number, wait: TagWait): void {
		const reading = layout.slotAt(slot) + layout.SLOT_READING;
		const contents = this.#parts.messages.copyChunks(this.#words[reading] as number);
		this.#operations.run(() => this.#buryAt(reading));
		this.#operations.tidy();
		if (wait.outcome?.type === 'message') wait.outcome = { type: 'message', message: { ...wait.outcome.message, contents } };
	}

	#deliver({ key, beforehand }: Outgoing, tag: number, message: number): void {
		beforehand?.();
		this.#parts.messages.append(tag, message);
		key.refusedBytes = 0;
		key.isStarving = false;
		this.#parts.slots.wake(key.hash);
	}

	/** Gives the message that a word names to the dead ones. */
	#buryAt(word: number): void {
		const message = this.#words[word] as number;
		if (message === 0) return;
		this.#parts.journal.set(word, 0);
		this.#parts.messages.bury(message);
	}

	#family(isDead: (pid: number, threadId: number) => boolean): Set<number> {
		const words = this.#words;
		const family = new Set<number>();
		// A child may have a lower number than its parent: look until nothing is added.
		for (let size = -1; size !== family.size; ) {
			size = family.size;
			for (const slot of this.#parts.slots.used()) {
				const at = layout.slotAt(slot);
				const isChild = family.has((words[at + layout.SLOT_PARENT] as number) - 1);
				if (isChild || isDead(words[at + layout.SLOT_PID] as number, words[at + layout.SLOT_THREAD] as number)) family.add(slot);
			}
		}
		return family;
	}
}
