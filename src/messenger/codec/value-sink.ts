import type { ByteWriter } from '../../internal/byte-writer.ts';
import type { OutgoingBuffers } from './outgoing-buffers.ts';

/** What the encoders of single types need from the walk over the whole value. */
export interface ValueSink {
	readonly writer: ByteWriter;
	readonly buffers: OutgoingBuffers;
	/** Writes any value. */
	value(value: unknown): void;
	/** Enters a container. Returns true if it is nested so deep that its content was postponed: the caller writes nothing. */
	enter(kind: number, container: object): boolean;
	/** Leaves a container that was entered. */
	leave(): void;
}
