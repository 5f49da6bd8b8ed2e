import { types } from 'node:util';

import { DataCloneError } from '../../errors/index.ts';
import type { ByteWriter } from '../../internal/byte-writer.ts';
import { OutgoingBuffers } from './outgoing-buffers.ts';
import { writeNumber, writeTag } from './numbers.ts';
import { Refusal } from './refusal.ts';
import { isOutOfBounds, maxBytesOf } from './resizable-buffer.ts';
import { ShapeTree } from './shapes.ts';
import { CODEC_BYTES, CODEC_GRAPH, CODEC_VALUE, NULL, UNDEFINED } from './tags.ts';
import { writeBareText } from './texts.ts';
import { ValueWalk } from './value-walk.ts';

/** Options of a {@link ValueEncoder}. */
export interface ValueEncoderOptions {
	/** Whether a SharedArrayBuffer may go beside the bytes; it may between threads. Default false. */
	readonly allowShared?: boolean;
	/** Whether key lists are remembered between messages. Needs a receiver that sees all of them in order. Default true. */
	readonly shapes?: boolean;
	/** Whether instances of classes that nobody registered are refused; they arrive as plain objects otherwise. Default false. */
	readonly strict?: boolean;
}

/** Bytes from this many on are left where they are, for the transport to copy straight to where they have to go. */
const MIN_FOLLOWING_BYTES = 32 * 1024;

const NO_OBJECTS: readonly object[] = [];

/**
 * Turns values into bytes, for one direction of one link.
 *
 * After each {@link encode}, say what became of the message: {@link commitShapes} or {@link dropShapes}. Messages with
 * committed shapes must be decoded in the order in which they were encoded.
 */
export class ValueEncoder {
	readonly #buffers: OutgoingBuffers;
	readonly #shapes: ShapeTree | undefined;
	readonly #walk: ValueWalk;
	#isBusy = false;
	/** True until what a message needed is forgotten; where the stack is nearly used up, that takes until the next one. */
	#isDirty = false;

	constructor({ allowShared = false, shapes = true, strict = false }: ValueEncoderOptions = {}) {
		this.#buffers = new OutgoingBuffers(allowShared);
		this.#shapes = shapes ? new ShapeTree() : undefined;
		this.#walk = new ValueWalk(this.#buffers, this.#shapes, strict);
	}

	/** What goes beside the bytes of the last message: its transfer list, then its SharedArrayBuffers. */
	get side(): readonly object[] {
		return this.#buffers.side;
	}

	/**
	 * Writes a value at `writer.pos` and returns the id of its codec. Nothing is detached: that is up to who sends `side`.
	 *
	 * @throws DataCloneError naming the path of what cannot travel, and whatever a getter or the `encode` of a registered type
	 * throws; nothing is written or remembered then
	 */
	encode(writer: ByteWriter, value: unknown, transfer: readonly object[] = NO_OBJECTS): number {
		if (this.#isBusy)
			throw new DataCloneError('data', 'it was sent by a getter, or by encode() of a type, of a message being encoded');
		this.#shapes?.drop();
		this.#buffers.begin(transfer);
		// These hold nothing, so they need none of what follows.
		if (typeof value === 'string') return writeBareText(writer, value);
		if (typeof value === 'number') {
			writeNumber(writer, value);
			return CODEC_VALUE;
		}
		if (value === undefined || value === null) {
			writeTag(writer, value === null ? NULL : UNDEFINED);
			return CODEC_VALUE;
		}
		return this.#encodeObject(writer, value);
	}

	/** The message was put on the ordered path: the peer knows its shapes from now on. */
	commitShapes(): void {
		this.#shapes?.commit();
	}

	/** The message left the ordered path, or is not sent: its shapes are forgotten. The peer decodes it with `localShapes`. */
	dropShapes(): void {
		this.#shapes?.drop();
	}

	#encodeObject(writer: ByteWriter, value: {}): number {
		const base = writer.pos - writer.start;
		if (this.#isDirty) this.#clear();
		this.#isBusy = this.#isDirty = true;
		try {
			if (value instanceof Uint8Array && this.#isBare(value)) return writeBareBytes(writer, value);
			this.#walk.run(writer, value);
			if (!this.#walk.isGraph && this.#buffers.isEmpty) return CODEC_VALUE;
			this.#buffers.write(writer, base);
			return CODEC_GRAPH;
		} catch (error) {
			writer.pos = writer.start + base;
			this.#shapes?.drop();
			throw asCloneError(error);
		} finally {
			this.#isBusy = false;
			this.#clear();
		}
	}

	#clear(): void {
		this.#walk.clear();
		this.#buffers.clear();
		this.#isDirty = false;
	}

	/** True when the bytes say everything: the buffer is neither shared, nor resizable, nor transferred. */
	#isBare(bytes: Uint8Array): boolean {
		const { buffer } = bytes;
		if (types.isSharedArrayBuffer(buffer) || maxBytesOf(buffer) !== undefined || this.#buffers.sideIndex(buffer) >= 0)
			return false;
		return bytes.length > 0 || !isOutOfBounds(bytes);
	}
}

function writeBareBytes(writer: ByteWriter, bytes: Uint8Array): number {
	if (bytes.length >= MIN_FOLLOWING_BYTES) {
		writer.follow(bytes);
		return CODEC_BYTES;
	}
	writer.ensure(bytes.length);
	writer.buf.set(bytes, writer.pos);
	writer.pos += bytes.length;
	return CODEC_BYTES;
}

function asCloneError(error: unknown): unknown {
	if (error instanceof Refusal) return new DataCloneError(`data${error.path}`, error.what);
	const isOverflow = error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
	return isOverflow
		? new DataCloneError('data', 'it is nested too deeply for what is left of the stack', { cause: error })
		: error;
}
