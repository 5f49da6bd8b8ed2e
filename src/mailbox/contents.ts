import { DataCloneError, InvalidArgumentError } from '../errors/index.ts';
import { ByteWriter } from '../internal/byte-writer.ts';
import { checkDetachable, ValueDecoder, ValueEncoder } from '../messenger/index.ts';

const encoder = new ValueEncoder({ shapes: false });
const decoder = new ValueDecoder();
const writer = new ByteWriter();
let isEncoding = false;

/**
 * Encodes contents on their own, for whoever receives them has seen nothing of what was sent before, and hands them to `take`,
 * whose they are until it returns. Throws DataCloneError.
 */
export function encodeContents(contents: unknown, take: (codec: number, bytes: Uint8Array) => void): void {
	// Before the writer starts over: a getter that catches the error must not spoil the message around it.
	if (isEncoding)
		throw new DataCloneError('data', 'it was sent by a getter, or by encode() of a type, of a message being encoded');
	isEncoding = true;
	try {
		writer.own();
		const codec = encoder.encode(writer, contents);
		// Large bytes were left where they are; the store wants all in one piece.
		writer.absorb();
		take(codec, writer.buf.subarray(writer.start, writer.pos));
	} finally {
		isEncoding = false;
	}
}

/**
 * Checks a transfer list and returns what detaches its buffers, all or none; undefined when there is nothing to detach. Throws
 * DataCloneError or InvalidArgumentError.
 */
export function detachment(options: { readonly transfer?: readonly ArrayBuffer[] } | undefined): (() => void) | undefined {
	const transfer = options?.transfer;
	if (transfer === undefined) return undefined;
	if (!Array.isArray(transfer))
		throw new InvalidArgumentError(`send() was refused: \`transfer\` must be an array, not ${typeof transfer}`);
	const buffers = checkDetachable(transfer);
	if (buffers.length === 0) return undefined;
	return () => {
		try {
			structuredClone(undefined, { transfer: [...buffers] });
		} catch (error) {
			throw error instanceof DOMException ? new DataCloneError('transfer', error.message, { cause: error }) : error;
		}
	};
}

/** Decodes contents. Throws TypeNotRegisteredError, and what `decode` of a registered type throws. */
export function decodeContents(codec: number, bytes: Buffer): unknown {
	return decoder.decode(codec, bytes, 0, bytes.length, { owned: bytes.length === bytes.buffer.byteLength });
}
