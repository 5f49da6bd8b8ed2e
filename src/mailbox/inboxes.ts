import { TagCapacityError } from '../errors/index.ts';
import { theHost } from '../messenger/index.ts';
import { makeTree, registerMailboxExtension, sharedMember } from './this-post.ts';
import { layout, newWait, type TagKey, TagKeys, type TagWait } from './store/index.ts';

/** Identity of the mailbox whose tags the inboxes are; those of users have random ones. */
const BOX_ID = [0x636f7072, 0x70726f63, 1] as const;
/** Frames that are taken at a time. */
const BATCH = 16;
/** How long frames are handed over before the event loop has its turn, in milliseconds. */
const TURN_MS = 2;

/** Takes a frame; `bytes` is its own. */
export type OnInboxFrame = (codec: number, bytes: Buffer) => void;

/**
 * Queues of frames in the memory of the tree, each with a number: any thread that shares it sends, the owner takes. For the layers
 * above; a frame that was sent stays, whoever dies, until the queue is taken away.
 *
 * Frames from one thread to one inbox keep their order.
 */
export class Inboxes {
	readonly #member: NonNullable<ReturnType<typeof sharedMember>>;
	readonly #bounded: TagKeys;
	readonly #unbounded: TagKeys;
	/** Frames that were taken and not handed over yet. */
	readonly #taken: (() => void)[] = [];

	/** @param maxBytes of frames that may lie in one inbox, but for urgent ones */
	constructor(member: NonNullable<ReturnType<typeof sharedMember>>, maxBytes: number) {
		this.#member = member;
		const box = { id: BOX_ID, tagLimit: 0, bytesPerTag: maxBytes, block: 0 };
		this.#bounded = new TagKeys(box);
		this.#unbounded = new TagKeys({ ...box, ignoresLimit: true });
	}

	/** Has workers of this thread handed what they need, and this worker ask for it. Before the first of them. */
	static prepare(): void {
		registerMailboxExtension();
	}

	/** Those of this thread; undefined where it shares no memory with the tree. The thread that no host started makes that memory. */
	static here(maxBytes: number): Inboxes | undefined {
		if (!theHost()) makeTree();
		const member = sharedMember();
		return member && new Inboxes(member, maxBytes);
	}

	/** Makes the inbox, if it is not there. */
	open(owner: number): void {
		this.#store.openTag(this.#key(owner));
	}

	/** True when the inbox is there. */
	has(owner: number): boolean {
		return this.#store.hasTag(this.#key(owner));
	}

	/**
	 * Sends a frame. False when there is no such inbox, or not any more.
	 *
	 * @throws MailboxFullError when too much lies there, and for an urgent frame only when all memory is used
	 */
	send(owner: number, codec: number, contents: Uint8Array, isUrgent: boolean): boolean {
		const key = (isUrgent ? this.#unbounded : this.#bounded).of(String(owner));
		try {
			this.#store.send(this.#member.tree.slot, { key, codec, contents });
			return true;
		} catch (error) {
			if (error instanceof TagCapacityError) return false;
			throw error;
		}
	}

	/** Hands over the frames of an inbox as they come, until it is taken away. Does not keep the event loop alive. */
	listen(owner: number, onFrame: OnInboxFrame): void {
		const wait = {
			...newWait('message', [this.#key(owner)]),
			keepsAlive: false,
			onOver: () => {
				if (wait.outcome?.type !== 'message') return;
				const { codec, contents } = wait.outcome.message;
				onFrame(codec, contents);
				this.#goOn(owner, onFrame);
			},
		};
		this.#member.post.start(wait);
	}

	/** Hands over every frame that lies in an inbox. */
	takeAll(owner: number, onFrame: OnInboxFrame): void {
		while (this.#takeSome(owner, onFrame));
	}

	/** Takes an inbox away, after what lies in it was handed over. */
	close(owner: number, onFrame: OnInboxFrame): void {
		do this.takeAll(owner, onFrame);
		while (!this.#store.removeEmptyTag(this.#key(owner)));
	}

	/** Hands over what has come meanwhile, then waits again: in a later turn, so that a flood does not keep the event loop. */
	#goOn(owner: number, onFrame: OnInboxFrame): void {
		const until = performance.now() + TURN_MS;
		while (this.#takeSome(owner, onFrame) && performance.now() < until);
		setImmediate(() => this.listen(owner, onFrame));
	}

	/** Takes a batch; false when there was nothing more. */
	#takeSome(owner: number, onFrame: OnInboxFrame): boolean {
		const keys = [this.#key(owner)];
		const waits: TagWait[] = Array.from({ length: BATCH }, () => newWait('message', keys));
		const hasMore = this.#store.collect(this.#member.tree.slot, waits, layout.AWAKE);
		let taken = 0;
		for (const { outcome } of waits) {
			if (outcome?.type !== 'message') continue;
			const { codec, contents } = outcome.message;
			this.#taken.push(() => onFrame(codec, contents));
			taken += 1;
		}
		// Whoever is handed one of them may take more: those come after these.
		for (let next = this.#taken.shift(); next; next = this.#taken.shift()) next();
		return hasMore || taken === BATCH;
	}

	#key(owner: number): TagKey {
		return this.#bounded.of(String(owner));
	}

	get #store() {
		return this.#member.tree.store;
	}
}
