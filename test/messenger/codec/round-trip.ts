import { ByteWriter } from '../../../src/internal/byte-writer.ts';
import { type DecodeOptions, ValueDecoder, ValueEncoder } from '../../../src/messenger/codec/index.ts';

/** An encoder and a decoder that face each other, with memory like that of a ring between them. */
export class Wire {
	readonly encoder: ValueEncoder;
	readonly decoder = new ValueDecoder();
	readonly writer = new ByteWriter();
	readonly memory = Buffer.from(new SharedArrayBuffer(64 * 1024));

	constructor(options?: ConstructorParameters<typeof ValueEncoder>[0]) {
		this.encoder = new ValueEncoder(options);
	}

	/** Encodes a value as a message on the ordered path, and copies its payload. */
	encode(value: unknown, transfer?: readonly object[]): { codec: number; payload: Buffer; side: readonly object[] } {
		this.writer.borrow(this.memory, 0, this.memory.length);
		const codec = this.encoder.encode(this.writer, value, transfer);
		this.encoder.commitShapes();
		return { codec, payload: Buffer.from(this.writer.buf.subarray(this.writer.start, this.writer.pos)), side: this.encoder.side };
	}

	/** Sends a value through, and receives it. */
	pass(value: unknown, options: { transfer?: readonly object[] } & DecodeOptions = {}): unknown {
		this.writer.borrow(this.memory, 0, this.memory.length);
		const codec = this.encoder.encode(this.writer, value, options.transfer);
		this.encoder.commitShapes();
		const { buf, start, pos } = this.writer;
		return this.decoder.decode(codec, buf, start, pos, { side: this.encoder.side, ...options });
	}
}

/** Sends one value through a link of its own, three times: keys inline, keys defined, keys known. */
export function roundTrip<T>(value: T): T {
	const wire = new Wire();
	wire.pass(value);
	wire.pass(value);
	return wire.pass(value) as T;
}
