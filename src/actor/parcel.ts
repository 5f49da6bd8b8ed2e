import { ByteWriter } from '../internal/byte-writer.ts';
import { ValueDecoder, ValueEncoder } from '../messenger/index.ts';

/** A value as bytes within a message, which are read on their own: whoever gets the message knows whom to tell if they cannot be. */
export interface Parcel {
	readonly codec: number;
	readonly bytes: Uint8Array;
}

/** Packs a value. Throws DataCloneError for what cannot be sent, instances of classes that nobody registered included. */
export function pack(value: unknown): Parcel {
	const writer = new ByteWriter();
	writer.own();
	const codec = new ValueEncoder({ shapes: false, strict: true }).encode(writer, value);
	return { codec, bytes: new Uint8Array(writer.buf.subarray(writer.start, writer.pos)) };
}

/** Throws TypeNotRegisteredError for an instance of a class that is registered where it comes from, and not here. */
export function unpack({ codec, bytes }: Parcel): unknown {
	return new ValueDecoder().decode(codec, Buffer.from(bytes), 0, bytes.length, { localShapes: true });
}
