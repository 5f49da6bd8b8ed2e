import type { ByteWriter } from '../../internal/byte-writer.ts';
import type { BoxKey, TagKey, TagKeys, TagWait } from '../store/index.ts';

/*
 * What a worker without shared memory and its host say to each other about mailboxes. All frames of one direction are in one
 * lane: a drain does not overtake the large message that was sent before it.
 */

/** Worker to host: a message for a tag. Payload: the tag by {@link writeTag}, then the contents; w3 is their codec. */
export const KIND_SEND = 96;
/** Worker to host: waits for something. Payload {@link WireWait}; w2 numbers the wait. */
export const KIND_WAIT = 97;
/** Worker to host: gives up wait w2; w3 is 1 when it wants what is there by now. */
export const KIND_GIVE_UP = 98;
/** Worker to host: changes tags. Payload {@link WireChange}; w2 numbers the change. */
export const KIND_CHANGE = 99;
/** Host to worker: the message for wait w2. Payload: its contents; w3 is {@link placeOf} their codec and the tag in the wait's list. */
export const KIND_MESSAGE = 100;
/** Host to worker: wait w2 is over without a message. Payload: 'room', 'lost', 'closed', or undefined when it was given up. */
export const KIND_OVER = 101;
/** Host to worker: change w2 was made. Payload {@link WireChanged}. */
export const KIND_CHANGED = 102;
/** Host to worker: credit for what it had sent to one tag comes back. Payload {@link WireCredit}. */
export const KIND_CREDIT = 103;

/** No channel of a messenger and no call has it. */
export const LANE = 0;

/** A mailbox. */
export type WireBox = readonly [a: number, b: number, c: number, tagLimit: number, bytesPerTag: number];

/** What a worker waits for, with the size of what was refused last. */
export interface WireWait {
	readonly for: TagWait['for'];
	readonly box: WireBox;
	readonly tags: readonly string[];
	readonly refusedBytes: number;
}

/** What a worker changes. */
export interface WireChange {
	readonly type: 'drain' | 'setTags' | 'close';
	readonly box: WireBox;
	readonly tags: readonly string[];
}

/** What came of a change. */
export type WireChanged = { readonly count: number } | { readonly error: unknown };

/** Messages to one tag that are where they belong by now, or were refused with `error`. */
export interface WireCredit {
	readonly box: WireBox;
	readonly tag: string;
	readonly messages: number;
	readonly bytes: number;
	readonly error?: unknown;
}

const BOX_WORDS = 5;

/** The mailbox of a key as it travels. */
export function toWireBox({ id, tagLimit, bytesPerTag }: BoxKey): WireBox {
	return [...id, tagLimit, bytesPerTag];
}

/** The mailbox that travelled. */
export function fromWireBox([a, b, c, tagLimit, bytesPerTag]: WireBox): BoxKey {
	return { id: [a, b, c], tagLimit, bytesPerTag, block: 0 };
}

/** Names a tag among those of all mailboxes. */
export function nameOf({ id }: Pick<BoxKey, 'id'>, tag: string): string {
	return `${id.join()} ${tag}`;
}

/** Writes mailbox and tag before the contents. */
export function writeTag(writer: ByteWriter, { box, name }: TagKey): void {
	writer.ensure((BOX_WORDS + 1) * 4 + name.length);
	for (const word of [...toWireBox(box), name.length]) writer.pos = writer.buf.writeInt32LE(word, writer.pos);
	writer.buf.set(name, writer.pos);
	writer.pos += name.length;
}

/** Reads what {@link writeTag} wrote, and where the contents start. */
export function readTag(
	buf: Buffer,
	start: number,
	keysFor: (box: WireBox) => TagKeys,
): { readonly key: TagKey; readonly next: number } {
	const words = Array.from({ length: BOX_WORDS + 1 }, (_, index) => buf.readInt32LE(start + index * 4));
	const at = start + (BOX_WORDS + 1) * 4;
	const next = at + (words[BOX_WORDS] as number);
	const keys = keysFor(words.slice(0, BOX_WORDS) as unknown as WireBox);
	return { key: keys.of(buf.toString('utf8', at, next)), next };
}

/** A codec and an index in one word. */
export function placeOf(codec: number, index: number): number {
	return (codec << 24) | index;
}

/** The codec in a {@link placeOf}. */
export function codecIn(place: number): number {
	return place >>> 24;
}

/** The index in a {@link placeOf}. */
export function indexIn(place: number): number {
	return place & 0xff_ffff;
}
