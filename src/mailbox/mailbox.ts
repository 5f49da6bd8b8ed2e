import { createHash, randomFillSync } from 'node:crypto';

import {
	BlockingNotAllowedError,
	InvalidArgumentError,
	MailboxClosedError,
	TagCapacityError,
	TimeoutError,
} from '../errors/index.ts';
import { checkWaitOptions, type WaitOptions } from '../internal/wait.ts';
import { registerType, theHost } from '../messenger/index.ts';
import { checkOptions, keyOf, keysOf } from './arguments.ts';
import { decodeContents, detachment, encodeContents } from './contents.ts';
import { type BoxKey, newWait, type TagKey, TagKeys, type WaitOutcome } from './store/index.ts';
import { thisPost } from './this-post.ts';
import { waitInLoop } from './wait-in-loop.ts';

/** In the place of the tag where nothing came in time. A symbol, so that no tag can be taken for it. */
export const TIMEOUT: unique symbol = Symbol.for('coproc.mailbox.timeout');

/** A message with the tag that it was sent to. */
export type Received = [tag: string, contents: unknown];

/** What a receive gives where nothing came in time and there is no `after`. */
export type TimedOut = [tag: typeof TIMEOUT, contents: undefined];

/** What to call when nothing came in time. */
export interface After<R> {
	/** Called, without arguments, only when the time is up; its result is that of the receive, as it is. */
	after: () => R;
}

/** What the implementations of the overloads take. */
export type AnyReceiveOptions = WaitOptions & { after?: (() => unknown) | undefined };

/** Limits of a mailbox. */
export interface MailboxOptions {
	/** Most tags that it may have at a time; 1,024 by default. */
	tagLimit?: number;
	/** Most bytes that the messages on one tag may take, each with 64 more than its contents; 16 MiB by default. */
	bytesPerTag?: number;
}

/** Options of a send. */
export interface MailboxSendOptions {
	/** ArrayBuffers that the receiver gets for itself: they are detached here. Their bytes are copied all the same. */
	transfer?: readonly ArrayBuffer[];
}

type BoxId = BoxKey['id'];

/** Begins the ids of mailboxes that have names. */
const NAMED = 0x656d616e;
const TAG_LIMIT = 1024;
const BYTES_PER_TAG = 16 * 1024 * 1024;

/** Set by the class: makes the mailbox with that id, rather than a new one. */
let mailboxOf: (id: BoxId, options: MailboxOptions) => Mailbox;

/** The mailbox that the functions of this module use: one for the whole tree. */
export function defaultMailbox(): Mailbox {
	return mailboxOf([0, 0, 0], {});
}

/**
 * The mailbox of that name, the same for everyone in the tree. For layers that keep queues of their own: whoever knows the name has
 * the queue, wherever it is in the tree, and there is nothing to hand over. The first use anywhere decides its limits.
 */
export function namedMailbox(name: string, options: MailboxOptions = {}): Mailbox {
	checkOptions({ ...options });
	const digest = createHash('sha256').update(name).digest();
	return mailboxOf([NAMED, digest.readInt32LE(0), digest.readInt32LE(4)], options);
}

/**
 * Tags that any thread of the tree may send to and any may receive from. An instance can be sent in start arguments and messages,
 * and is the same mailbox there. Made nowhere before its first use; from bocpy's messaging, where there is one for everybody.
 */
export class Mailbox implements AsyncDisposable {
	static {
		mailboxOf = (id, options) => {
			const mailbox = new Mailbox(options);
			mailbox.#keys = new TagKeys({ ...mailbox.#keys.box, id });
			return mailbox;
		};
		registerType(Mailbox, {
			name: 'coproc.mailbox',
			encode: (mailbox) => {
				const { id, tagLimit, bytesPerTag } = mailbox.#keys.box;
				return [id, { tagLimit, bytesPerTag }] as const;
			},
			decode: ([id, options]) => mailboxOf(id, options),
		});
	}

	#keys: TagKeys;

	/** @throws OptionError, which is a TypeError, for limits that mean nothing */
	constructor(options: MailboxOptions = {}) {
		checkOptions({ ...options });
		const { tagLimit = TAG_LIMIT, bytesPerTag = BYTES_PER_TAG } = options;
		const [a = 0, b = 0, c = 0] = randomFillSync(new Int32Array(3));
		this.#keys = new TagKeys({ id: [a, b, c], tagLimit, bytesPerTag, block: 0 });
	}

