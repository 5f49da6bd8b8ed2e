import { InvalidArgumentError } from '../errors/index.ts';
import type { ChannelId } from './channel-id.ts';
import type { SendOptions } from './send-options.ts';

/** What a message needs from its messenger to answer a request. */
export interface Replier {
	/** Sends a reply (or a failure) to `message`. Returns false above the high-water mark. */
	answer(message: Message, isFailure: boolean, data: unknown, options?: SendOptions): boolean;
}

/** What the receiving messenger knows about a message beside what its user sees. */
export interface Envelope {
	readonly channelId: ChannelId;
	readonly priority: number;
	readonly isRequest: boolean;
	readonly isReply: boolean;
	/** Number of the request that this is or answers; 0 for none. */
	readonly requestId: number;
	/** True when the requester waits in `request()`. */
	readonly isCorrelated: boolean;
	/** Bytes to credit to the sender once this is popped; 0 for what passes outside the limits. */
	readonly chargedBytes: number;
	/** True when the payload is an error to throw instead of a value to return. */
	readonly isFailure: boolean;
}

/** A received message with all that came with it. */
export class Message<T = unknown> {
	/** The payload. */
	readonly data: T;
	readonly #envelope: Envelope;
	readonly #replier: Replier;
	#isAnswered = false;

	/** @internal */
	constructor(replier: Replier, data: T, envelope: Envelope) {
		this.#replier = replier;
		this.data = data;
		this.#envelope = envelope;
	}

	/** @internal */
	get envelope(): Envelope {
		return this.#envelope;
	}

	/** The channel it was sent on. */
	get channelId(): ChannelId {
		return this.#envelope.channelId;
	}

	/** Lower goes first; +Infinity when the sender gave none. */
	get priority(): number {
		return this.#envelope.priority;
	}

	/** True when the sender expects a reply. */
	get isRequest(): boolean {
		return this.#envelope.isRequest;
	}

	/** True when it answers a request of this side. */
	get isReply(): boolean {
		return this.#envelope.isReply;
	}

	/**
	 * Answers this request. Returns false above the high-water mark, as sends do.
	 *
	 * @throws InvalidArgumentError when this is no request, or was answered before
	 * @throws DataCloneError when `data` cannot be sent; the request is still unanswered
	 */
	reply(data?: unknown, options?: SendOptions): boolean {
		return this.#answer('reply', false, data, options);
	}

	/** Answers this request with a failure: the requester's `request()` rejects with `error`, or its receive call throws it. */
	fail(error: unknown): boolean {
		return this.#answer('fail', true, error);
	}

	/** @internal True once this request was answered, by whatever call. */
	get isAnswered(): boolean {
		return this.#isAnswered;
	}

	/** @internal Marks this request as answered. */
	markAnswered(): void {
		this.#isAnswered = true;
	}

	#answer(method: string, isFailure: boolean, data: unknown, options?: SendOptions): boolean {
		if (!this.isRequest)
			throw new InvalidArgumentError(`message.${method}() was refused: this message is no request, so nobody waits for a reply`);
		if (this.#isAnswered) throw new InvalidArgumentError(`message.${method}() was refused: this request was answered already`);
		return this.#replier.answer(this, isFailure, data, options);
	}
}
