import { isArrayBuffer } from 'node:util/types';

import {
	DataCloneError,
	InvalidArgumentError,
	MessageNotRecognizedError,
	MessageTooLargeError,
	ProtocolError,
} from '../errors/index.ts';
import type { ByteWriter } from '../internal/byte-writer.ts';
import { type FrameBytes, type FrameSink, KIND_MASK, type Lane, type Transport } from '../transport/index.ts';
import { ValueDecoder, ValueEncoder } from './codec/index.ts';
import { CODEC_SHIFT, FLAG_LOCAL_SHAPES, MESSAGE_HEADER_BYTES } from './envelope.ts';

/** Takes the frames of one kind. `bytes` is lent for the call; {@link MessageLink.decode} turns it into a value. */
export type FrameHandler = (w1: number, w2: number, w3: number, bytes: FrameBytes) => void;

/** Writes what goes before the payload. */
export type PrefixWriter = (writer: ByteWriter) => void;

/** Limits of one message, and what happens to what no layer above understands. */
export interface MessageLinkOptions {
	readonly maxMessageBytes: number;
	/** Called once when nothing more can come, after everything that had come was handed over. */
	readonly onPeerGone: (error?: Error) => void;
	/** Called for a frame of a kind that nobody registered: the peer runs another version. */
	readonly onUnknown: (error: MessageNotRecognizedError) => void;
}

/**
 * Values over frames: encodes what is sent straight into the transport's memory, and hands what comes to whoever registered
 * for its kind. Messenger, resource and RPC share one link, each with kinds of its own.
 */
export class MessageLink implements FrameSink {
	readonly transport: Transport;
	readonly #options: MessageLinkOptions;
	readonly #encoder: ValueEncoder;
	readonly #decoder = new ValueDecoder();
	readonly #handlers: (FrameHandler | undefined)[] = [];
	readonly #dues: (() => boolean)[] = [];
	readonly #works: (() => boolean)[] = [];
	#writer: ByteWriter | undefined;
	#codec = 0;
	#detach: readonly ArrayBuffer[] = [];
	#onSent: (() => void) | undefined;

	/** @param transport makes the transport that hands its frames to this link */
	constructor(options: MessageLinkOptions, transport: (sink: FrameSink) => Transport) {
		this.#options = options;
		this.transport = transport(this);
		this.#encoder = new ValueEncoder({ allowShared: this.transport.carriesObjects });
	}

	/** Registers for the frames of one kind. */
	on(kind: number, handler: FrameHandler): void {
		this.#handlers[kind] = handler;
	}

	/** Registers who knows of something that the peer has not answered. */
	onAsked(isAnswerDue: () => boolean): void {
		this.#dues.push(isAnswerDue);
	}

	get isAnswerDue(): boolean {
		return this.#dues.some((isAnswerDue) => isAnswerDue());
	}

	/** Registers who runs what the peer asks for, and knows whether more of it is about to run. */
	onWork(hasWork: () => boolean): void {
		this.#works.push(hasWork);
	}

	get hasWork(): boolean {
		return this.#works.some((hasWork) => hasWork());
	}