	/**
	 * Puts a message into the queue of a tag, which is made if it is not there yet. Never waits. The contents are copied: what is
	 * changed later, the receiver does not see. Whoever dies afterwards, the message stays. ArrayBuffers in `transfer` are detached
	 * here when the message is sent.
	 *
	 * In a process that has only the pipe to its host, what the host is refused for want of a place for the tag is thrown by the next
	 * call on that tag.
	 *
	 * @throws MailboxFullError, TagCapacityError, MailboxClosedError, MailboxUnavailableError, DataCloneError, or InvalidArgumentError for
	 * a tag that is none; nothing was sent, and nothing detached, then
	 */
	send(tag: string, contents: unknown, options?: MailboxSendOptions): void {
		const key = keyOf('send', this.#keys, tag);
		const detach = detachment(options);
		const post = thisPost();
		encodeContents(contents, (codec, bytes) => post.send(key, codec, bytes, detach));
	}

	/**
	 * Resolves when a tag has room again for what was refused last. Another sender may be faster: send in a loop.
	 *
	 * @throws TimeoutError, `signal.reason`, MailboxClosedError, MailboxUnavailableError or InvalidArgumentError
	 */
	async ready(tag: string, options: WaitOptions = {}): Promise<void> {
		const key = keyOf('ready', this.#keys, tag);
		checkWaitOptions('ready', options);
		const outcome = await waitInLoop(thisPost(), 'room', [key], options);
		if (!outcome) throw new TimeoutError({ what: 'ready()', timeout: options.timeout ?? 0 });
		if (outcome.type === 'failed') throw outcome.error;
		if (outcome.type === 'closed') throw new MailboxClosedError();
	}

	/**
	 * Takes the message that came first to any of these tags, and waits for one up to `timeout` milliseconds, for ever by default; 0
	 * looks once. Keeps the event loop alive meanwhile. Each message goes to one receiver; one that dies takes with it what it took.
	 *
	 * When the time is up: the result of `after()`, or `[TIMEOUT, undefined]`.
	 *
	 * @throws `signal.reason`, MailboxClosedError, MailboxUnavailableError, InvalidArgumentError, what `after` throws; TagCapacityError when
	 * setTags() took the tags away and left no place for them; TypeNotRegisteredError for contents that cannot be read here, which are lost
	 */
	receive(tags: string | readonly string[], options?: WaitOptions & { after?: undefined }): Promise<Received | TimedOut>;
	receive<R>(tags: string | readonly string[], options: WaitOptions & After<R>): Promise<Received | Awaited<R>>;
	async receive(tags: string | readonly string[], options: AnyReceiveOptions = {}): Promise<unknown> {
		const keys = this.#check('receive', tags, options);
		const post = thisPost();
		const wait = newWait('message', keys);
		// Most messages are there before they are asked for, and need no promise.
		if (!options.signal?.aborted && post.look(wait)) return resultOf(wait.outcome as WaitOutcome, keys);
		const outcome = await waitInLoop(post, 'message', keys, options);
		return outcome ? resultOf(outcome, keys) : onTimeout(options);
	}

	/**
	 * As {@link receive}, parking this thread; for workers only. What `after` returns is not awaited.
	 *
	 * @throws BlockingNotAllowedError where this thread is no worker, and what receive() throws
	 */
	receiveBlocking(tags: string | readonly string[], options?: { timeout?: number; after?: undefined }): Received | TimedOut;
	receiveBlocking<R>(tags: string | readonly string[], options: { timeout?: number } & After<R>): Received | R;
	receiveBlocking(tags: string | readonly string[], options: AnyReceiveOptions = {}): unknown {
		const keys = this.#check('receiveBlocking', tags, options);
		if (!theHost()) throw new BlockingNotAllowedError({ method: 'receiveBlocking', why: 'this thread is no worker of coproc' });
		const wait = newWait('message', keys);
		thisPost().waitBlocking(wait, options.timeout ?? Number.POSITIVE_INFINITY);
		return wait.outcome ? resultOf(wait.outcome, keys) : onTimeout(options);
	}

	/**
	 * Takes away all tags and their messages and makes these tags, all at once. Others may be used afterwards as far as there is room;
	 * an empty list starts over. A receive that is pending goes on.
	 *
	 * @throws TagCapacityError, MailboxClosedError, MailboxUnavailableError or InvalidArgumentError; nothing has changed then
	 */
	setTags(tags: readonly string[]): void {
		if (!Array.isArray(tags))
			throw new InvalidArgumentError(`setTags() was refused: it takes an array of tags, not ${typeof tags}`);
		const keys = keysOf('setTags', this.#keys, tags, true);
		thisPost().change({ type: 'setTags', box: this.#keys.box, keys });
	}

	/**
	 * Discards the messages on these tags and returns how many there were. Makes no tag; ends however fast others send.
	 *
	 * @throws MailboxClosedError, MailboxUnavailableError or InvalidArgumentError
	 */
	drain(tags: string | readonly string[]): number {
		return thisPost().change({ type: 'drain', keys: keysOf('drain', this.#keys, tags, true) });
	}

	/** Ends the mailbox for everyone who has it and discards its messages; every wait on it rejects with MailboxClosedError. Idempotent. */
	async [Symbol.asyncDispose](): Promise<void> {
		const post = thisPost();
		await new Promise<void>((resolve, reject) => {
			post.changeLater({ type: 'close', box: this.#keys.box }, (changed) => {
				if ('error' in changed) reject(changed.error);
				else resolve();
			});
		});
	}

	#check(method: string, tags: string | readonly string[], options: AnyReceiveOptions): TagKey[] {
		const keys = keysOf(method, this.#keys, tags, false);
		checkWaitOptions(method, options);
		const { after } = options;
		if (after !== undefined && typeof after !== 'function')
			throw new InvalidArgumentError(`${method}() was refused: \`after\` must be a function, not ${typeof after}`);
		return keys;
	}
}

function onTimeout({ after }: AnyReceiveOptions): unknown {
	return after ? after() : [TIMEOUT, undefined];
}

function resultOf(outcome: WaitOutcome, keys: readonly TagKey[]): Received {
	if (outcome.type === 'message') {
		const { tag, codec, contents } = outcome.message;
		return [tag, decodeContents(codec, contents)];
	}
	if (outcome.type === 'failed') throw outcome.error;
	if (outcome.type === 'closed') throw new MailboxClosedError();
	const { box, text } = keys[0] as TagKey;
	throw new TagCapacityError({ tag: text, tags: box.tagLimit, tagLimit: box.tagLimit });
}
