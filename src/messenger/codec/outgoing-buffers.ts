import { isArrayBuffer, isSharedArrayBuffer } from 'node:util/types';
import * as threads from 'node:worker_threads';

import { DataCloneError } from '../../errors/index.ts';
import type { ByteWriter } from '../../internal/byte-writer.ts';
import { writeNumber, writeUint32Bytes } from './numbers.ts';
import { refuse } from './refusal.ts';
import { isDetached, MAX_RESERVED_BYTES, maxBytesOf } from './resizable-buffer.ts';

/** Binary content starts at a multiple of this, counted from the start of the writer's memory. */
const ALIGNMENT = 16;

/** Kinds of entries in the table of buffers: content in the message, the same resizable, an object beside the bytes. */
export const IN_MESSAGE = 0;
export const IN_MESSAGE_RESIZABLE = 1;
export const BESIDE = 2;

/** The footer: where the values end, and where the table of buffers starts. */
export const FOOTER_BYTES = 8;

/** Flag of an entry: the ArrayBuffer itself is in the value, not only views of it. */
export const IS_NAMED = 1;

interface Entry {
	readonly buffer: ArrayBufferLike;
	/** Index among the objects beside the bytes, or -1. */
	readonly side: number;
	/** The part that travels, in bytes. */
	from: number;
	to: number;
	isNamed: boolean;
}

const NOTHING: readonly object[] = [];

/**
 * The buffers of the message that is being encoded. Views refer to them by index, and their content goes behind the values,
 * when it is known what of each has to travel: all of it, or, where only Buffers look at it, no more than they see.
 */
export class OutgoingBuffers {
	readonly #allowShared: boolean;
	#entries: Entry[] = [];
	#indexes: Map<ArrayBufferLike, number> | undefined;
	#side: object[] = NOTHING as object[];
	/** Bytes that the resizable buffers of this message may grow to, together. */
	#reserved = 0;

	constructor(allowShared: boolean) {
		this.#allowShared = allowShared;
	}

	/** What goes beside the bytes: the transfer list first, then every SharedArrayBuffer. */
	get side(): readonly object[] {
		return this.#side;
	}

	/** True when no content and no object has to travel. */
	get isEmpty(): boolean {
		return this.#entries.length === 0;
	}

	/** Starts a message. Throws DataCloneError for a transfer list that cannot be transferred. */
	begin(transfer: readonly object[]): void {
		this.#side = NOTHING as object[];
		if (transfer.length === 0) return;
		transfer.forEach(checkTransferable);
		this.#side = [...transfer];
	}

