import { ProtocolError } from '../errors/index.ts';
import { Waiter, type WaitOptions } from '../internal/wait.ts';
import { type ChannelId, type ChannelKey, channelKey } from './channel-id.ts';
import type { MessageQueue } from './fifo-queue.ts';
import type { Message } from './message.ts';
import { TurnQueue } from './turn-queue.ts';

/** Numbers that stand for channels on the wire; channels beyond these are spelled out in every message. */
const MAX_NUMBERS = 4096;

/** Someone who waits for the next message of a channel. */
export class Receiver extends Waiter<unknown> {
	/** True when the data alone is asked for. */
	readonly wantsData: boolean;

	constructor(wantsData: boolean, options: WaitOptions | undefined, onGivenUp: (() => void) | undefined) {
		super(wantsData ? 'receive()' : 'receiveMessage()', options, onGivenUp);
		this.wantsData = wantsData;
	}
}

/** All that a messenger knows about one channel: its queue, who waits for it, and its counters. */
export class Channel {
	readonly id: ChannelId;
	readonly key: ChannelKey;
	readonly queue: MessageQueue<Message>;
	/** Pending receives, oldest first; those that gave up are skipped when their turn comes. */
	readonly waiters: TurnQueue<Receiver> = new TurnQueue((receiver) => receiver.isDone);
	/** Popped requests in the order of popping, for `sendReply()`; those answered otherwise are skipped. */
	readonly unanswered: TurnQueue<Message> = new TurnQueue((message) => message.isAnswered);
	/** What stands for this channel in the messages of this side; 0 until the first one has named it. */
	number = 0;
	requestsSent = 0;
	repliesReceived = 0;
	messagesSent = 0;
	messagesReceived = 0;
	/** Requests sent that are not completed. */
	outstanding = 0;
	/** Queued replies that will complete a request when they are popped. */
	queuedReplies = 0;
	/** Requests that the peer's exit completed without any reply: someone who waits for the rest must be told. */
	lost = 0;

	constructor(id: ChannelId, key: ChannelKey, queue: MessageQueue<Message>) {
		this.id = id;
		this.key = key;
		this.queue = queue;
	}

	/** Keeps the frames of this channel in order among themselves. */
	get lane(): number | string {
		return this.number === 0 ? String(this.key) : this.number;
	}
}

/** The channels of a messenger, by id and by the numbers that stand for them on the wire. */
export class ChannelTable {
	readonly #channels = new Map<ChannelKey, Channel>();
	readonly #makeQueue: () => MessageQueue<Message>;
	readonly #received: (Channel | undefined)[] = [];
	readonly #default: Channel;
	#numbersSent = 0;

	constructor(makeQueue: () => MessageQueue<Message>) {
		this.#makeQueue = makeQueue;
		this.#default = this.#open(null, null);
	}

	/** The channel of that id, new if need be. Throws InvalidArgumentError for an id that is none. */
	get(id: ChannelId | undefined): Channel {
		if (id === undefined || id === null) return this.#default;
		const key = channelKey(id);
		return this.#channels.get(key) ?? this.#open(Array.isArray(id) ? structuredCloneId(id) : id, key);
	}

	/** The channel that the peer's number stands for. */
	byNumber(number: number): Channel {
		const channel = this.#received[number];
		if (!channel) throw new ProtocolError('a message names a channel that was never introduced', { number });
		return channel;
	}

	/** Learns what the peer's number stands for from now on; 0 is for one message only. */
	learn(number: number, id: ChannelId): Channel {
		if (number < 0 || number > MAX_NUMBERS) throw new ProtocolError('a channel number is out of range', { number, MAX_NUMBERS });
		const channel = this.get(id);
		if (number > 0) this.#received[number] = channel;
		return channel;
	}

	/** A number to introduce a channel with, or 0 when all are taken. It counts once {@link introduced} is called. */
	nextNumber(): number {
		return this.#numbersSent < MAX_NUMBERS ? this.#numbersSent + 1 : 0;
	}

	/** Notes that the message that introduces `channel` by `number` was sent. */
	introduced(channel: Channel, number: number): void {
		channel.number = number;
		if (number > 0) this.#numbersSent = number;
	}

	/** True while a request of some channel has no reply. */
	get isReplyDue(): boolean {
		for (const channel of this.#channels.values()) if (channel.outstanding > channel.queuedReplies) return true;
		return false;
	}

	[Symbol.iterator](): Iterator<Channel> {
		return this.#channels.values();
	}

	#open(id: ChannelId, key: ChannelKey): Channel {
		const channel = new Channel(id, key, this.#makeQueue());
		this.#channels.set(key, channel);
		return channel;
	}
}

/** A copy, so that the caller's later changes to the array change no channel. */
function structuredCloneId(id: readonly ChannelId[]): readonly ChannelId[] {
	return id.map((part) => (Array.isArray(part) ? structuredCloneId(part as readonly ChannelId[]) : part));
}
