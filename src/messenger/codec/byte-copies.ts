/** Up to this length, bytes are copied one by one: the detour over a view of the source takes 70 ns. */
const LOOP_BYTES = 64;

/** From this length on, filling new memory with zeros first costs more than getting it without. */
const UNFILLED_BYTES = 4096;

/** Copies bytes `start` to `end` into memory of their own, which is exactly as long as they are. */
export function copyBytes(source: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> {
	const length = end - start;
	const copy = length < UNFILLED_BYTES ? new Uint8Array(length) : new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
	if (length > LOOP_BYTES) copy.set(source.subarray(start, end));
	else for (let index = 0; index < length; index++) copy[index] = source[start + index] as number;
	return copy;
}
