import type { FrameSink, Transport } from '../transport/index.ts';
import { ChannelTable } from './channel.ts';
import { Credit, type QueueLimits } from './credit.ts';
import { KIND_CREDIT } from './envelope.ts';
import { FifoQueue, type MessageQueue } from './fifo-queue.ts';
import { Incoming } from './incoming.ts';
import type { Message } from './message.ts';
import { MessageLink } from './message-link.ts';
import { Outgoing } from './outgoing.ts';
import { PriorityQueue } from './priority-queue.ts';
import { Requests } from './requests.ts';

/** Limits of a messenger. Both ends of a link are made with the same. */
export interface MessengerLimits extends QueueLimits {
	/** Largest message in bytes; larger ones are refused by the sender, and never asked memory for by the receiver. */
	readonly maxMessageBytes: number;
}

/** The limits unless options say otherwise. The queue takes 200,000 small requests in one turn. */
export const DEFAULT_LIMITS: MessengerLimits = {
	highWaterMark: 16 * 1024 * 1024,
	maxQueuedBytes: 256 * 1024 * 1024,
	maxMessageBytes: 1024 * 1024 * 1024,
};

/** What a messenger is made of. */
export interface MessengerCoreOptions {
	/** Which messenger: by priority, or FIFO. */
	readonly order: 'priority' | 'fifo';
	readonly limits: MessengerLimits;
	/** Why `...Blocking` calls are refused on this end; undefined where they are allowed. */
	readonly blockingRefusal: string | undefined;
	/** Called once when the peer's end is gone or the link is poisoned. The owner then calls {@link MessengerCore.end}. */
	readonly onPeerGone: (core: MessengerCore, error?: Error) => void;
	/** Called when the user disposes of the messenger itself. */
	readonly onDispose?: () => Promise<void> | void;
	readonly transport: (sink: FrameSink) => Transport;
}

/** The inside of a messenger, as its owner (a resource, a worker, a pair) sees it. The public classes show the rest. */
export class MessengerCore {
	readonly order: 'priority' | 'fifo';
	readonly link: MessageLink;
	readonly channels: ChannelTable;
	readonly credit: Credit;
	readonly incoming: Incoming;
	readonly outgoing: Outgoing;
	readonly blockingRefusal: string | undefined;
	isClosed = false;
	readonly #requests = new Requests();
	readonly #onDispose: (() => Promise<void> | void) | undefined;

	constructor(options: MessengerCoreOptions) {
		const { limits } = options;
		this.order = options.order;
		this.blockingRefusal = options.blockingRefusal;
		this.#onDispose = options.onDispose;
		this.channels = new ChannelTable(options.order === 'priority' ? newPriorityQueue : newFifoQueue);
		const linkOptions = {
			maxMessageBytes: limits.maxMessageBytes,
			onPeerGone: (error?: Error) => options.onPeerGone(this, error),
			onUnknown: (error: Error) => this.incoming.special(error),
		};
		this.link = new MessageLink(linkOptions, options.transport);
		this.link.onAsked(() => this.channels.isReplyDue);
		this.credit = new Credit(limits, { report: (total) => this.#reportPopped(total), refresh: () => this.link.transport.poll() });
		const parts = { link: this.link, channels: this.channels, credit: this.credit, requests: this.#requests };
		this.outgoing = new Outgoing({ ...parts, maxMessageBytes: limits.maxMessageBytes });
		this.incoming = new Incoming({ ...parts, replier: { answer: (...answer) => this.#answer(...answer) } });
	}

	/** Ends every wait with `error`, after what had arrived: nothing more will come. Idempotent. */
	end(error: unknown): void {
		if (this.incoming.ending) return;
		this.incoming.end(error);
		if (this.credit.end(error)) this.incoming.tellEnd();
	}

	/** True when someone was told of the end by a call that failed for it. */
	get wasEndTold(): boolean {
		return this.incoming.ending?.wasTold ?? false;
	}

	/** Closes this side's transport; what is queued stays retrievable once {@link end} was called. Idempotent. */
	close(): void {
		if (this.isClosed) return;
		this.isClosed = true;
		this.link.transport.close();
	}

	/** What `Symbol.asyncDispose` of the messenger does. */
	async dispose(): Promise<void> {
		await this.#onDispose?.();
	}

	#answer(...[message, isFailure, data, options]: Parameters<Outgoing['answer']>): boolean {
		if (this.incoming.ending) throw this.incoming.tellEnd();
		return this.outgoing.answer(message, isFailure, data, options);
	}

	#reportPopped(total: number): void {
		if (this.isClosed) return;
		// A getter that receives while its object is being sent: the report has to wait for the end of that message.
		if (this.link.isEncoding) return queueMicrotask(() => this.#reportPopped(total));
		this.link.encode(undefined);
		this.link.commit(KIND_CREDIT, (total % 2 ** 32) | 0, Math.floor(total / 2 ** 32), undefined);
	}
}

function newFifoQueue(): MessageQueue<Message> {
	return new FifoQueue();
}

function newPriorityQueue(): MessageQueue<Message> {
	return new PriorityQueue();
}
