import { ProtocolError, ResourceRequestedClose } from '../errors/index.ts';
import { Waiter, type WaitOptions } from '../internal/wait.ts';
import type { FrameBytes } from '../transport/index.ts';
import { type Channel, type ChannelTable, Receiver } from './channel.ts';
import { readChannelName } from './channel-wire.ts';
import type { Credit } from './credit.ts';
import {
	FLAG_CORRELATED,
	FLAG_HAS_PRIORITY,
	FLAG_NAMES_CHANNEL,
	KIND_CLOSE,
	KIND_CREDIT,
	KIND_DATA,
	KIND_ERROR,
	KIND_FAIL,
	KIND_REPLY,
	KIND_REQUEST,
	MESSAGE_HEADER_BYTES,
	PRIORITY_PREFIX_BYTES,
} from './envelope.ts';
import { Message, type Replier } from './message.ts';
import type { MessageLink } from './message-link.ts';
import type { Requests } from './requests.ts';

/** What the receiving half of a messenger works with. */
export interface IncomingParts {
	readonly link: MessageLink;
	readonly channels: ChannelTable;
	readonly credit: Credit;
	readonly requests: Requests;
	readonly replier: Replier;
}

/** The receiving half of a messenger: takes in what arrives, queues it by channel, and hands it to who asks or waits. */
export class Incoming {
	/** Messages queued on all channels together. */
	queued = 0;
	/** True while a blocking call is under way: it is told of errors and close requests, for nobody else could react. */
	isParking = false;
	/** Why nothing more will come; {@link tellEnd} gives the error to who has to know. */
	ending: { readonly error: unknown; wasTold: boolean } | undefined;
	readonly #parts: IncomingParts;
	/** Errors and close requests that no receive call has thrown yet. */
	#specials: unknown[] = [];
	/** Who waits for anything, on whatever channel. */
	#anyWaiters: Waiter<void>[] = [];
	/** Replies to requests up to this number complete nothing any more: an error or an exit has completed them. */
	#completedUpTo = 0;