	/** Forgets the buffers; `side` stays until the next message. */
	clear(): void {
		if (this.#entries.length > 0) this.#entries = [];
		this.#indexes = undefined;
		this.#reserved = 0;
	}

	/** Index beside the bytes of an object from the transfer list; -1 for any other. */
	sideIndex(object: object): number {
		return this.#side === NOTHING ? -1 : this.#side.indexOf(object);
	}

	/** Returns the index for an ArrayBuffer or SharedArrayBuffer that is itself in the value. */
	addBuffer(buffer: ArrayBufferLike): number {
		const index = this.#indexOf(buffer);
		const entry = this.#entries[index] as Entry;
		entry.isNamed = true;
		take(entry, 0, buffer.byteLength);
		return index;
	}

	/** Returns the index for the buffer of a view. */
	addView(view: ArrayBufferView): number {
		const { buffer, byteOffset, byteLength } = view;
		const index = this.#indexOf(buffer);
		const entry = this.#entries[index] as Entry;
		// Nobody who sends a Buffer means the pool that Node cut it from, nor the rest of the file that it is a slice of.
		if (Buffer.isBuffer(view) && maxBytesOf(buffer) === undefined) take(entry, byteOffset, byteOffset + byteLength);
		else take(entry, 0, buffer.byteLength);
		return index;
	}

	/** Writes the contents, the table and the footer. Offsets count from the payload, which began at `base` of the memory. */
	write(writer: ByteWriter, base: number): void {
		const values = writer.pos - writer.start - base;
		const offsets = this.#entries.map((entry) => (entry.side < 0 ? writeContent(writer, entry) - base : 0));
		const table = writer.pos - writer.start - base;
		writeNumber(writer, this.#entries.length);
		this.#entries.forEach((entry, index) => writeEntry(writer, entry, offsets[index] as number));
		writer.ensure(FOOTER_BYTES);
		writeUint32Bytes(writer, values);
		writeUint32Bytes(writer, table);
	}

	#indexOf(buffer: ArrayBufferLike): number {
		const entries = this.#entries;
		const known = this.#indexes ? (this.#indexes.get(buffer) ?? -1) : entries.findIndex((entry) => entry.buffer === buffer);
		if (known >= 0) return known;
		const index = entries.length;
		entries.push({ buffer, side: this.#sideOf(buffer), from: Number.POSITIVE_INFINITY, to: 0, isNamed: false });
		this.#indexes?.set(buffer, index);
		if (index === 8) this.#indexes = new Map(entries.map((entry, at) => [entry.buffer, at]));
		return index;
	}

	#sideOf(buffer: ArrayBufferLike): number {
		const listed = this.sideIndex(buffer);
		if (listed >= 0) return listed;
		if (!isSharedArrayBuffer(buffer)) {
			if (isDetached(buffer)) refuse('it is an ArrayBuffer that is detached');
			this.#reserved += maxBytesOf(buffer) ?? 0;
			if (this.#reserved > MAX_RESERVED_BYTES)
				refuse(`it makes the maxByteLength of all buffers exceed ${MAX_RESERVED_BYTES} bytes`);
			return -1;
		}
		if (!this.#allowShared) refuse('it is a SharedArrayBuffer, which only threads can share');
		if (this.#side === NOTHING) this.#side = [];
		return this.#side.push(buffer) - 1;
	}
}

function checkTransferable(object: unknown, index: number, list: readonly unknown[]): void {
	const refused = (what: string): DataCloneError => new DataCloneError(`transfer[${index}]`, what);
	if (isArrayBuffer(object)) {
		if (isDetached(object)) throw refused('it is an ArrayBuffer that is detached');
		// Node 20 cannot tell.
		const { isMarkedAsUntransferable } = threads as { isMarkedAsUntransferable?: (object: unknown) => boolean };
		if (isMarkedAsUntransferable?.(object)) throw refused('it is an ArrayBuffer that is marked as not transferable');
	} else if (!(object instanceof threads.MessagePort)) {
		throw refused('only an ArrayBuffer or a MessagePort can be transferred');
	}
	if (list.indexOf(object) !== index) throw refused('it is in the list twice');
}

function take(entry: Entry, from: number, to: number): void {
	entry.from = Math.min(entry.from, from);
	entry.to = Math.max(entry.to, to);
}

/** Writes the bytes of one buffer and returns their position, counted from `writer.start`. */
function writeContent(writer: ByteWriter, entry: Entry): number {
	const { buffer, from, to } = entry;
	if (to > buffer.byteLength) refuse('a buffer in it became smaller while it was being encoded');
	const padding = -(writer.pos - writer.start) & (ALIGNMENT - 1);
	writer.ensure(padding + to - from);
	for (let count = 0; count < padding; count++) writer.buf[writer.pos++] = 0;
	const offset = writer.pos - writer.start;
	writer.buf.set(new Uint8Array(buffer, from, to - from), writer.pos);
	writer.pos += to - from;
	return offset;
}

function writeEntry(writer: ByteWriter, entry: Entry, offset: number): void {
	const { buffer, side, from, to } = entry;
	if (side >= 0) {
		writeNumber(writer, BESIDE);
		writeNumber(writer, side);
		return;
	}
	const maxBytes = maxBytesOf(buffer);
	writeNumber(writer, maxBytes === undefined ? IN_MESSAGE : IN_MESSAGE_RESIZABLE);
	writeNumber(writer, entry.isNamed ? IS_NAMED : 0);
	writeNumber(writer, from);
	writeNumber(writer, to - from);
	writeNumber(writer, offset);
	if (maxBytes !== undefined) writeNumber(writer, maxBytes);
}
