import { ProtocolError } from '../errors/index.ts';
import type { ByteWriter } from '../internal/byte-writer.ts';
import type { ChannelId } from './channel-id.ts';
import { ValueDecoder, ValueEncoder } from './codec/index.ts';

/** A channel id as the codec can carry it: arrays and symbols are wrapped, so that neither is taken for the other. */
type WireId = null | string | number | bigint | boolean | { readonly symbol: string } | { readonly parts: readonly WireId[] };

const encoder = new ValueEncoder({ shapes: false });
const decoder = new ValueDecoder();

/** Writes the prefix that names a channel: codec and byte length, the id, padding to 16 bytes. */
export function writeChannelName(writer: ByteWriter, id: ChannelId): void {
	writer.ensure(8);
	const before = writer.length;
	writer.pos += 8;
	const codec = encoder.encode(writer, toWire(id));
	encoder.commitShapes();
	const at = writer.start + before;
	const bytes = writer.length - before - 8;
	writer.buf.writeUInt32LE(codec, at);
	writer.buf.writeUInt32LE(bytes, at + 4);
	const padding = -writer.length & 15;
	writer.ensure(padding);
	writer.buf.fill(0, writer.pos, writer.pos + padding);
	writer.pos += padding;
}

/** Reads the prefix at `start` and returns the id and where the prefix ends, counted from the payload's own start. */
export function readChannelName(buf: Buffer, payloadStart: number, start: number, end: number): { id: ChannelId; next: number } {
	if (end - start < 8) throw new ProtocolError('a channel name is cut off', { bytes: end - start });
	const bytes = buf.readUInt32LE(start + 4);
	const idEnd = start + 8 + bytes;
	const next = idEnd + (-(idEnd - payloadStart) & 15);
	if (next > end) throw new ProtocolError('a channel name goes past its message', { bytes });
	return { id: fromWire(decoder.decode(buf.readUInt32LE(start), buf, start + 8, idEnd)), next };
}

function toWire(id: ChannelId): WireId {
	if (typeof id === 'symbol') return { symbol: Symbol.keyFor(id) ?? '' };
	if (Array.isArray(id)) return { parts: (id as readonly ChannelId[]).map(toWire) };
	return (id ?? null) as WireId;
}

function fromWire(wire: unknown): ChannelId {
	if (typeof wire !== 'object' || wire === null) return wire as ChannelId;
	if ('symbol' in wire) return Symbol.for(String(wire.symbol));
	if ('parts' in wire && Array.isArray(wire.parts)) return wire.parts.map(fromWire);
	throw new ProtocolError('a channel name holds something that is no id');
}
