import { isArrayBuffer, isAnyArrayBuffer } from 'node:util/types';

import { copyBytes } from './byte-copies.ts';
import { corrupt } from './corrupt.ts';
import { BESIDE, IN_MESSAGE_RESIZABLE, IS_NAMED } from './outgoing-buffers.ts';
import { makeResizable, MAX_RESERVED_BYTES } from './resizable-buffer.ts';
import { VIEW_KINDS } from './view-kinds.ts';

/** Contents shorter than this are copied even out of memory that could be kept: a few bytes must not hold on to a message. */
const MIN_KEPT_BYTES = 1024;

/** Memory and where the buffer begins in it. */
interface Place {
	readonly memory: ArrayBufferLike;
	readonly offset: number;
}

interface Entry {
	/** Where the part that travelled begins in the sender's buffer. */
	readonly from: number;
	readonly length: number;
	/** Makes the buffer. */
	readonly make: () => Place;
	place: Place | undefined;
}

/** The bytes of a message: memory, where the payload starts in it, whether nobody will use it again. */
export interface MessageBytes {
	readonly buf: Buffer;
	readonly start: number;
	readonly isOwned: boolean;
	readonly side: readonly unknown[];
}

/** The buffers of the message that is being decoded. Each is made when it is first referred to. */
export class IncomingBuffers {
	readonly #message: MessageBytes;
	readonly #entries: Entry[] = [];
	/** Contents must follow each other, so that no byte can be asked for twice. */
	#contentStart: number;
	readonly #contentEnd: number;
	#reserved = 0;

	/** @param contentStart offset of the first byte behind the values; `contentEnd` is that of the table */
	constructor(message: MessageBytes, contentStart: number, contentEnd: number) {
		this.#message = message;
		this.#contentStart = contentStart;
		this.#contentEnd = contentEnd;
	}

	/** Reads the table. */
	read(count: () => number): void {
		for (let left = count(); left > 0; left--) this.#entries.push(this.#readEntry(count));
	}

	/** Returns the buffer itself. */
	buffer(index: number): ArrayBufferLike {
		const { memory } = this.#placeOf(this.#entry(index));
		return memory;
	}

	/** Makes a view; without a length it covers the rest of the buffer and follows its size. */
	view(kindId: number, index: number, byteOffset: number, length: number | undefined): ArrayBufferView {
		const kind = VIEW_KINDS[kindId];
		const entry = this.#entry(index);
		if (!kind) throw corrupt('a view has a kind that this version does not know', { kind: kindId });
		const offset = byteOffset - entry.from;
		const place = this.#placeOf(entry);
		if (offset < 0 || (length !== undefined && offset + length * kind.elementBytes > entry.length)) {
			throw corrupt('a view lies outside its buffer', { byteOffset, length, bytes: entry.length });
		}
		try {
			return new kind.make(place.memory, place.offset + offset, length);
		} catch (error) {
			throw corrupt('a view cannot be made', { byteOffset, length, why: (error as Error).message });
		}
	}

	#entry(index: number): Entry {
		const entry = this.#entries[index];
		if (!entry) throw corrupt('a buffer is missing', { index, buffers: this.#entries.length });
		return entry;
	}

	#placeOf(entry: Entry): Place {
		return (entry.place ??= entry.make());
	}

	#readEntry(count: () => number): Entry {
		const kind = count();
		if (kind === BESIDE) return this.#beside(count());
		if (kind > BESIDE) throw corrupt('a buffer is of no kind', { kind });
		const isNamed = (count() & IS_NAMED) !== 0;
		const from = count();
		const length = count();
		const offset = count();
		if (offset < this.#contentStart || offset + length > this.#contentEnd) {
			throw corrupt('the content of a buffer lies outside the message', { offset, length, end: this.#contentEnd });
		}
		this.#contentStart = offset + length;
		if (kind === IN_MESSAGE_RESIZABLE) return this.#resizable(from, length, offset, count());
		const make = !isNamed && this.#canKeep(offset, length) ? () => this.#kept(offset) : () => this.#copied(offset, length);
		return { from, length, make, place: undefined };
	}

	#beside(index: number): Entry {
		const buffer = this.#message.side[index];
		if (!isAnyArrayBuffer(buffer)) throw corrupt('a buffer is not among the objects beside the message', { index });
		return { from: 0, length: buffer.byteLength, make: () => ({ memory: buffer, offset: 0 }), place: undefined };
	}

	#resizable(from: number, length: number, offset: number, maxBytes: number): Entry {
		this.#reserved += maxBytes;
		if (length > maxBytes || this.#reserved > MAX_RESERVED_BYTES) {
			throw corrupt('a resizable buffer is too large', { bytes: length, maxBytes, reserved: this.#reserved });
		}
		const make = (): Place => {
			const { buf, start } = this.#message;
			const memory = makeResizable(length, maxBytes);
			new Uint8Array(memory).set(buf.subarray(start + offset, start + offset + length));
			return { memory, offset: 0 };
		};
		return { from, length, make, place: undefined };
	}

	/** Views may look into the message itself if it stays, no ArrayBuffer of exactly this size is asked for, and all align. */
	#canKeep(offset: number, length: number): boolean {
		const { buf, start, isOwned } = this.#message;
		return isOwned && length >= MIN_KEPT_BYTES && (buf.byteOffset + start + offset) % 8 === 0 && isArrayBuffer(buf.buffer);
	}

	#kept(offset: number): Place {
		const { buf, start } = this.#message;
		return { memory: buf.buffer, offset: buf.byteOffset + start + offset };
	}

	#copied(offset: number, length: number): Place {
		const { buf, start } = this.#message;
		return { memory: copyBytes(buf, start + offset, start + offset + length).buffer, offset: 0 };
	}
}
