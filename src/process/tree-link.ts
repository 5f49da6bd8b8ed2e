import { QueueFullError } from '../errors/index.ts';
import type { ByteWriter } from '../internal/byte-writer.ts';
import { CODEC_SHIFT, DEFAULT_LIMITS, FLAG_LOCAL_SHAPES, type MessageLink } from '../messenger/index.ts';
import type { FrameBytes } from '../transport/index.ts';
import type { Frame } from './exchange.ts';
import { type Packed, unpack } from './packer.ts';
import { OP, type Op } from './wire.ts';

/** Kind of the frames of this layer on the link between a host and a worker; control.ts of the messenger lists whose is whose. */
export const KIND_PROCESS = 112;

/** All frames of this layer keep their order. */
const LANE = 'process';
/** Two doubles: the home that a frame goes to, and the one that it comes from. */
const HEADER_BYTES = 16;
/** How many bytes may wait to leave for one worker. */
const MAX_WAITING_BYTES = DEFAULT_LIMITS.maxQueuedBytes;

/** A frame as it came, to be passed on within the call that lends it. */
export interface RawFrame {
	readonly w1: number;
	readonly bytes: FrameBytes;
}

/** Listens to the frames of a link. `read` and `raw` are lent for the call. */
export function listen(link: MessageLink, onFrame: (frame: Frame, read: () => unknown, raw: RawFrame) => void): void {
	link.on(KIND_PROCESS, (w1, op, serial, bytes) => {
		const view = new DataView(bytes.buf.buffer, bytes.buf.byteOffset + bytes.start, HEADER_BYTES);
		const frame: Frame = { op: op as Op, serial: serial >>> 0, to: view.getFloat64(0, true), from: view.getFloat64(8, true) };
		onFrame(frame, () => link.decode(w1, bytes, bytes.start + HEADER_BYTES), { w1, bytes });
	});
}

/** Sends a frame. Throws QueueFullError for a message that would have to wait behind too much. */
export function sendFrame(link: MessageLink, frame: Frame, { codec, bytes }: Packed): void {
	const { outboxBytes } = link.transport;
	if (frame.op === OP.send && outboxBytes > 0 && outboxBytes + bytes.length > MAX_WAITING_BYTES)
		throw new QueueFullError({ bytes: bytes.length, queuedBytes: outboxBytes, maxQueuedBytes: MAX_WAITING_BYTES });
	link.checkIdle();
	const w1 = KIND_PROCESS | FLAG_LOCAL_SHAPES | (codec << CODEC_SHIFT);
	link.sendEncoded(w1, frame.op, frame.serial, LANE, bytes, (writer) => writeHeader(writer, frame));
}

/** Passes a frame on as it came. */
export function passOn(link: MessageLink, frame: Frame, raw: RawFrame): void {
	const { codec, bytes } = packedOf(raw);
	const w1 = KIND_PROCESS | FLAG_LOCAL_SHAPES | (codec << CODEC_SHIFT);
	link.sendEncoded(w1, frame.op, frame.serial, LANE, bytes, (writer) => writeHeader(writer, frame));
}

/** Reads the value of a frame after the call that lends it. */
export function readLater(raw: RawFrame): () => unknown {
	const packed = copyOf(raw);
	return () => unpack(packed);
}

/** The value of a frame, to be sent later. */
export function copyOf(raw: RawFrame): Packed {
	const { codec, bytes } = packedOf(raw);
	return { codec, bytes: new Uint8Array(bytes) };
}

function packedOf({ w1, bytes }: RawFrame): Packed {
	return { codec: (w1 >>> CODEC_SHIFT) & 0xff, bytes: bytes.buf.subarray(bytes.start + HEADER_BYTES, bytes.end) };
}

function writeHeader(writer: ByteWriter, { to, from }: Frame): void {
	writer.ensure(HEADER_BYTES);
	writer.buf.writeDoubleLE(to, writer.pos);
	writer.buf.writeDoubleLE(from, writer.pos + 8);
	writer.pos += HEADER_BYTES;
}
