import * as layout from './layout.ts';
import { openBox } from './room.ts';
import type { StoreParts } from './parts.ts';
import type { BoxKey, TagKey } from './tag-key.ts';

/*
 * The tags of a mailbox all at once. There may be more of them than one operation can make, so a table that nobody sees is filled
 * tag by tag, and one operation puts it in the place of the old one. All of it while the lock is held.
 */

/** Puts a table with these tags, which differ, and no messages in the place of a mailbox's own. */
export function replaceTags(parts: StoreParts, box: BoxKey, keys: readonly TagKey[]): void {
	const { journal, words } = parts;
	abandonBuilding(parts);
	try {
		build(parts, box, keys);
	} catch (error) {
		journal.rollBack();
		abandonBuilding(parts);
		throw error;
	}
	const table = words[layout.BUILDING] as number;
	journal.set(layout.BUILDING, 0);
	replaceTable(parts, openBox(parts, box, true), table, keys.length);
}

/** Ends a mailbox: it stays, closed and empty, so that everyone who knows it is told. */
export function closeBox(parts: StoreParts, key: BoxKey): void {
	const { journal, table, words } = parts;
	const box = table.box(key);
	if (words[box + layout.BOX_IS_CLOSED] !== 0) return;
	journal.set(box + layout.BOX_IS_CLOSED, 1);
	replaceTable(parts, box, table.makeTable(0), 0);
}

/** Gives the table that somebody did not finish to the dead ones. */
export function abandonBuilding(parts: StoreParts): void {
	const building = parts.words[layout.BUILDING] as number;
	if (building === 0) return;
	buryTable(parts, building);
	parts.journal.set(layout.BUILDING, 0);
	parts.journal.commit();
}

function build(parts: StoreParts, box: BoxKey, keys: readonly TagKey[]): void {
	const { journal, table, words } = parts;
	openBox(parts, box, true);
	journal.set(layout.BUILDING, table.makeTable(box.tagLimit));
	journal.commit();
	for (const key of keys) {
		table.make(words[layout.BUILDING] as number, key);
		journal.commit();
	}
}

function replaceTable(parts: StoreParts, box: number, table: number, tags: number): void {
	const { journal, slots, words } = parts;
	buryTable(parts, words[box + layout.BOX_TABLE] as number);
	journal.set(box + layout.BOX_TABLE, table);
	journal.set(box + layout.BOX_TAGS, tags);
	journal.set(box + layout.BOX_GENERATION, ((words[box + layout.BOX_GENERATION] as number) + 1) | 0);
	slots.wake(undefined);
}

function buryTable({ journal, words }: StoreParts, table: number): void {
	journal.set(table, words[layout.DEAD_TABLES] as number);
	journal.set(layout.DEAD_TABLES, table);
}
