import type { ByteWriter } from '../internal/byte-writer.ts';

/** Writes the number of the objects that travel beside a frame as the last 4 bytes of its payload. */
export function appendSideId(writer: ByteWriter, id: number): void {
	writer.ensure(4);
	writer.pos = writer.buf.writeUInt32LE(id, writer.pos);
}
