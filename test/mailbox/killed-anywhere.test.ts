import { describe, expect, it } from 'vitest';

import { layout, type Lock, newWait, SIZES, TagKeys, TagStore, wordsOf } from '../../src/mailbox/store/index.ts';

/*
 * A participant is killed at every single store of every operation. Killed: not one more store of it reaches the memory, whatever
 * its handlers try, and the lock tells the next one that its owner died.
 */

const TOTAL_WORDS = layout.ARENA + 262_144;
const LARGE = Buffer.alloc(layout.CHUNK_BYTES * 2 + 5, 7);
const KEYS = new TagKeys({ id: [1, 2, 3], tagLimit: 4, bytesPerTag: 1_000_000, block: 0 });

class Killed extends Error {}

/** Memory that one participant writes to until it is killed at its `left`-th store. */
class Victim {
	left: number;
	constructor(left: number) {
		this.left = left;
	}

	store(): void {
		this.left -= 1;
		if (this.left < 0) throw new Killed();
	}

	get isDead(): boolean {
		return this.left < 0;
	}

	guard<T extends Int32Array | Buffer>(memory: T): T {
		return new Proxy(memory, {
			get: (target, name) => {
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

interface Shared {
	readonly words: Int32Array;
	readonly bytes: Buffer;
	ownerDied: boolean;
}

function newShared(): Shared {
	const memory = new ArrayBuffer(TOTAL_WORDS * 4);
	const words = new Int32Array(memory);
	words[layout.END_INDEX] = TOTAL_WORDS;
	words[layout.FRESH] = layout.ARENA;
	words[layout.BACKED] = TOTAL_WORDS;
	return { words, bytes: Buffer.from(memory), ownerDied: false };
}

function open(shared: Shared, victim = new Victim(Number.POSITIVE_INFINITY)): TagStore {
	const lock: Lock = {
		acquire: () => {
			if (victim.isDead) throw new Killed();
			const died = shared.ownerDied;
			shared.ownerDied = false;
			return died;
		},
		release: () => {
			shared.ownerDied = victim.isDead;
		},
	};
	const words = victim.guard(shared.words);
	return new TagStore({ words, bytes: victim.guard(shared.bytes), lock, back: () => true, ring: () => {} });
}

/** Fresh keys: what the victim remembered about the memory dies with it. */
function keys(): TagKeys {
	return new TagKeys({ ...KEYS.box, block: 0 });
}

function take(store: TagStore, slot: number, tag: string): string[] {
	const own = keys();
	const found: string[] = [];
	for (;;) {
		const wait = newWait('message', [own.of(tag)]);
		store.collect(slot, [wait], layout.AWAKE);
		if (wait.outcome?.type !== 'message') return found;
		found.push(wait.outcome.message.contents.toString('latin1'));
	}
}

/** Words of the arena that are on no list of free blocks. */
function usedWords({ words }: Shared): number {
	let used = (words[layout.FRESH] as number) - layout.ARENA;
	for (let size = 0; size < SIZES; size += 1) {
		for (let block = words[layout.FREE + size] as number; block !== 0; block = words[block] as number) used -= wordsOf(size);
	}
	return used;
}

/** A store with two participants and messages a1 a2 on a, b1 on b. */
function prepare(): Shared {
	const shared = newShared();
	const store = open(shared);
	const own = keys();
	for (const threadId of [0, 1]) store.join({ pid: 1, threadId, taskId: 0, parent: undefined });
	for (const [tag, text] of [
		['a', 'a1'],
		['b', 'b1'],
		['a', 'a2'],
	] as const)
		store.send(0, { key: own.of(tag), codec: 0, contents: Buffer.from(text) });
	return shared;
}

const BEFORE = { a: ['a1', 'a2'], b: ['b1'] };

interface Operation {
	readonly what: string;
	/** What is there when it has happened; what was taken away by then counts as lost with the one who took it. */
	readonly after: typeof BEFORE;
	/** What may be there in between, where an operation is several by contract. */
	readonly between?: typeof BEFORE;
	readonly arrange?: (store: TagStore) => void;
	run(store: TagStore, own: TagKeys): void;
}

const OPERATIONS: readonly Operation[] = [
	{
		what: 'send',
		after: { a: ['a1', 'a2', 'x'], b: ['b1'] },
		run: (store, own) => store.send(1, { key: own.of('a'), codec: 0, contents: Buffer.from('x') }),
	},
	{
		what: 'send of a large message',
		after: { a: ['a1', 'a2', LARGE.toString('latin1')], b: ['b1'] },
		run: (store, own) => store.send(1, { key: own.of('a'), codec: 0, contents: LARGE }),
	},
	{
		what: 'receive',
		after: { a: ['a2'], b: ['b1'] },
		run: (store, own) => void store.collect(1, [newWait('message', [own.of('b'), own.of('a')])], layout.ASLEEP),
	},
	{
		what: 'sleep',
		after: BEFORE,
		run: (store, own) => void store.collect(1, [newWait('message', [own.of('none')])], layout.ASLEEP),
	},
	{ what: 'drain', after: { a: [], b: ['b1'] }, run: (store, own) => void store.drain([own.of('a')]) },
	{
		what: 'drain of two tags',
		after: { a: [], b: [] },
		between: { a: [], b: ['b1'] },
		run: (store, own) => void store.drain([own.of('a'), own.of('b')]),
	},
	{ what: 'setTags', after: { a: [], b: [] }, run: (store, own) => store.setTags(own.box, [own.of('a'), own.of('c')]) },
	{
		what: 'receive of a large message',
		arrange: (store) => store.send(0, { key: keys().of('c'), codec: 0, contents: LARGE }),
		after: BEFORE,
		run: (store, own) => void store.collect(1, [newWait('message', [own.of('c')])], layout.AWAKE),
	},
];

/** Runs the operation until the kill; true when it came to its end before. */
function runKilled(shared: Shared, operation: Operation, left: number): boolean {
	const victim = new Victim(left);
	try {
		operation.run(open(shared, victim), keys());
		return true;
	} catch (error) {
		if (!(error instanceof Killed)) throw error;
		return false;
	}
}

describe.each(OPERATIONS)('killed at any store of $what', (operation) => {
	it('leaves the state before or after it, loses no memory and blocks nobody', () => {
		let isWhole = false;
		let kills = 0;
		let sawAfter = false;
		for (; !isWhole; kills += 1) {
			const shared = prepare();
			operation.arrange?.(open(shared));
			isWhole = runKilled(shared, operation, kills);
			const survivor = open(shared);
			survivor.release(1);
			const state = { a: take(survivor, 0, 'a'), b: take(survivor, 0, 'b') };
			expect([BEFORE, operation.between ?? BEFORE, operation.after], `killed at store ${kills}`).toContainEqual(state);
			sawAfter ||= JSON.stringify(state) === JSON.stringify(operation.after);
			survivor.send(0, { key: keys().of('a'), codec: 0, contents: Buffer.from('goes on') });
			expect(take(survivor, 0, 'a')).toEqual(['goes on']);
			survivor.setTags(keys().box, []);
			// What is left is the mailbox and its empty table.
			expect(usedWords(shared), `memory after a kill at store ${kills}`).toBe(wordsOf(0) + wordsOf(1));
			expect(shared.words[layout.SLEEPERS]).toBe(0);
		}
		expect(sawAfter).toBe(true);
		expect(kills).toBeGreaterThan(5);
	});
});
