import { MessengerClosedError, ResourceRequestedClose, WorkerExitedError } from '../errors/index.ts';
import { checkWaitOptions, type WaitOptions } from '../internal/wait.ts';
import type { ChannelId } from './channel-id.ts';
import type { Channel } from './channel.ts';
import type { Message } from './message.ts';
import type { MessengerCore } from './messenger-core.ts';
import { type MessengerClass, openPair, type PairOptions } from './pair.ts';
import { checkMayPark, parkUntil } from './park.ts';
import type { SendOptions } from './send-options.ts';

/**
 * Talks to one peer over channels: sends data, requests and replies, receives them, counts them. FIFO per channel.
 *
 * Both ends have the same face. `WorkerResource` makes a pair of them; {@link MultiMessenger.pair} makes one without a worker.
 * Sends never block and never wait: what the peer has no room for waits in an outbox, and a send that throws has sent nothing.
 *
 * When the peer dies, what had arrived is delivered first; then every receive call, pending or new, rejects with
 * WorkerExitedError (or with the error that ended the worker), and so does every pending request. Errors and close requests
 * of the peer are thrown once, by whatever receive call comes next, and leave the messenger usable.
 *
 * From coproc's MultiMessenger (devincornell/coproc).
 */
export class MultiMessenger {
	/** @internal In which order channels give back their messages. */
	static readonly order: 'fifo' | 'priority' = 'fifo';
	readonly #open: () => MessengerCore;
	#opened: MessengerCore | undefined;

	/** @internal Messengers come from WorkerResource or from {@link MultiMessenger.pair}. */
	constructor(open: () => MessengerCore) {
		this.#open = open;
	}

	/**
	 * Makes two connected messengers without a worker. Either end can be handed to a thread, unused, in the `transfer` of a
	 * send or as an argument of `start()`. Closing one end is an exit with code 0 to the other; a
	 * thread that ends without closing its end is one with code 1. An end that was used keeps its program running until closed.
	 */
	static pair<T extends MultiMessenger>(this: MessengerClass<T>, options?: PairOptions): [T, T] {
		return openPair(this, options);
	}

	/** Sends data that expects no reply. Returns false above the high-water mark, as `stream.write` does; it is sent all the same. */
	sendNorequest(data: unknown, channelId?: ChannelId, options?: SendOptions): boolean {
		return this.#sending('sendNorequest').sendData(data, channelId, options);
	}

	/** Sends a request and adds one to `remaining(channelId)`; its reply is received like any message. */
	sendRequest(data: unknown, channelId?: ChannelId, options?: SendOptions): boolean {
		return this.#sending('sendRequest').sendRequest(data, channelId, options);
	}

	/** Sends a request for each item, or none at all when one of them cannot be sent. */
	sendRequestMultiple(items: Iterable<unknown>, channelId?: ChannelId, options?: SendOptions): boolean {
		return this.#sending('sendRequestMultiple').sendRequests(items, channelId, options);
	}

	/** Answers the oldest request of the channel that was received here and not answered yet. */
	sendReply(data: unknown, channelId?: ChannelId, options?: SendOptions): boolean {
		return this.#sending('sendReply').sendReply(data, channelId, options);
	}

	/** Sends an error that the peer's next receive call throws. It overtakes queued data and answers every popped request. */
	sendError(error: unknown): boolean {
		return this.#sending('sendError').sendError(error);
	}

	/** Asks the peer to close: its next receive call throws ResourceRequestedClose. It overtakes queued data. */
	sendCloseRequest(): boolean {
		return this.#sending('sendCloseRequest').sendCloseRequest();
	}

	/**
	 * Sends a request and resolves to its reply. Rejects with the peer's error when it fails the request, with
	 * WorkerExitedError when the peer dies first, with TimeoutError or the signal's reason when given up.
	 */
	request(data: unknown, channelId?: ChannelId, options?: SendOptions & WaitOptions): Promise<unknown> {
		try {
			checkWaitOptions('request', options);
			return this.#sending('request').request(data, channelId, options);
		} catch (error) {
			return Promise.reject(error);
		}
	}

