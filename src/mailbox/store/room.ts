import { MailboxClosedError, MailboxFullError, TagCapacityError } from '../../errors/index.ts';
import * as layout from './layout.ts';
import { charge } from './messages.ts';
import type { StoreParts } from './parts.ts';
import type { BoxKey, TagKey } from './tag-key.ts';

/** The block of a mailbox that is not closed; 0 when it is not there and not to be made. Throws MailboxClosedError. */
export function openBox({ table, words }: StoreParts, key: BoxKey, isMade: boolean): number {
	const box = isMade ? table.box(key) : table.findBox(key);
	if (box !== 0 && words[box + layout.BOX_IS_CLOSED] !== 0) throw new MailboxClosedError();
	return box;
}

/** The tag for a message of so many bytes; it is made if there is a place for it. Throws what a send throws. */
export function tagFor(parts: StoreParts, key: TagKey, bytes: number): number {
	const { journal, table, words } = parts;
	const box = openBox(parts, key.box, true);
	const found = table.find(box, key);
	if (found !== 0) {
		checkTag(parts, { box, tag: found }, key, bytes);
		return found;
	}
	const tags = words[box + layout.BOX_TAGS] as number;
	if (isFullOfTags(parts, box))
		throw new TagCapacityError({ tag: key.text, tags, tagLimit: words[box + layout.BOX_TAG_LIMIT] as number });
	journal.set(box + layout.BOX_TAGS, tags + 1);
	return table.make(words[box + layout.BOX_TABLE] as number, key);
}

/** Throws where a send would be refused for want of room; makes nothing. */
export function checkRoom(parts: StoreParts, key: TagKey, bytes: number): void {
	const box = openBox(parts, key.box, false);
	const tag = box === 0 ? 0 : parts.table.find(box, key);
	if (tag !== 0) checkTag(parts, { box, tag }, key, bytes);
}

/** True when the tag takes what was refused last; and then only when half of it is free, so that not every receive wakes a sender. */
export function hasRoom(parts: StoreParts, box: number, key: TagKey): boolean {
	const { messages, table, words } = parts;
	if (key.isStarving && !messages.canMake(key.refusedBytes - layout.MESSAGE_OVERHEAD)) return false;
	if (box === 0) return true;
	const tag = table.find(box, key);
	if (tag === 0) return !isFullOfTags(parts, box);
	if (words[tag + layout.TAG_COUNT] === 0) return true;
	const bytes = words[tag + layout.TAG_BYTES] as number;
	const limit = words[box + layout.BOX_BYTES_PER_TAG] as number;
	if (key.refusedBytes === 0) return bytes + layout.MESSAGE_OVERHEAD < limit;
	return bytes <= limit / 2 && bytes + key.refusedBytes <= limit;
}

/** True when a mailbox has as many tags as it may have. */
export function isFullOfTags({ words }: StoreParts, box: number): boolean {
	return (words[box + layout.BOX_TAGS] as number) >= (words[box + layout.BOX_TAG_LIMIT] as number);
}

function checkTag(
	{ words }: StoreParts,
	{ box, tag }: { readonly box: number; readonly tag: number },
	key: TagKey,
	contentBytes: number,
): void {
	const queued = words[tag + layout.TAG_COUNT] as number;
	const queuedBytes = words[tag + layout.TAG_BYTES] as number;
	const bytesPerTag = words[box + layout.BOX_BYTES_PER_TAG] as number;
	const bytes = charge(contentBytes);
	// A message that is larger than the limit has to pass, too: alone.
	if (key.box.ignoresLimit || queued === 0 || queuedBytes + bytes <= bytesPerTag) return;
	key.refusedBytes = bytes;
	key.isStarving = false;
	throw new MailboxFullError({ tag: key.text, bytes, queued, queuedBytes, bytesPerTag });
}
