import * as layout from './layout.ts';
import type { StoreParts } from './parts.ts';
import { openBox } from './room.ts';
import type { TagKey } from './tag-key.ts';

/** Makes a tag if it is not there, whatever the limit of its mailbox. */
export function openTag(parts: StoreParts, key: TagKey): void {
	const { journal, table, words } = parts;
	const box = openBox(parts, key.box, true);
	if (table.find(box, key) !== 0) return;
	journal.set(box + layout.BOX_TAGS, (words[box + layout.BOX_TAGS] as number) + 1);
	table.make(words[box + layout.BOX_TABLE] as number, key);
}

/** True when a tag is there. */
export function hasTag(parts: StoreParts, key: TagKey): boolean {
	const box = openBox(parts, key.box, false);
	return box !== 0 && parts.table.find(box, key) !== 0;
}

/** Takes a tag away that has no messages. False when it has. Whoever waits for one there waits on: nobody should. */
export function removeEmptyTag(parts: StoreParts, key: TagKey): boolean {
	const { journal, table, words } = parts;
	const box = openBox(parts, key.box, false);
	const tag = box === 0 ? 0 : table.find(box, key);
	if (tag === 0) return true;
	if (words[tag + layout.TAG_COUNT] !== 0) return false;
	table.unlink(words[box + layout.BOX_TABLE] as number, tag);
	journal.set(tag, words[layout.DEAD_TAGS] as number);
	journal.set(layout.DEAD_TAGS, tag);
	journal.set(box + layout.BOX_TAGS, (words[box + layout.BOX_TAGS] as number) - 1);
	// Whoever remembers where it was looks again.
	journal.set(box + layout.BOX_GENERATION, ((words[box + layout.BOX_GENERATION] as number) + 1) | 0);
	return true;
}
