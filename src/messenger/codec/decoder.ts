import { isArrayBuffer } from 'node:util/types';

import { InvalidArgumentError } from '../../errors/index.ts';
import { copyBytes } from './byte-copies.ts';
import { corrupt } from './corrupt.ts';
import { IncomingBuffers } from './incoming-buffers.ts';
import type { NativeBuffer } from './native-buffer.ts';
import { FOOTER_BYTES } from './outgoing-buffers.ts';
import { ShapeTable } from './shapes.ts';
import { CODEC_BYTES, CODEC_GRAPH, CODEC_LATIN1, CODEC_UTF16, CODEC_VALUE } from './tags.ts';
import { TextCache } from './text-cache.ts';
import { ValueReader } from './value-reader.ts';

/** What came with the bytes of a message. */
export interface DecodeOptions {
	/** The message carries shapes for itself only: its sender called `dropShapes()`. */
	readonly localShapes?: boolean;
	/** Nobody will use the memory again: binary content may be views of it instead of copies. */
	readonly owned?: boolean;
	/** The objects beside the bytes, in the sender's order. */
	readonly side?: readonly unknown[];
}

const NO_OPTIONS: DecodeOptions = {};
const NO_SIDE: readonly unknown[] = [];

/** Turns the bytes of a {@link ValueEncoder} back into values, for one direction of one link. */
export class ValueDecoder {
	readonly #shapes = new ShapeTable();
	readonly #texts = new TextCache();
	readonly #reader = new ValueReader(this.#shapes, this.#texts);
	#isBusy = false;

	/**
	 * Decodes the payload in bytes `start` to `end`. With `owned`, an array of 1 KiB or more may be a view of `buf`: its
	 * `buffer` is then longer than the array.
	 *
	 * @throws ProtocolError if the bytes are none that an encoder writes: the link cannot be used any more
	 * @throws TypeNotRegisteredError, or what the `decode` of a registered type throws: only this message is lost
	 */
	decode(codec: number, buf: Buffer, start: number, end: number, options: DecodeOptions = NO_OPTIONS): unknown {
		if (start < 0 || start > end || end > buf.length)
			throw corrupt('it lies outside its memory', { start, end, bytes: buf.length });
		switch (codec) {
			case CODEC_VALUE:
			case CODEC_GRAPH:
				return this.#read(codec === CODEC_GRAPH, buf, start, end, options);
			case CODEC_BYTES:
				if (options.owned && isArrayBuffer(buf.buffer)) return new Uint8Array(buf.buffer, buf.byteOffset + start, end - start);
				return copyBytes(buf, start, end);
			case CODEC_LATIN1:
				return this.#texts.read(buf, start, end - start);
			case CODEC_UTF16:
				if ((end - start) % 2 !== 0) throw corrupt('a text ends within a character', { bytes: end - start });
				return (buf as NativeBuffer).ucs2Slice(start, end);
			default:
				throw corrupt('its codec is unknown', { codec });
		}
	}

	#read(isGraph: boolean, buf: Buffer, start: number, end: number, options: DecodeOptions): unknown {
		const { localShapes = false, owned = false, side = NO_SIDE } = options;
		if (this.#isBusy) throw new InvalidArgumentError('a message was not decoded: decode() of a registered type must not receive');
		this.#isBusy = true;
		const reader = this.#reader;
		try {
			this.#shapes.begin(localShapes);
			if (!isGraph) {
				reader.seek(buf, start, end);
				return reader.message(undefined, side);
			}
			const buffers = this.#readTable(buf, start, end, { isOwned: owned, side });
			return reader.message(buffers, side);
		} catch (error) {
			const isOverflow = error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
			throw isOverflow ? corrupt('it is nested too deeply for what is left of the stack') : error;
		} finally {
			this.#isBusy = false;
			reader.release(owned);
		}
	}

	/** Reads what lies behind the values, and leaves the reader in front of them. */
	#readTable(buf: Buffer, start: number, end: number, how: { isOwned: boolean; side: readonly unknown[] }): IncomingBuffers {
		const bytes = end - start - FOOTER_BYTES;
		const values = bytes < 0 ? 0 : buf.readUInt32LE(end - FOOTER_BYTES);
		const table = bytes < 0 ? 0 : buf.readUInt32LE(end - FOOTER_BYTES / 2);
		if (values === 0 || values > table || table > bytes) throw corrupt('its parts overlap', { values, table, bytes });
		const buffers = new IncomingBuffers({ buf, start, ...how }, values, table);
		const reader = this.#reader;
		reader.seek(buf, start + table, end - FOOTER_BYTES);
		buffers.read(() => reader.count());
		reader.finish();
		reader.seek(buf, start, start + values);
		return buffers;
	}
}
