import { Arena, type Back } from './arena.ts';
import { Graveyard } from './graveyard.ts';
import { Journal } from './journal.ts';
import type { Lock } from './lock.ts';
import { Messages } from './messages.ts';
import { type Ring, Slots } from './slots.ts';
import { TagTable } from './tag-table.ts';

/** The memory of a store as one of its participants sees it, and how it locks and rings. */
export interface StoreMemory {
	readonly words: Int32Array;
	readonly bytes: Buffer;
	readonly lock: Lock;
	readonly back: Back;
	readonly ring: Ring;
}

/** What a store is made of. */
export interface StoreParts {
	readonly words: Int32Array;
	readonly journal: Journal;
	readonly arena: Arena;
	readonly table: TagTable;
	readonly messages: Messages;
	readonly graveyard: Graveyard;
	readonly slots: Slots;
}

/** Puts the parts of a store together. */
export function partsOf({ words, bytes, back, ring }: StoreMemory): StoreParts {
	const journal = new Journal(words);
	const arena = new Arena(words, journal, back);
	const messages = new Messages(words, bytes, journal, arena);
	return {
		words,
		journal,
		arena,
		table: new TagTable(words, bytes, journal, arena),
		messages,
		graveyard: new Graveyard(words, journal, arena, messages),
		slots: new Slots(words, journal, ring),
	};
}
