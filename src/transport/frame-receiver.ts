import { ProtocolError } from '../errors/index.ts';
import type { RecordSink } from '../ringbuf/index.ts';
import type { Parcel } from './bell.ts';
import {
	FLAG_BEGIN,
	FLAG_SIDE,
	FRAGMENT_PREFIX_BYTES,
	type FrameBytes,
	type FrameSink,
	KIND_FRAGMENT,
	KIND_MASK,
} from './transport.ts';

/** Finds what travelled beside a frame, by number; it was sent before the frame, so it is there. */
export type TakeSide = (id: number) => Parcel;

/** Puts frames together from records and hands them to the sink. Checks every length before it asks for memory. */
export class FrameReceiver implements RecordSink {
	readonly #sink: FrameSink;
	readonly #maxMessageBytes: number;
	readonly #takeSide: TakeSide | undefined;
	readonly #bytes: FrameBytes = { buf: Buffer.alloc(0), start: 0, end: 0, owned: false, side: undefined };
	/** The fragmented frame under way; a sender has one at a time. */
	#partial: { w1: number; w2: number; w3: number; payload: Buffer; received: number } | undefined;

	/** @param maxMessageBytes larger frames poison the link before any memory is asked for */
	constructor(sink: FrameSink, maxMessageBytes: number, takeSide?: TakeSide) {
		this.#sink = sink;
		this.#maxMessageBytes = maxMessageBytes;
		this.#takeSide = takeSide;
	}

	/** Takes one record. Throws ProtocolError when it does not fit what came before. */
	onRecord(w1: number, w2: number, w3: number, buf: Buffer, start: number, end: number): void {
		if ((w1 & KIND_MASK) === KIND_FRAGMENT) this.#append(buf, start, end);
		else if ((w1 & FLAG_BEGIN) !== 0) this.#beginPartial(w1, w2, w3, buf, start, end);
		else this.#deliver(w1, w2, w3, buf, start, end, false);
	}

	#beginPartial(w1: number, w2: number, w3: number, buf: Buffer, start: number, end: number): void {
		if (this.#partial) throw new ProtocolError('a fragmented frame began inside another one');
		const total = end - start >= FRAGMENT_PREFIX_BYTES ? buf.readDoubleLE(start) : Number.NaN;
		if (!Number.isInteger(total) || total <= 0 || total > this.#maxMessageBytes) {
			throw new ProtocolError('a fragmented frame has an impossible length', { total, maxMessageBytes: this.#maxMessageBytes });
		}
		this.#partial = { w1: w1 & ~FLAG_BEGIN, w2, w3, payload: Buffer.allocUnsafeSlow(total), received: 0 };
		this.#append(buf, start + FRAGMENT_PREFIX_BYTES, end);
	}

	#append(buf: Buffer, start: number, end: number): void {
		const partial = this.#partial;
		if (!partial || end <= start || end - start > partial.payload.length - partial.received) {
			throw new ProtocolError('a fragment does not fit its frame', { bytes: end - start, received: partial?.received });
		}
		buf.copy(partial.payload, partial.received, start, end);
		partial.received += end - start;
		if (partial.received < partial.payload.length) return;
		this.#partial = undefined;
		this.#deliver(partial.w1, partial.w2, partial.w3, partial.payload, 0, partial.payload.length, true);
	}

	#deliver(w1: number, w2: number, w3: number, buf: Buffer, start: number, end: number, owned: boolean): void {
		const bytes = this.#bytes;
		bytes.buf = buf;
		bytes.start = start;
		bytes.end = end;
		bytes.owned = owned;
		bytes.side = undefined;
		if ((w1 & FLAG_SIDE) !== 0) {
			if (!this.#takeSide || end - start < 4) throw new ProtocolError('a frame names objects that cannot be there');
			bytes.end = end - 4;
			const { objects, payload } = this.#takeSide(buf.readUInt32LE(bytes.end));
			if (objects.length > 0) bytes.side = objects;
			if (payload) this.#replace(payload);
		}
		this.#sink.onFrame(w1, w2, w3, bytes);
	}

	/** The payload came beside the frame. */
	#replace(payload: Uint8Array): void {
		const { length } = payload;
		const maxMessageBytes = this.#maxMessageBytes;
		if (length > maxMessageBytes) throw new ProtocolError('a payload beside its frame is too long', { length, maxMessageBytes });
		const bytes = this.#bytes;
		bytes.buf = Buffer.from(payload.buffer, payload.byteOffset, length);
		bytes.start = 0;
		bytes.end = length;
		bytes.owned = true;
	}
}
