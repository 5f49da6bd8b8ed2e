/*
 * Memory of a store and its participants, each of which may be killed at any store of its own. Killed: not one more store of it
 * reaches the memory, whatever its handlers try, and the lock tells the next one that its owner died.
 */
import type { Lock, TagKey, TagKeys, TagStore, TagWait } from '../../../src/mailbox/store/index.ts';
import type { ShippedStore } from './shipped-store.ts';

/** Thrown in a participant from its death on. */
export class Killed extends Error {}

/** Accesses that no operation of ours needs: it goes round in circles. */
const MAX_ACCESSES = 200_000;
/** Messages and blocks that no test of ours has. */
const MAX_ITEMS = 10_000;

/** A participant that is killed at its `left`-th store. */
class Victim {
	left: number;
	#accesses = 0;

	constructor(left: number) {
		this.left = left;
	}

	get isDead(): boolean {
		return this.left < 0;
	}

	store(): void {
		this.left -= 1;
		if (this.left < 0) throw new Killed();
	}

	guard<T extends Int32Array | Buffer>(memory: T): T {
		return new Proxy(memory, {
			get: (target, name) => {
				this.#accesses += 1;
				if (this.#accesses > MAX_ACCESSES) throw new Error('endless: an operation goes round in circles');
				const value: unknown = Reflect.get(target, name, target);
				if (typeof value !== 'function') return value;
				return (...args: unknown[]): unknown => {
					if (name === 'set' || name === 'fill') this.store();
					return (value as (...rest: unknown[]) => unknown).apply(target, args);
				};
			},
			set: (target, name, value) => {
				this.store();
				return Reflect.set(target, name, value, target);
			},
		});
	}
}

/** One piece of memory, from the first operation on. */
export class World {
	readonly store: ShippedStore;
	readonly words: Int32Array;
	/** Slots whose bell has rung since they fell asleep. */
	readonly rung = new Set<number>();
	readonly #bytes: Buffer;
	#ownerDied = false;

	constructor(store: ShippedStore) {
		const { layout } = store;
		const total = layout.ARENA + 262_144;
		const memory = new ArrayBuffer(total * 4);
		this.store = store;
		this.words = new Int32Array(memory);
		this.words[layout.END_INDEX] = total;
		this.words[layout.FRESH] = layout.ARENA;
		this.words[layout.BACKED] = total;
		this.#bytes = Buffer.from(memory);
	}

	/** Opens the store for a participant that lives for `left` stores, for ever by default. */
	open(left: number = Number.POSITIVE_INFINITY): { readonly tags: TagStore; readonly victim: Victim } {
		const victim = new Victim(left);
		const lock: Lock = {
			acquire: () => {
				if (victim.isDead) throw new Killed();
				const died = this.#ownerDied;
				this.#ownerDied = false;
				return died;
			},
			release: () => {
				this.#ownerDied = victim.isDead;
			},
		};
		const ring = (slot: number): void => {
			if (!victim.isDead) this.rung.add(slot);
		};
		const words = victim.guard(this.words);
		const tags = new this.store.TagStore({ words, bytes: victim.guard(this.#bytes), lock, back: () => true, ring });
		return { tags, victim };
	}

	/** Fresh keys: what a victim remembered about the memory dies with it. */
	keys(): TagKeys {
		return new this.store.TagKeys({ id: [1, 2, 3], tagLimit: 4, bytesPerTag: 1_000_000, block: 0 });
	}

	/** Takes everything from these tags, in the order of arrival. */
	takeAll(slot: number, ...tags: readonly string[]): string[] {
		const own = this.keys();
		const { tags: store } = this.open();
		const found: string[] = [];
		for (;;) {
			const wait = this.newWait(tags.map((tag) => own.of(tag)));
			store.collect(slot, [wait], this.store.layout.AWAKE);
			if (wait.outcome?.type !== 'message') return found;
			found.push(wait.outcome.message.contents.toString('latin1'));
			if (found.length > MAX_ITEMS) throw new Error('endless: a queue goes round in circles');
		}
	}

	newWait(keys: readonly TagKey[]): TagWait {
		return this.store.newWait('message', keys);
	}

	/** True when a slot sleeps, and nobody has rung for it. */
	isAsleep(slot: number): boolean {
		const { layout } = this.store;
		return this.words[layout.slotAt(slot) + layout.SLOT_SLEEP] !== layout.AWAKE && !this.rung.has(slot);
	}

	/** Words of the arena that are on no list of free blocks. */
	get usedWords(): number {
		const { layout, SIZES, wordsOf } = this.store;
		let used = (this.words[layout.FRESH] as number) - layout.ARENA;
		let blocks = 0;
		for (let size = 0; size < SIZES; size += 1) {
			for (let block = this.words[layout.FREE + size] as number; block !== 0; block = this.words[block] as number) {
				used -= wordsOf(size);
				blocks += 1;
				if (blocks > MAX_ITEMS) throw new Error('endless: a list of free blocks goes round in circles');
			}
		}
		return used;
	}

	/** Words that an empty mailbox takes: its own block and that of its table. */
	get emptyWords(): number {
		const { sizeFor, wordsOf } = this.store;
		return wordsOf(sizeFor(16)) + wordsOf(sizeFor(24));
	}
}
