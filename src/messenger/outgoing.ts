import { InvalidArgumentError, MessageTooLargeError } from '../errors/index.ts';
import { ByteWriter } from '../internal/byte-writer.ts';
import type { WaitOptions } from '../internal/wait.ts';
import type { ChannelId } from './channel-id.ts';
import type { Channel, ChannelTable } from './channel.ts';
import { writeChannelName } from './channel-wire.ts';
import { ValueEncoder } from './codec/index.ts';
import type { Credit } from './credit.ts';
import {
	CODEC_SHIFT,
	FLAG_CORRELATED,
	FLAG_HAS_PRIORITY,
	FLAG_LOCAL_SHAPES,
	FLAG_NAMES_CHANNEL,
	KIND_CLOSE,
	KIND_DATA,
	KIND_ERROR,
	KIND_FAIL,
	KIND_REPLY,
	KIND_REQUEST,
	MESSAGE_HEADER_BYTES,
	PRIORITY_PREFIX_BYTES,
} from './envelope.ts';
import { portableError } from './fault.ts';
import { expandTransfer } from './transfer-list.ts';
import type { Message } from './message.ts';
import type { MessageLink, PrefixWriter } from './message-link.ts';
import type { Requests } from './requests.ts';
import { priorityOf, type SendOptions } from './send-options.ts';

/** What the sending half of a messenger works with. */
export interface OutgoingParts {
	readonly link: MessageLink;
	readonly channels: ChannelTable;
	readonly credit: Credit;
	readonly requests: Requests;
	readonly maxMessageBytes: number;
}

/** One message on its way out. */
interface Parcel {
	readonly kind: number;
	readonly flags: number;
	readonly requestId: number;
	readonly channel: Channel;
	readonly priority: number;
	/** False for what passes outside the limits of the queue. */
	readonly isCharged: boolean;
}

/** The sending half of a messenger. A send that throws has sent nothing and changed no counter. */
export class Outgoing {
	readonly #parts: OutgoingParts;

	constructor(parts: OutgoingParts) {
		this.#parts = parts;
	}

