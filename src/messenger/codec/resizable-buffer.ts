import { types } from 'node:util';
import type { Serializer } from 'node:v8';

/** All `maxByteLength` of one message together: what is only reserved must be bounded as well. 1 GiB. */
export const MAX_RESERVED_BYTES: number = 1024 ** 3;

/** The part of a resizable ArrayBuffer or a growable SharedArrayBuffer that the types of this TypeScript target lack. */
interface Resizable {
	readonly resizable?: boolean;
	readonly growable?: boolean;
	readonly maxByteLength?: number;
}

/** Makes a resizable ArrayBuffer. */
export function makeResizable(byteLength: number, maxByteLength: number): ArrayBuffer {
	const type = ArrayBuffer as new (bytes: number, options: { maxByteLength: number }) => ArrayBuffer;
	return new type(byteLength, { maxByteLength });
}

/** Returns the `maxByteLength` of a buffer that can change its size; undefined for all others. */
export function maxBytesOf(buffer: ArrayBufferLike): number | undefined {
	const { resizable, growable, maxByteLength } = buffer as Resizable;
	return resizable || growable ? maxByteLength : undefined;
}

/**
 * Tells whether a view follows the size of its buffer.
 *
 * No property says so, and trying it out means resizing the user's buffer. V8's serializer writes it down as the lowest bit
 * of the last byte; with the buffer marked as transferred it writes nothing of the content, and detaches nothing.
 */
export function isLengthTracking(view: ArrayBufferView): boolean {
	if (maxBytesOf(view.buffer) === undefined) return false;
	const serializer = makeSerializer();
	if (types.isArrayBuffer(view.buffer)) serializer.transferArrayBuffer(0, view.buffer);
	serializer.writeValue(view);
	return ((serializer.releaseBuffer().at(-1) as number) & 1) === 1;
}

/** True when the view's buffer is detached, or was made so small that the view lies outside. Both show as length 0. */
export function isOutOfBounds(view: ArrayBufferView): boolean {
	try {
		if (view.byteLength > 0) return false;
		// A DataView has told already. Of the typed arrays, only methods tell this from an empty view: they refuse to work.
		if (!types.isDataView(view)) Uint8Array.prototype.at.call(view as Uint8Array, 0);
		return false;
	} catch {
		return true;
	}
}

/** True for a buffer that was handed to somebody else. */
export function isDetached(buffer: ArrayBuffer): boolean {
	if (buffer.byteLength > 0) return false;
	try {
		return new Uint8Array(buffer).length > 0;
	} catch {
		return true;
	}
}

// Loading node:v8 takes 2 ms, which a worker should not pay at its start for something this rare.
function makeSerializer(): Serializer {
	const v8 = process.getBuiltinModule('node:v8');
	const serializer = new v8.Serializer();
	// What V8 asks for when it meets a SharedArrayBuffer.
	Object.assign(serializer, { _getSharedArrayBufferId: () => 0 });
	return serializer;
}
