/**
 * The methods of Buffer that go straight to C++. They have been on its prototype since the first Buffers, and `write()` and
 * `toString()` end in them, but the types do not list them; the detour costs half as much again for a short text.
 */
export interface NativeBuffer extends Buffer {
	latin1Write(text: string, offset: number, bytes: number): number;
	latin1Slice(start: number, end: number): string;
	ucs2Write(text: string, offset: number, bytes: number): number;
	ucs2Slice(start: number, end: number): string;
	hexWrite(text: string, offset: number, bytes: number): number;
	hexSlice(start: number, end: number): string;
}
