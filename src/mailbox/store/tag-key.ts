/** A tag of one mailbox as the store looks it up. */
export interface TagKey {
	readonly box: BoxKey;
	/** The tag. */
	readonly text: string;
	/** The tag in UTF-8. */
	readonly name: Buffer;
	readonly hash: number;
	/** Where it was found last, and when: valid while the mailbox has that generation. */
	block: number;
	generation: number;
	/** Size of the message that was refused last for want of room, 0 if none was since one was taken. */
	refusedBytes: number;
	/** True when not the tag was full then, but the memory of all mailboxes. */
	isStarving: boolean;
}

/** A mailbox as the store looks it up; made there with these limits at the first use. */
export interface BoxKey {
	/** Three random words; all 0 for the default mailbox. */
	readonly id: readonly [number, number, number];
	readonly tagLimit: number;
	readonly bytesPerTag: number;
	/** True: `bytesPerTag` does not hold for who sends with this key. */
	readonly ignoresLimit?: boolean;
	/** Where it was found; it stays there. */
	block: number;
}

/** Tags that a mailbox remembers in this thread; more begin anew. */
const MAX_KEYS = 8192;

/** The keys of one mailbox in this thread. */
export class TagKeys {
	readonly box: BoxKey;
	readonly #keys = new Map<string, TagKey>();

	constructor(box: BoxKey) {
		this.box = box;
	}

	/** The key of a tag that was checked. */
	of(text: string): TagKey {
		const known = this.#keys.get(text);
		if (known) return known;
		if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
		const name = Buffer.from(text);
		const key: TagKey = {
			box: this.box,
			text,
			name,
			hash: hashOf(this.box, name),
			block: 0,
			generation: -1,
			refusedBytes: 0,
			isStarving: false,
		};
		this.#keys.set(text, key);
		return key;
	}
}

/** FNV-1a. */
function hashOf({ id }: BoxKey, name: Buffer): number {
	let hash = 0x811c9dc5 ^ id[0];
	for (const byte of name) hash = Math.imul(hash ^ byte, 0x01000193);
	return hash ^ (hash >>> 15);
}