	/** Resolves when what the peer's program has not taken is below the high-water mark; rejects when the peer dies first. */
	async flushed(options?: WaitOptions): Promise<void> {
		checkWaitOptions('flushed', options);
		const { ending } = this.#receiving('flushed');
		if (ending) throw this.#core.incoming.tellEnd();
		return this.#core.credit.flushed(options);
	}

	/** Takes in what has arrived and returns how many messages wait on the channel. */
	available(channelId?: ChannelId): number {
		const channel = this.#core.channels.get(channelId);
		this.#receiving('available').takeIn();
		return channel.queue.size;
	}

	/** Returns everything that waits on the channel, at once; an empty array when there is nothing. */
	receiveAvailable(channelId?: ChannelId): unknown[] {
		const channel = this.#core.channels.get(channelId);
		const incoming = this.#receiving('receiveAvailable');
		incoming.takeIn();
		const data: unknown[] = [];
		// A failure behind other messages stays for the next call, which throws it: throwing now would lose what came before.
		while (channel.queue.size > 0 && (data.length === 0 || !channel.queue.peek()?.envelope.isFailure)) {
			data.push(incoming.pop(channel)?.data);
		}
		return data;
	}

	/** Resolves to the data of the next message on the channel. */
	receive(channelId?: ChannelId, options?: WaitOptions): Promise<unknown> {
		return this.#next('receive', channelId, options);
	}

	/** Resolves to the next message on the channel, with its envelope and the means to answer it. */
	receiveMessage(channelId?: ChannelId, options?: WaitOptions): Promise<Message> {
		return this.#next('receiveMessage', channelId, options) as Promise<Message>;
	}

