import { ByteWriter } from '../internal/byte-writer.ts';
import { ValueDecoder, ValueEncoder } from '../messenger/index.ts';

/** A value as bytes. They are lent until the next value is packed. */
export interface Packed {
	readonly codec: number;
	readonly bytes: Uint8Array;
	/** The same memory with {@link HEADER_BYTES} before the value, where a header can be put. */
	readonly framed?: Buffer;
}

/** Room for a header before a value, in bytes. */
export const HEADER_BYTES = 24;

/** Turns values into bytes that any thread of the tree can read, whatever came before them. */
export class Packer {
	readonly #writer = new ByteWriter();
	readonly #encoder: ValueEncoder;

	/** @param options `strict` refuses instances of classes that nobody registered, which would arrive as plain objects */
	constructor(options?: { readonly strict?: boolean }) {
		this.#encoder = new ValueEncoder({ shapes: false, ...options });
	}

	/** Throws DataCloneError for what cannot be sent. */
	pack(value: unknown): Packed {
		const writer = this.#writer;
		writer.own();
		writer.ensure(HEADER_BYTES);
		writer.pos += HEADER_BYTES;
		const codec = this.#encoder.encode(writer, value);
		// Large bytes were left where they are.
		writer.absorb();
		const framed = writer.buf.subarray(writer.start, writer.pos);
		return { codec, bytes: framed.subarray(HEADER_BYTES), framed };
	}

	/** True when a value can be sent. */
	canPack(value: unknown): boolean {
		try {
			this.pack(value);
			return true;
		} catch {
			return false;
		}
	}
}

/** The value that was packed. Throws for one of a type that this thread does not know. */
export function unpack({ codec, bytes }: Packed): unknown {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
	return new ValueDecoder().decode(codec, buffer, 0, buffer.length, { localShapes: true });
}