	/** Sends data that expects no reply. False above the high-water mark. */
	sendData(data: unknown, channelId: ChannelId | undefined, options: SendOptions | undefined): boolean {
		const channel = this.#parts.channels.get(channelId);
		return this.#send(
			{ kind: KIND_DATA, flags: 0, requestId: 0, channel, priority: priorityOf(data, options), isCharged: true },
			data,
			options,
		);
	}

	/** Sends a request whose reply will be queued. False above the high-water mark. */
	sendRequest(data: unknown, channelId: ChannelId | undefined, options: SendOptions | undefined): boolean {
		const { channels, credit } = this.#parts;
		return credit.charge(this.#dispatchRequest(data, channels.get(channelId), options, 0));
	}

	/** Sends a request whose reply goes to the promise. */
	request(data: unknown, channelId: ChannelId | undefined, options: (SendOptions & WaitOptions) | undefined): Promise<unknown> {
		const { channels, credit, requests } = this.#parts;
		const channel = channels.get(channelId);
		if (options?.signal?.aborted) return Promise.reject(options.signal.reason as Error);
		const bytes = this.#dispatchRequest(data, channel, options, FLAG_CORRELATED);
		const reply = requests.wait(requests.lastId, channel, options);
		// Last, for it may take in what has come: an error or the end, which complete this request as well.
		credit.charge(bytes);
		return reply;
	}

	/** Sends a request for each item, or none at all when one of them cannot be sent. */
	sendRequests(items: Iterable<unknown>, channelId: ChannelId | undefined, options: SendOptions | undefined): boolean {
		const { channels, credit, link, requests } = this.#parts;
		const channel = channels.get(channelId);
		if (options?.transfer?.length)
			throw new InvalidArgumentError(
				'sendRequestMultiple() was refused: `transfer` needs a message of its own; use sendRequest()',
			);
		// A getter that sends in the middle of another message: the link has one writer.
		link.checkIdle();
		let total = 0;
		for (const { payload, codec, priority } of this.#encodeAll(items, options)) {
			const parcel = { kind: KIND_REQUEST, flags: 0, requestId: requests.take(), channel, priority, isCharged: true };
			const naming = this.#naming(channel);
			// Own shapes: nothing these payloads define may count later, for they were encoded apart from the link's encoder.
			const w1 = headerOf(parcel, naming !== undefined) | FLAG_LOCAL_SHAPES | (codec << CODEC_SHIFT);
			const prefix = this.#prefix(parcel, naming);
			total += link.sendEncoded(w1, parcel.requestId, naming ?? channel.number, naming || channel.lane, payload, prefix);
			if (naming !== undefined) channels.introduced(channel, naming);
			count(channel, KIND_REQUEST);
		}
		return credit.charge(total);
	}

	/** Answers the oldest popped request of the channel that nothing has answered; without one, the reply is unsolicited. */
	sendReply(data: unknown, channelId: ChannelId | undefined, options: SendOptions | undefined): boolean {
		const channel = this.#parts.channels.get(channelId);
		const request = channel.unanswered.peek();
		if (request) return this.answer(request, false, data, options);
		return this.#send(
			{ kind: KIND_REPLY, flags: 0, requestId: 0, channel, priority: priorityOf(data, options), isCharged: true },
			data,
			options,
		);
	}

	/** Answers one request, with a value or with a failure. */
	answer(request: Message, isFailure: boolean, data: unknown, options: SendOptions | undefined): boolean {
		const { requestId, isCorrelated } = request.envelope;
		const channel = this.#parts.channels.get(request.channelId);
		const parcel: Parcel = {
			kind: isFailure ? KIND_FAIL : KIND_REPLY,
			flags: isCorrelated ? FLAG_CORRELATED : 0,
			requestId,
			channel,
			priority: priorityOf(data, options),
			isCharged: !isCorrelated,
		};
		const isBelow = this.#send(parcel, isFailure ? this.portable(data) : data, options);
		request.markAnswered();
		channel.unanswered.withdrawn();
		return isBelow;
	}

	/** Sends an error for the peer's next receive call. Every popped request counts as answered by it. */
	sendError(error: unknown): boolean {
		this.#parts.link.send(KIND_ERROR, this.portable(error));
		for (const { unanswered } of this.#parts.channels as Iterable<Channel>)
			for (let request = unanswered.shift(); request; request = unanswered.shift()) request.markAnswered();
		return true;
	}

	/** Returns `error`, or what can be sent of it. */
	portable(error: unknown): unknown {
		return portableError(error, this.#canSend);
	}

	/** Asks the peer to close. */
	sendCloseRequest(): boolean {
		this.#parts.link.send(KIND_CLOSE, undefined);
		return true;
	}

	/** Encodes all items, so that a bad one, or one too many, is found before any was sent. */
	#encodeAll(items: Iterable<unknown>, options: SendOptions | undefined): { payload: Buffer; codec: number; priority: number }[] {
		const { credit, maxMessageBytes } = this.#parts;
		const encoder = new ValueEncoder({ shapes: false });
		const writer = new ByteWriter();
		let total = 0;
		const parcels = [];
		for (const item of items) {
			const priority = priorityOf(item, options);
			writer.own();
			const codec = encoder.encode(writer, item);
			const bytes = writer.length + MESSAGE_HEADER_BYTES;
			if (bytes > maxMessageBytes) throw new MessageTooLargeError({ bytes, maxMessageBytes });
			total += bytes;
			credit.admit(total, parcels.length === 0);
			parcels.push({ payload: writer.take(), codec, priority });
		}
		return parcels;
	}

	/** True when `value` can be sent as it is. */
	readonly #canSend = (value: unknown): boolean => {
		const writer = new ByteWriter();
		writer.own();
		try {
			new ValueEncoder({ shapes: false }).encode(writer, value);
			return writer.length + MESSAGE_HEADER_BYTES <= this.#parts.maxMessageBytes;
		} catch {
			// Whatever its getters throw as well: that it cannot be sent is all that matters here.
			return false;
		}
	};

	/** Sends a request, counts it, and returns the bytes to charge for it. */
	#dispatchRequest(data: unknown, channel: Channel, options: SendOptions | undefined, flags: number): number {
		const { requests } = this.#parts;
		const priority = priorityOf(data, options);
		const parcel = { kind: KIND_REQUEST, flags, requestId: requests.nextId(), channel, priority, isCharged: true };
		const bytes = this.#dispatch(parcel, data, options);
		requests.take();
		return bytes;
	}

	#send(parcel: Parcel, data: unknown, options: SendOptions | undefined): boolean {
		const bytes = this.#dispatch(parcel, data, options);
		return parcel.isCharged ? this.#parts.credit.charge(bytes) : true;
	}

	/** Sends a message, counts it, and returns the bytes to charge for it. */
	#dispatch(parcel: Parcel, data: unknown, options: SendOptions | undefined): number {
		const { link, channels } = this.#parts;
		const { channel } = parcel;
		const naming = this.#naming(channel);
		const bytes = options?.transfer?.length
			? this.#encodeWithTransfer(data, options.transfer, this.#prefix(parcel, naming))
			: link.encode(data, undefined, this.#prefix(parcel, naming));
		if (parcel.isCharged) this.#admit(bytes);
		// The lane is the number from the first message on, so that none overtakes the one that introduces it.
		link.commit(headerOf(parcel, naming !== undefined), parcel.requestId, naming ?? channel.number, naming || channel.lane);
		if (naming !== undefined) channels.introduced(channel, naming);
		count(channel, parcel.kind);
		return bytes;
	}

	#encodeWithTransfer(data: unknown, transfer: readonly object[], prefix: PrefixWriter | undefined): number {
		const expanded = expandTransfer(transfer);
		try {
			return this.#parts.link.encode(data, expanded.objects, prefix, expanded.sent);
		} finally {
			expanded.done();
		}
	}

	#admit(bytes: number): void {
		try {
			this.#parts.credit.admit(bytes);
		} catch (error) {
			this.#parts.link.abandon();
			throw error;
		}
	}

	/** The number to introduce the channel by, 0 to name it for one message; undefined when the peer knows it. */
	#naming(channel: Channel): number | undefined {
		return channel.number === 0 ? this.#parts.channels.nextNumber() : undefined;
	}

	#prefix({ priority, channel }: Parcel, naming: number | undefined): PrefixWriter | undefined {
		const hasPriority = priority !== Number.POSITIVE_INFINITY;
		if (!hasPriority && naming === undefined) return undefined;
		return (writer) => {
			if (hasPriority) {
				writer.ensure(PRIORITY_PREFIX_BYTES);
				writer.buf.writeDoubleLE(priority, writer.pos);
				writer.pos += PRIORITY_PREFIX_BYTES;
			}
			if (naming !== undefined) writeChannelName(writer, channel.id);
		};
	}
}

function headerOf({ kind, flags, priority }: Parcel, namesChannel: boolean): number {
	const hasPriority = priority === Number.POSITIVE_INFINITY ? 0 : FLAG_HAS_PRIORITY;
	return kind | flags | hasPriority | (namesChannel ? FLAG_NAMES_CHANNEL : 0);
}

/** Counts a message that was sent. */
function count(channel: Channel, kind: number): void {
	channel.messagesSent += 1;
	if (kind !== KIND_REQUEST) return;
	channel.requestsSent += 1;
	channel.outstanding += 1;
}