	constructor(parts: IncomingParts) {
		this.#parts = parts;
		const { link, credit } = parts;
		for (const kind of [KIND_DATA, KIND_REQUEST, KIND_REPLY, KIND_FAIL]) {
			link.on(kind, (w1, w2, w3, bytes) => this.#onMessage(kind, w1, w2, w3, bytes));
		}
		link.on(KIND_ERROR, (w1, _w2, _w3, bytes) => this.#onError(link.tryDecode(w1, bytes, bytes.start)));
		link.on(KIND_CLOSE, () => this.special(new ResourceRequestedClose()));
		link.on(KIND_CREDIT, (_w1, w2, w3) => credit.onReport((w3 >>> 0) * 2 ** 32 + (w2 >>> 0)));
	}

	/** Takes in what has arrived, then throws the oldest error or close request that nobody has been told of. */
	takeIn(): void {
		if (!this.ending) this.#parts.link.transport.poll();
		if (this.#specials.length > 0) throw this.#specials.shift();
	}

	/** Pops the next message of `channel`; throws the error that a failure carries. */
	pop(channel: Channel): Message | undefined {
		const message = channel.queue.shift();
		if (message === undefined) return undefined;
		this.queued -= 1;
		this.#count(channel, message, true);
		if (message.envelope.isFailure) throw message.data;
		return message;
	}

	/** What calls throw when the peer is gone and there is nothing left for them. From then on, somebody has been told. */
	tellEnd(): unknown {
		const { ending } = this;
		if (ending) ending.wasTold = true;
		return ending?.error;
	}

	/** Waits for the next message of `channel`, whose queue is empty, or for its data. */
	wait(channel: Channel, wantsData: boolean, options: WaitOptions | undefined): Promise<unknown> {
		if (this.ending) return Promise.reject(this.tellEnd());
		let isQueued = false;
		const waiter = new Receiver(wantsData, options, options && (() => isQueued && channel.waiters.withdrawn()));
		if (!waiter.isDone) {
			channel.waiters.push(waiter);
			isQueued = true;
		}
		return waiter.promise;
	}

	/** Waits until something is queued on any channel. */
	waitAny(options: WaitOptions | undefined): Promise<void> {
		if (this.ending) return Promise.reject(this.tellEnd());
		const waiter = new Waiter<void>('awaitAvailable()', options, () => {
			this.#anyWaiters = this.#anyWaiters.filter((other) => !other.isDone);
		});
		if (!waiter.isDone) this.#anyWaiters.push(waiter);
		return waiter.promise;
	}

	/** Tells an error or a close request to whoever waits, or keeps it for the next receive call. */
	special(error: unknown, wasTold = false): void {
		if (this.isParking) {
			this.#specials.push(error);
			return;
		}
		for (const channel of this.#parts.channels as Iterable<Channel>) {
			const receiver = channel.waiters.shift();
			if (receiver) return void receiver.reject(error);
		}
		for (let waiter = this.#anyWaiters.shift(); waiter; waiter = this.#anyWaiters.shift()) {
			if (waiter.reject(error)) return;
		}
		if (!wasTold) this.#specials.push(error);
	}

	/** Errors that nobody was told of; close requests are none. */
	takeUntold(): unknown[] {
		const untold = this.#specials.filter((error) => !(error instanceof ResourceRequestedClose));
		this.#specials = [];
		return untold;
	}

	/** Ends every wait with `error`: the peer is gone, and what it had sent is queued. */
	end(error: unknown): void {
		let wasTold = false;
		for (const channel of this.#parts.channels as Iterable<Channel>) {
			channel.lost = Math.max(0, channel.outstanding - channel.queuedReplies);
			for (let waiter = channel.waiters.shift(); waiter; waiter = channel.waiters.shift())
				wasTold = waiter.reject(error) || wasTold;
		}
		for (const waiter of this.#anyWaiters) wasTold = waiter.reject(error) || wasTold;
		this.#anyWaiters = [];
		wasTold = this.#completeAll(error) || wasTold;
		this.ending = { error, wasTold };
	}

	/** Completes every outstanding request; `request()` promises reject. True when there was one. */
	#completeAll(error: unknown): boolean {
		const { channels, requests } = this.#parts;
		this.#completedUpTo = requests.lastId;
		for (const channel of channels as Iterable<Channel>) {
			channel.outstanding = 0;
			channel.queuedReplies = 0;
		}
		return requests.rejectAll(error);
	}

	#onError(decoded: { value: unknown } | { failure: unknown }): void {
		const error = 'value' in decoded ? decoded.value : decoded.failure;
		this.special(error, this.#completeAll(error));
	}

	#onMessage(kind: number, w1: number, w2: number, w3: number, bytes: FrameBytes): void {
		const { link, requests, replier } = this.#parts;
		const requestId = w2 >>> 0;
		const isCorrelated = (w1 & FLAG_CORRELATED) !== 0;
		const isReply = kind === KIND_REPLY || kind === KIND_FAIL;
		const { channel, priority, at } = this.#readPrefix(w1, w3, bytes);
		const decoded = link.tryDecode(w1, bytes, at);
		if (isReply && isCorrelated) {
			const outcome = kind === KIND_FAIL && 'value' in decoded ? { failure: decoded.value } : decoded;
			// One that nobody waits for answers a request that an error had completed: it is late, and dropped.
			requests.settle(requestId, outcome);
			return;
		}
		const isFailure = kind === KIND_FAIL || 'failure' in decoded;
		const data = 'failure' in decoded ? decoded.failure : decoded.value;
		const chargedBytes = bytes.end - bytes.start + MESSAGE_HEADER_BYTES;
		const isRequest = kind === KIND_REQUEST;
		const envelope = { channelId: channel.id, priority, isRequest, isReply, requestId, isCorrelated, chargedBytes, isFailure };
		this.#deliver(channel, new Message(replier, data, envelope));
	}

	#readPrefix(w1: number, w3: number, bytes: FrameBytes): { channel: Channel; priority: number; at: number } {
		const { channels } = this.#parts;
		let at = bytes.start;
		let priority = Number.POSITIVE_INFINITY;
		if ((w1 & FLAG_HAS_PRIORITY) !== 0) {
			if (bytes.end - at < PRIORITY_PREFIX_BYTES) throw new ProtocolError('a message ends within its priority');
			priority = bytes.buf.readDoubleLE(at);
			at += PRIORITY_PREFIX_BYTES;
		}
		if ((w1 & FLAG_NAMES_CHANNEL) === 0) return { channel: channels.byNumber(w3), priority, at };
		const name = readChannelName(bytes.buf, bytes.start, at, bytes.end);
		return { channel: channels.learn(w3, name.id), priority, at: name.next };
	}

	#deliver(channel: Channel, message: Message): void {
		const receiver = channel.waiters.shift();
		if (receiver) {
			this.#count(channel, message, false);
			if (message.envelope.isFailure) receiver.reject(message.data);
			else receiver.resolve(receiver.wantsData ? message.data : message);
			return;
		}
		channel.queue.push(message);
		this.queued += 1;
		if (this.#completes(message)) channel.queuedReplies += 1;
		const waiters = this.#anyWaiters;
		if (waiters.length === 0) return;
		this.#anyWaiters = [];
		for (const waiter of waiters) waiter.resolve();
	}

	/** Does what popping a message does to the counters. */
	#count(channel: Channel, message: Message, wasQueued: boolean): void {
		const { chargedBytes, isReply, isRequest } = message.envelope;
		channel.messagesReceived += 1;
		if (isReply) channel.repliesReceived += 1;
		if (isRequest) channel.unanswered.push(message);
		if (this.#completes(message)) {
			channel.outstanding -= 1;
			if (wasQueued) channel.queuedReplies -= 1;
		}
		if (chargedBytes > 0 && !this.ending) this.#parts.credit.pop(chargedBytes);
	}

	/** True when popping this message completes a request that nothing else has completed. */
	#completes({ envelope }: Message): boolean {
		if (!envelope.isReply || envelope.requestId === 0) return false;
		// Numbers wrap at 2^32, so they are compared by their distance.
		return ((envelope.requestId - this.#completedUpTo) | 0) > 0;
	}
}