	/**
	 * Encodes a message and returns the bytes that it will be charged, header included. {@link commit} sends it; without that,
	 * it was never there; `onSent` is called then. Throws DataCloneError or MessageTooLargeError.
	 */
	encode(value: unknown, transfer?: readonly object[], prefix?: PrefixWriter, onSent?: () => void): number {
		this.checkIdle();
		const { transport } = this;
		const writer = (this.#writer = transport.begin());
		this.#onSent = onSent;
		try {
			prefix?.(writer);
			const moves = transfer !== undefined && transfer.length > 0;
			this.#detach = moves && !transport.carriesObjects ? checkDetachable(transfer) : [];
			this.#codec = this.#encoder.encode(writer, value, moves && transport.carriesObjects ? transfer : undefined);
			const bytes = writer.length + MESSAGE_HEADER_BYTES;
			if (bytes > this.#options.maxMessageBytes) {
				throw new MessageTooLargeError({ bytes, maxMessageBytes: this.#options.maxMessageBytes });
			}
			return bytes;
		} catch (error) {
			this.abandon();
			throw error;
		}
	}

	/** Largest message that either end takes, in bytes. */
	get maxMessageBytes(): number {
		return this.#options.maxMessageBytes;
	}

	/** Throws InvalidArgumentError while a message is being encoded. */
	checkIdle(): void {
		if (!this.#writer) return;
		throw new InvalidArgumentError(
			'a message was not sent: another one is being encoded. Getters and encode() of a type must not send.',
		);
	}

	/** True between {@link encode} and what follows it, and while a payload's own code runs. */
	get isEncoding(): boolean {
		return this.#writer !== undefined;
	}

	/** Forgets what was encoded. */
	abandon(): void {
		this.#encoder.dropShapes();
		this.#writer = undefined;
	}

	/**
	 * Sends what was encoded. Frames of one lane keep their order. One that `standsAlone` can be decoded later, and again, whatever
	 * is decoded in between.
	 */
	commit(w1: number, w2: number, w3: number, lane: Lane, standsAlone = false): void {
		const { transport } = this;
		const writer = this.#writer as ByteWriter;
		this.#writer = undefined;
		const { side } = this.#encoder;
		let header = w1 | (this.#codec << CODEC_SHIFT);
		const isOrdered = !standsAlone && transport.isOrdered(writer.length + (side.length > 0 ? 4 : 0), lane);
		if (!isOrdered) header |= FLAG_LOCAL_SHAPES;
		try {
			// First, and all or none: what turns out not to be detachable has then not been sent.
			if (this.#detach.length > 0) {
				writer.absorb();
				structuredClone(undefined, { transfer: [...this.#detach] });
			}
			transport.commit(header, w2, w3, lane, side.length > 0 ? side : undefined);
		} catch (error) {
			this.#encoder.dropShapes();
			throw error instanceof DOMException ? new DataCloneError('transfer', error.message, { cause: error }) : error;
		}
		if (isOrdered) this.#encoder.commitShapes();
		else this.#encoder.dropShapes();
		this.#onSent?.();
	}

	/** Sends a value of a kind that belongs to no channel and passes everything fragmented. */
	send(kind: number, value: unknown, w2 = 0, w3 = 0): void {
		this.encode(value);
		this.commit(kind, w2, w3, undefined);
	}

	/** Sends a payload that was encoded before, by an encoder without shapes, and returns the bytes that it will be charged. */
	sendEncoded(w1: number, w2: number, w3: number, lane: Lane, payload: Uint8Array, prefix?: PrefixWriter): number {
		const writer = this.transport.begin();
		prefix?.(writer);
		writer.ensure(payload.length);
		writer.buf.set(payload, writer.pos);
		writer.pos += payload.length;
		const bytes = writer.length + MESSAGE_HEADER_BYTES;
		this.transport.commit(w1, w2, w3, lane);
		return bytes;
	}

	/** Turns the payload of a frame, from `start` on, into a value. Throws typed errors; ProtocolError poisons the link. */
	decode(w1: number, bytes: FrameBytes, start: number): unknown {
		const { buf, end, side } = bytes;
		// Kept only where it is the array's buffer to the byte: a user who looks at `.buffer` must find what was sent.
		const owned = bytes.owned && start === 0 && end === buf.buffer.byteLength;
		const localShapes = (w1 & FLAG_LOCAL_SHAPES) !== 0;
		const options = localShapes || owned || side ? { localShapes, owned, ...(side && { side }) } : undefined;
		return this.#decoder.decode((w1 >>> CODEC_SHIFT) & 0xff, buf, start, end, options);
	}

	onFrame(w1: number, w2: number, w3: number, bytes: FrameBytes): void {
		const kind = w1 & KIND_MASK;
		const handler = this.#handlers[kind];
		if (handler) handler(w1, w2, w3, bytes);
		else this.#options.onUnknown(new MessageNotRecognizedError({ kind }));
	}

	onPeerGone(error?: Error): void {
		this.#options.onPeerGone(error);
	}

	/** Decodes, and gives the error in place of the value where the value is the trouble; a broken link still throws. */
	tryDecode(w1: number, bytes: FrameBytes, start: number): { value: unknown } | { failure: unknown } {
		try {
			return { value: this.decode(w1, bytes, start) };
		} catch (error) {
			if (error instanceof ProtocolError) throw error;
			return { failure: error };
		}
	}
}

/** Between processes nothing can change hands: buffers are copied and then detached, so that the same code means the same. */
export function checkDetachable(transfer: readonly object[]): readonly ArrayBuffer[] {
	return transfer.map((object, index) => {
		const refused = (what: string): DataCloneError => new DataCloneError(`transfer[${index}]`, what);
		if (!isArrayBuffer(object)) throw refused('only an ArrayBuffer can be handed to another process');
		if (transfer.indexOf(object) !== index) throw refused('it is in the list twice');
		if (isDetached(object)) throw refused('it is an ArrayBuffer that is detached');
		return object;
	});
}

function isDetached(buffer: ArrayBuffer): boolean {
	if (buffer.byteLength > 0) return false;
	try {
		return new Uint8Array(buffer).length > 0;
	} catch {
		return true;
	}
}
