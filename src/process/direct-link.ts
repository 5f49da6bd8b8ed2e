import { MailboxFullError, QueueFullError } from '../errors/index.ts';
import { Inboxes } from '../mailbox/index.ts';
import { DEFAULT_LIMITS, ValueDecoder } from '../messenger/index.ts';
import type { Frame } from './exchange.ts';
import { HEADER_BYTES, type Packed } from './packer.ts';
import { OP, type Op } from './wire.ts';

/** Takes a frame from an inbox; `packed` is its own. */
export type OnDirectFrame = (frame: Frame, read: () => unknown, packed: Packed) => void;

/**
 * Frames between workers that do not pass through the root: each worker has an inbox in the memory of the tree.
 *
 * An inbox is made by whoever orders the worker, so that it is there before anybody knows the worker, and taken away by the root. A
 * frame to one that is not there goes to the root, which answers it.
 */
export class DirectLink {
	readonly #inboxes: Inboxes;
	readonly #decoder = new ValueDecoder();

	private constructor(inboxes: Inboxes) {
		this.#inboxes = inboxes;
	}

	/** Has workers of this thread handed what they need. Before the first of them. */
	static prepare(): void {
		Inboxes.prepare();
	}

	/** Undefined where this thread shares no memory with the tree: then everything goes through the root. */
	static here(): DirectLink | undefined {
		const inboxes = Inboxes.here(DEFAULT_LIMITS.maxQueuedBytes);
		return inboxes && new DirectLink(inboxes);
	}

	/** Makes the inbox of a worker. */
	open(home: number): void {
		this.#inboxes.open(home);
	}

	/** True when a worker has an inbox. */
	has(home: number): boolean {
		return this.#inboxes.has(home);
	}

	/**
	 * Sends a frame. False when it has to go through the root.
	 *
	 * @throws QueueFullError for a message when too much waits for the worker
	 */
	send(frame: Frame, { codec, framed }: Packed): boolean {
		if (!framed) return false;
		framed.writeUInt32LE(frame.op, 0);
		framed.writeUInt32LE(frame.serial, 4);
		framed.writeDoubleLE(frame.to, 8);
		framed.writeDoubleLE(frame.from, 16);
		try {
			return this.#inboxes.send(frame.to, codec, framed, frame.op !== OP.send);
		} catch (error) {
			if (!(error instanceof MailboxFullError)) throw error;
			// Of everything but a message, only the last memory of all can be the matter: better late than never.
			if (frame.op !== OP.send) return false;
			const { queuedBytes, bytesPerTag } = error;
			throw new QueueFullError({ bytes: framed.length, queuedBytes, maxQueuedBytes: bytesPerTag ?? queuedBytes });
		}
	}

	/** Hands over the frames of an inbox as they come. */
	listen(home: number, onFrame: OnDirectFrame): void {
		this.#inboxes.listen(home, (codec, bytes) => this.#handOver(codec, bytes, onFrame));
	}

	/** Hands over what lies in an inbox now. */
	takeAll(home: number, onFrame: OnDirectFrame): void {
		this.#inboxes.takeAll(home, (codec, bytes) => this.#handOver(codec, bytes, onFrame));
	}

	/** Takes an inbox away, after what lies in it was handed over. */
	close(home: number, onFrame: OnDirectFrame): void {
		this.#inboxes.close(home, (codec, bytes) => this.#handOver(codec, bytes, onFrame));
	}

	#handOver(codec: number, bytes: Buffer, onFrame: OnDirectFrame): void {
		const frame: Frame = {
			op: bytes.readUInt32LE(0) as Op,
			serial: bytes.readUInt32LE(4),
			to: bytes.readDoubleLE(8),
			from: bytes.readDoubleLE(16),
		};
		const read = (): unknown => this.#decoder.decode(codec, bytes, HEADER_BYTES, bytes.length, { localShapes: true });
		onFrame(frame, read, { codec, bytes: bytes.subarray(HEADER_BYTES) });
	}
}
