import { MailboxUnavailableError, MessageTooLargeError } from '../../errors/index.ts';
import type { HostContact } from '../../messenger/index.ts';
import type { FrameBytes } from '../../transport/index.ts';
import type { Change, Changed, LoopWait, Post } from '../post.ts';
import type { TagKey, TagWait, WaitOutcome } from '../store/index.ts';
import { Credits } from './credits.ts';
import * as wire from './wire.ts';

/** What a frame has before tag and contents, with a margin. */
const FRAME_BYTES = 64;

/** A wait that the host was told of. */
interface AskedWait {
	readonly wait: TagWait;
	readonly id: number;
	/** Called, once, with the outcome in the wait, or without one after it was given up. */
	onEnded: () => void;
}

/**
 * The post of a thread that shares no memory with its tree: its host does everything on its behalf, asked over their link.
 *
 * Sends spend credit and never wait. Waits end in the host, so one that is given up here ends when the host says how: with the
 * message that was under way by then, or without.
 */
export class RemotePost implements Post {
	readonly #host: HostContact;
	readonly #credits = new Credits();
	readonly #waits = new Map<number, AskedWait>();
	readonly #byWait = new Map<TagWait, AskedWait>();
	readonly #changes = new Map<number, (changed: Changed) => void>();
	#lastId = 0;

	constructor(host: HostContact) {
		this.#host = host;
		const { link } = host;
		const valueOf = (w1: number, bytes: FrameBytes): unknown => {
			const decoded = link.tryDecode(w1, bytes, bytes.start);
			return 'value' in decoded ? decoded.value : { error: decoded.failure };
		};
		link.on(wire.KIND_MESSAGE, (_w1, id, place, bytes) => this.#onMessage(id, place, bytes));
		link.on(wire.KIND_OVER, (w1, id, _w3, bytes) => this.#onOver(id, valueOf(w1, bytes)));
		link.on(wire.KIND_CHANGED, (w1, id, _w3, bytes) => this.#onChanged(id, valueOf(w1, bytes) as Changed));
		link.on(wire.KIND_CREDIT, (w1, _w2, _w3, bytes) => this.#credits.onCredit(valueOf(w1, bytes) as wire.WireCredit));
	}

	send(key: TagKey, codec: number, contents: Uint8Array, beforehand?: () => void): void {
		const { link } = this.#host;
		this.#check([key]);
		const bytes = contents.length + FRAME_BYTES + key.name.length;
		if (bytes > link.maxMessageBytes) throw new MessageTooLargeError({ bytes, maxMessageBytes: link.maxMessageBytes });
		// What is back already has not been looked at while this thread was busy.
		if (!this.#credits.allows(key, contents.length)) link.transport.poll();
		this.#credits.throwFailure([key]);
		if (!this.#credits.allows(key, contents.length)) throw this.#credits.refusal(key, contents.length);
		beforehand?.();
		this.#credits.spend(key, contents.length);
		key.refusedBytes = 0;
		link.sendEncoded(wire.KIND_SEND, 0, codec, wire.LANE, contents, (writer) => wire.writeTag(writer, key));
	}

	look(): boolean {
		return false;
	}

	start(wait: LoopWait): void {
		this.#ask(wait, () => wait.onOver());
	}

	giveUp(wait: LoopWait, isLastLook: boolean, onEnded: () => void): void {
		const asked = this.#byWait.get(wait) ?? this.#ask(wait, onEnded);
		asked.onEnded = onEnded;
		this.#tell(wire.KIND_GIVE_UP, undefined, asked.id, isLastLook ? 1 : 0);
	}

	waitBlocking(wait: TagWait, timeout: number): void {
		const deadline = performance.now() + timeout;
		let isOver = false;
		const asked = this.#ask(wait, () => {
			isOver = true;
		});
		this.#parkUntil(() => isOver, deadline);
		if (isOver) return;
		this.#tell(wire.KIND_GIVE_UP, undefined, asked.id, 1);
		this.#parkUntil(() => isOver);
	}

	change(change: Change): number {
		let changed: Changed | undefined;
		this.changeLater(change, (result) => {
			changed = result;
		});
		this.#parkUntil(() => changed !== undefined);
		const result = changed as unknown as Changed;
		if ('error' in result) throw result.error;
		return result.count;
	}

	changeLater(change: Change, onDone: (changed: Changed) => void): void {
		const keys = change.type === 'close' ? [] : change.keys;
		const box = change.type === 'drain' ? change.keys[0]?.box : change.box;
		if (!box) return onDone({ count: 0 });
		this.#check([]);
		const id = this.#nextId();
		this.#changes.set(id, onDone);
		const asked: wire.WireChange = { type: change.type, box: wire.toWireBox(box), tags: keys.map(({ text }) => text) };
		this.#tell(wire.KIND_CHANGE, asked, id);
	}

	#ask(wait: TagWait, onEnded: () => void): AskedWait {
		const [first] = wait.keys as [TagKey];
		this.#check(wait.keys);
		const asked = { wait, id: this.#nextId(), onEnded };
		this.#waits.set(asked.id, asked);
		this.#byWait.set(wait, asked);
		const told: wire.WireWait = {
			for: wait.for,
			box: wire.toWireBox(first.box),
			tags: wait.keys.map(({ text }) => text),
			refusedBytes: first.refusedBytes,
		};
		this.#tell(wire.KIND_WAIT, told, asked.id);
		return asked;
	}

	/** Throws what a call has to throw before it asks for anything. */
	#check(keys: readonly TagKey[]): void {
		const { isGone, link } = this.#host;
		link.checkIdle();
		this.#credits.throwFailure(keys);
		if (isGone()) throw new MailboxUnavailableError({ why: 'the host is gone' });
	}

	#tell(kind: number, value: unknown, w2: number, w3 = 0): void {
		this.#host.link.encode(value);
		this.#host.link.commit(kind, w2, w3, wire.LANE);
	}

	/** Parks this thread; the host answers from its event loop. */
	#parkUntil(isDone: () => boolean, deadline: number = Number.POSITIVE_INFINITY): void {
		const { isGone, link } = this.#host;
		while (!isDone()) {
			const left = deadline - performance.now();
			if (left <= 0) return;
			if (isGone()) throw new MailboxUnavailableError({ why: 'the host is gone' });
			link.transport.park(left);
		}
	}

	#onMessage(id: number, place: number, { buf, start, end }: FrameBytes): void {
		const wait = this.#waits.get(id)?.wait;
		const key = wait?.keys[wire.indexIn(place)];
		if (!key) return;
		const contents = Buffer.allocUnsafeSlow(end - start);
		contents.set(buf.subarray(start, end));
		this.#end(id, { type: 'message', message: { tag: key.text, codec: wire.codecIn(place), contents } });
	}

	#onOver(id: number, how: unknown): void {
		if (typeof how === 'object' && how !== null && 'error' in how) this.#end(id, { type: 'failed', error: how.error });
		else this.#end(id, how === 'room' || how === 'lost' || how === 'closed' ? { type: how } : undefined);
	}

	#end(id: number, outcome: WaitOutcome | undefined): void {
		const asked = this.#waits.get(id);
		if (!asked) return;
		this.#waits.delete(id);
		this.#byWait.delete(asked.wait);
		asked.wait.outcome = outcome;
		asked.onEnded();
	}

	#onChanged(id: number, changed: Changed): void {
		const onDone = this.#changes.get(id);
		this.#changes.delete(id);
		onDone?.(changed);
	}

	#nextId(): number {
		this.#lastId = (this.#lastId + 1) & 0x7fff_ffff;
		return this.#lastId;
	}
}
