import { ByteWriter } from '../internal/byte-writer.ts';
import { ValueEncoder } from '../messenger/index.ts';

/** A value as bytes. They are lent until the next value is packed. */
export interface Packed {
	readonly codec: number;
	readonly bytes: Uint8Array;
}

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
		const codec = this.#encoder.encode(writer, value);
		return { codec, bytes: writer.buf.subarray(writer.start, writer.pos) };
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
