import { ProtocolError } from '../errors/index.ts';
import { maxRecordPayload, RECORD_HEADER_BYTES, type RecordSink, recordBytes } from '../ringbuf/index.ts';

/** Finds the records in a stream of chunks, wherever those are cut. Checks every length before it waits for more. */
export class RecordParser {
	readonly #sink: RecordSink;
	readonly #maxPayload: number;
	#rest: Buffer = Buffer.alloc(0);

	/** @param ringBytes the size that the writer was made with, in bytes */
	constructor(sink: RecordSink, ringBytes: number) {
		this.#sink = sink;
		this.#maxPayload = maxRecordPayload(ringBytes);
	}

	/** Takes the next chunk and hands over every record that is complete. Throws ProtocolError for an impossible length. */
	feed(chunk: Buffer): void {
		const buf = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
		let at = 0;
		while (buf.length - at >= RECORD_HEADER_BYTES) {
			const payloadBytes = buf.readInt32LE(at);
			if (payloadBytes < 0 || payloadBytes > this.#maxPayload) {
				throw new ProtocolError('a record in the pipe has an impossible length', { payloadBytes, maxPayload: this.#maxPayload });
			}
			const bytes = recordBytes(payloadBytes);
			if (buf.length - at < bytes) break;
			const start = at + RECORD_HEADER_BYTES;
			this.#sink.onRecord(
				buf.readInt32LE(at + 4),
				buf.readInt32LE(at + 8),
				buf.readInt32LE(at + 12),
				buf,
				start,
				start + payloadBytes,
			);
			at += bytes;
		}
		this.#rest = at === buf.length ? Buffer.alloc(0) : buf.subarray(at);
	}
}