	/** Yields the channel's messages until every outstanding request of the channel is answered. Can be taken up again after a throw. */
	async *receiveRemaining(channelId?: ChannelId, options?: WaitOptions): AsyncGenerator<unknown, void, undefined> {
		const channel = this.#core.channels.get(channelId);
		while (this.#isRemaining(channel)) yield await this.receive(channelId, options);
	}

	/** Resolves when anything is queued on any channel, at once if something is. */
	async awaitAvailable(options?: WaitOptions): Promise<void> {
		checkWaitOptions('awaitAvailable', options);
		const incoming = this.#receiving('awaitAvailable');
		options?.signal?.throwIfAborted();
		incoming.takeIn();
		if (incoming.queued === 0) return incoming.waitAny(options);
	}

	/** Iterates over the default channel; ends when the peer asks to close or exits with code 0, or when this end is closed. */
	async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void, undefined> {
		for (;;) {
			let data: unknown;
			try {
				data = await this.receive();
			} catch (error) {
				if (isUntroubledEnd(error)) return;
				throw error;
			}
			yield data;
		}
	}

	/** As {@link receive}, parking the thread. For workers; throws BlockingNotAllowedError where others depend on this thread. */
	receiveBlocking(channelId?: ChannelId, options?: { timeout?: number }): unknown {
		return this.#nextBlocking('receiveBlocking', channelId, options).data;
	}

	/** As {@link receiveMessage}, parking the thread. */
	receiveMessageBlocking(channelId?: ChannelId, options?: { timeout?: number }): Message {
		return this.#nextBlocking('receiveMessageBlocking', channelId, options);
	}

	/** As {@link receiveRemaining}, parking the thread. */
	*receiveRemainingBlocking(channelId?: ChannelId, options?: { timeout?: number }): Generator<unknown, void, undefined> {
		checkMayPark(this.#core, 'receiveRemainingBlocking');
		const channel = this.#core.channels.get(channelId);
		while (this.#isRemaining(channel)) yield this.#nextBlocking('receiveRemainingBlocking', channelId, options).data;
	}

	/** As {@link awaitAvailable}, parking the thread. */
	awaitAvailableBlocking(options?: { timeout?: number }): void {
		const method = 'awaitAvailableBlocking';
		parkUntil(this.#core, method, options, () => (this.#receiving(method).queued > 0 ? true : undefined));
	}

	/** Requests sent on the channel that are not completed: by a popped reply, a failure, an error or the peer's exit. */
	remaining(channelId?: ChannelId): number {
		return this.#core.channels.get(channelId).outstanding;
	}

	/** Requests sent on the channel. */
	requestsSent(channelId?: ChannelId): number {
		return this.#core.channels.get(channelId).requestsSent;
	}

	/** Replies popped on the channel, those to `request()` included. */
	repliesReceived(channelId?: ChannelId): number {
		return this.#core.channels.get(channelId).repliesReceived;
	}

	/** Data messages of every kind sent on the channel. */
	messagesSent(channelId?: ChannelId): number {
		return this.#core.channels.get(channelId).messagesSent;
	}

	/** Messages popped on the channel, replies to `request()` included. */
	messagesReceived(channelId?: ChannelId): number {
		return this.#core.channels.get(channelId).messagesReceived;
	}

	/** Messages queued on the channel, without a look at what has arrived since. */
	queueSize(channelId?: ChannelId): number {
		return this.#core.channels.get(channelId).queue.size;
	}

	/** Closes this end: the peer sees an exit with code 0. Only for pairs; a resource's messenger closes with its resource. Idempotent. */
	async [Symbol.asyncDispose](): Promise<void> {
		await this.#core.dispose();
	}

	/** The inside, made at the first use: an end that was not used yet can be handed to another thread. */
	get #core(): MessengerCore {
		this.#opened ??= this.#open();
		return this.#opened;
	}

	#sending(method: string): MessengerCore['outgoing'] {
		const incoming = this.#receiving(method);
		if (incoming.ending) throw incoming.tellEnd();
		return this.#core.outgoing;
	}

	#receiving(method: string): MessengerCore['incoming'] {
		const { incoming, isClosed } = this.#core;
		// A peer that is gone closes this side too, but then its end is what has to be told, after what it had sent.
		if (isClosed && (!incoming.ending || incoming.ending.error instanceof MessengerClosedError))
			throw new MessengerClosedError({ method });
		return incoming;
	}

	/** The next message, or its data. No async function: that would cost three more promises on the hottest path. */
	#next(
		method: 'receive' | 'receiveMessage',
		channelId: ChannelId | undefined,
		options: WaitOptions | undefined,
	): Promise<unknown> {
		try {
			checkWaitOptions(method, options);
			const channel = this.#core.channels.get(channelId);
			const incoming = this.#receiving(method);
			options?.signal?.throwIfAborted();
			incoming.takeIn();
			const message = incoming.pop(channel);
			if (message === undefined) return incoming.wait(channel, method === 'receive', options);
			return Promise.resolve(method === 'receive' ? message.data : message);
		} catch (error) {
			return Promise.reject(error);
		}
	}

	/** Whether there is more for `receiveRemaining`; throws what has come in place of it. */
	#isRemaining(channel: Channel): boolean {
		const incoming = this.#receiving('receiveRemaining');
		incoming.takeIn();
		if (channel.outstanding > 0) return true;
		if (!incoming.ending) return false;
		if (channel.queue.size > 0) return true;
		if (channel.lost === 0) return false;
		throw incoming.tellEnd();
	}

	#nextBlocking(method: string, channelId: ChannelId | undefined, options: { timeout?: number } | undefined): Message {
		const channel = this.#core.channels.get(channelId);
		return parkUntil(this.#core, method, options, () => this.#receiving(method).pop(channel));
	}
}

function isUntroubledEnd(error: unknown): boolean {
	if (error instanceof ResourceRequestedClose || error instanceof MessengerClosedError) return true;
	return error instanceof WorkerExitedError && error.exitCode === 0;
}
