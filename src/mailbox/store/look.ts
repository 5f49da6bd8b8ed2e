import * as layout from './layout.ts';
import type { StoreParts } from './parts.ts';
import { hasRoom, isFullOfTags } from './room.ts';
import type { Interest } from './slots.ts';
import type { TagKey } from './tag-key.ts';
import type { TagWait } from './tag-wait.ts';

const NOTHING = Buffer.alloc(0);

/** Looks whether a wait is over. `large`: with a message that is set aside for the participant in `slot` to copy. */
export function look(parts: StoreParts, slot: number, wait: TagWait): 'waits' | 'over' | 'large' {
	const { table, words } = parts;
	const first = wait.keys[0] as TagKey;
	const box = table.findBox(first.box);
	if (box !== 0 && words[box + layout.BOX_IS_CLOSED] !== 0) {
		wait.outcome = { type: 'closed' };
	} else if (wait.for === 'room') {
		if (hasRoom(parts, box, first)) wait.outcome = { type: 'room' };
		else if (first.isStarving) parts.journal.set(layout.STARVING, 1);
	} else if (box !== 0) {
		const key = earliest(parts, box, wait.keys);
		if (key) return takeFirst(parts, slot, box, key, wait);
		if (isLost(parts, box, wait)) wait.outcome = { type: 'lost' };
	}
	return wait.outcome === undefined ? 'waits' : 'over';
}

/** What those who go on waiting are to be woken for. */
export function* interestsOf(waits: readonly TagWait[]): Iterable<Interest> {
	for (const wait of waits) {
		if (wait.outcome !== undefined) continue;
		for (const { hash } of wait.keys) yield { hash, isRoom: wait.for === 'room' };
	}
}

/** The tag whose first message arrived before those of the others. */
function earliest({ messages, table, words }: StoreParts, box: number, keys: readonly TagKey[]): TagKey | undefined {
	let found: TagKey | undefined;
	let foundTag = 0;
	for (const key of keys) {
		const tag = table.find(box, key);
		if (tag === 0 || words[tag + layout.TAG_COUNT] === 0) continue;
		if (found && !messages.isEarlier(tag, foundTag)) continue;
		found = key;
		foundTag = tag;
	}
	return found;
}

function takeFirst({ journal, messages, slots, table, words }: StoreParts, ...rest: Taking): 'over' | 'large' {
	const [slot, box, key, wait] = rest;
	const tag = table.find(box, key);
	const message = messages.removeFirst(tag);
	const isLarge = words[message + layout.MESSAGE_CHUNKS] !== 0;
	const codec = words[message + layout.MESSAGE_CODEC] as number;
	wait.outcome = { type: 'message', message: { tag: key.text, codec, contents: isLarge ? NOTHING : messages.copy(message) } };
	if (isLarge) journal.set(layout.slotAt(slot) + layout.SLOT_READING, message);
	else messages.giveBack(message);
	const bytes = words[tag + layout.TAG_BYTES] as number;
	if (bytes <= (words[box + layout.BOX_BYTES_PER_TAG] as number) / 2) slots.wake(key.hash, true);
	return isLarge ? 'large' : 'over';
}

type Taking = [slot: number, box: number, key: TagKey, wait: TagWait];

/** True when setTags() took the tags away since this was last looked at, and nobody can make them again. */
function isLost(parts: StoreParts, box: number, wait: TagWait): boolean {
	const generation = parts.words[box + layout.BOX_GENERATION] as number;
	const wasReset = wait.generation !== undefined && wait.generation !== generation;
	wait.generation = generation;
	return wasReset && isFullOfTags(parts, box) && wait.keys.every((key) => parts.table.find(box, key) === 0);
}
