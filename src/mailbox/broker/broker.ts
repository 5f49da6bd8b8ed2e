import { MailboxFullError, MessageTooLargeError } from '../../errors/index.ts';
import type { MessageLink, WorkerContact } from '../../messenger/index.ts';
import type { FrameBytes } from '../../transport/index.ts';
import type { Change, Changed, LoopWait, Post } from '../post.ts';
import { type BoxKey, charge, newWait, type TagKey, TagKeys } from '../store/index.ts';
import { Backlog } from './backlog.ts';
import * as wire from './wire.ts';

/** Mailboxes of which a broker remembers the tags; more begin anew. */
const MAX_BOXES = 256;

/**
 * Does for one worker, which shares no memory with the tree, what it asks for over its link. What the worker sent stays when it
 * dies; what it waited for is given up then, and a message that was on its way to it is lost with it.
 */
export class Broker {
	readonly #post: Post;
	readonly #link: MessageLink;
	readonly #boxes = new Map<string, TagKeys>();
	readonly #backlogs = new Map<string, Backlog>();
	readonly #waits = new Map<number, LoopWait>();
	/** Credit that is about to go back, by tag. */
	readonly #credits = new Map<string, { key: TagKey; messages: number; bytes: number }>();
	#isEnded = false;

	constructor(post: Post, { ended, link }: WorkerContact) {
		this.#post = post;
		this.#link = link;
		void ended.then(() => this.#end());
	}

	/** Takes a message for a tag. */
	onSend(codec: number, { buf, start, end }: FrameBytes): void {
		const { key, next } = wire.readTag(buf, start, (box) => this.#keysFor(box));
		const contents = buf.subarray(next, end);
		const backlog = this.#backlogs.get(wire.nameOf(key.box, key.text));
		if (backlog) return backlog.hold(codec, contents);
		try {
			this.#post.send(key, codec, contents);
			this.#giveBack(key, 1, charge(contents.length));
		} catch (error) {
			if (error instanceof MailboxFullError) this.#backlogFor(key).hold(codec, contents);
			else this.#giveBack(key, 1, charge(contents.length), { error });
		}
	}

	/** Starts a wait. */
	onWait(id: number, { for: what, box, tags, refusedBytes }: wire.WireWait): void {
		const keys = this.#keysOf(box, tags);
		const wait: LoopWait = { ...newWait(what, keys), keepsAlive: false, onOver: () => this.#answer(id, wait) };
		this.#waits.set(id, wait);
		const [first] = keys;
		const backlog = first && what === 'room' ? this.#backlogs.get(wire.nameOf(first.box, first.text)) : undefined;
		const start = (): void => {
			if (!this.#waits.has(id)) return;
			if (first && what === 'room') first.refusedBytes = refusedBytes;
			this.#attempt(id, () => this.#post.start(wait));
		};
		if (backlog) backlog.whenEmpty(start);
		else start();
	}

	/** Ends a wait, unless it has ended by now. */
	onGiveUp(id: number, isLastLook: boolean): void {
		const wait = this.#waits.get(id);
		if (wait) this.#attempt(id, () => this.#post.giveUp(wait, isLastLook, () => this.#answer(id, wait)));
	}

	/** Changes tags, and what this worker has sent to them and they had no room for. */
	onChange(id: number, { type, box, tags }: wire.WireChange): void {
		const keys = this.#keysOf(box, tags);
		const discarded = type === 'drain' ? this.#discard(keys) : 0;
		const change = { type, keys, box: this.#keysFor(box).box } satisfies Change;
		this.#post.changeLater(change, (changed) => {
			if ('count' in changed && type !== 'drain') this.#discardBox(change.box);
			this.#tell(wire.KIND_CHANGED, id, addTo(changed, discarded));
		});
	}

	#answer(id: number, wait: LoopWait): void {
		this.#waits.delete(id);
		const { outcome } = wait;
		if (outcome?.type !== 'message') {
			this.#flushCredits();
			this.#tell(wire.KIND_OVER, id, outcome?.type === 'failed' ? { error: outcome.error } : outcome?.type);
			return;
		}
		const { tag, codec, contents } = outcome.message;
		const { maxMessageBytes } = this.#link;
		if (contents.length > maxMessageBytes) {
			const error = new MessageTooLargeError({ bytes: contents.length, maxMessageBytes });
			this.#tell(wire.KIND_OVER, id, { error });
			return;
		}
		const index = wait.keys.findIndex(({ text }) => text === tag);
		if (!this.#isEnded) this.#link.sendEncoded(wire.KIND_MESSAGE, id, wire.placeOf(codec, index), wire.LANE, contents);
	}

	/** Answers with the error when waiting is not possible here. */
	#attempt(id: number, action: () => void): void {
		try {
			action();
		} catch (error) {
			this.#waits.delete(id);
			this.#tell(wire.KIND_OVER, id, { error });
		}
	}

	#backlogFor(key: TagKey): Backlog {
		const name = wire.nameOf(key.box, key.text);
		const backlog: Backlog = new Backlog(
			this.#post,
			key,
			(messages, bytes, failure) => this.#giveBack(key, messages, bytes, failure),
			() => {
				if (this.#backlogs.get(name) === backlog) this.#backlogs.delete(name);
			},
		);
		this.#backlogs.set(name, backlog);
		return backlog;
	}

	#discard(keys: readonly TagKey[]): number {
		let count = 0;
		for (const { box, text } of keys) count += this.#backlogs.get(wire.nameOf(box, text))?.discard() ?? 0;
		return count;
	}

	#discardBox(box: BoxKey): void {
		const prefix = wire.nameOf(box, '');
		for (const [name, backlog] of this.#backlogs) if (name.startsWith(prefix)) backlog.discard();
	}

	/** Credit goes back at the end of the turn, for many messages at once; an error goes at once. */
	#giveBack(key: TagKey, messages: number, bytes: number, failure?: { readonly error: unknown }): void {
		const { box, text: tag } = key;
		if (failure) {
			this.#tell(wire.KIND_CREDIT, 0, { box: wire.toWireBox(box), tag, messages, bytes, ...failure } satisfies wire.WireCredit);
			return;
		}
		const name = wire.nameOf(box, tag);
		if (this.#credits.size === 0) queueMicrotask(() => this.#flushCredits());
		const credit = this.#credits.get(name) ?? { key, messages: 0, bytes: 0 };
		credit.messages += messages;
		credit.bytes += bytes;
		this.#credits.set(name, credit);
	}

	#flushCredits(): void {
		const credits = [...this.#credits.values()];
		this.#credits.clear();
		for (const { key, messages, bytes } of credits)
			this.#tell(wire.KIND_CREDIT, 0, { box: wire.toWireBox(key.box), tag: key.text, messages, bytes } satisfies wire.WireCredit);
	}

	#tell(kind: number, w2: number, value: unknown): void {
		if (this.#isEnded) return;
		this.#link.encode(value);
		this.#link.commit(kind, w2, 0, wire.LANE);
	}

	#end(): void {
		this.#isEnded = true;
		for (const wait of this.#waits.values()) this.#post.giveUp(wait, false, () => {});
		this.#waits.clear();
	}

	#keysOf(box: wire.WireBox, tags: readonly string[]): TagKey[] {
		const keys = this.#keysFor(box);
		return tags.map((tag) => keys.of(tag));
	}

	#keysFor(box: wire.WireBox): TagKeys {
		const name = box.join();
		const known = this.#boxes.get(name);
		if (known) return known;
		if (this.#boxes.size >= MAX_BOXES) this.#boxes.clear();
		const keys = new TagKeys(wire.fromWireBox(box));
		this.#boxes.set(name, keys);
		return keys;
	}
}

function addTo(changed: Changed, discarded: number): Changed {
	return 'count' in changed ? { count: changed.count + discarded } : changed;
}
