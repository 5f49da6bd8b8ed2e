import type { NativeBuffer } from './native-buffer.ts';

/** Texts up to this length are looked up among recent ones: comparing costs less than making a string again. */
const CACHED_CHARACTERS = 16;

const SLOTS = 256;

/**
 * Latin1 texts out of bytes, with the short ones that came lately at hand. Method names and values like `'ok'` come again
 * and again: finding one takes 10 to 50 ns, a new string 55 ns and work for the garbage collector.
 */
export class TextCache {
	readonly #recent: string[] = new Array<string>(SLOTS).fill('');

	/** Returns bytes `start` to `start + length` as text. The caller has checked that they are there. */
	read(buf: Buffer, start: number, length: number): string {
		if (length > CACHED_CHARACTERS) return (buf as NativeBuffer).latin1Slice(start, start + length);
		if (length === 0) return '';
		const first = buf[start] as number;
		const middle = buf[start + (length >> 1)] as number;
		const last = buf[start + length - 1] as number;
		const slot = (length * 31 + first * 7 + middle * 13 + last * 17) & (SLOTS - 1);
		const recent = this.#recent[slot] as string;
		if (recent.length === length && isAt(buf, start, recent)) return recent;
		return (this.#recent[slot] = (buf as NativeBuffer).latin1Slice(start, start + length));
	}
}

function isAt(buf: Buffer, start: number, text: string): boolean {
	for (let index = 0; index < text.length; index++) {
		if (text.charCodeAt(index) !== buf[start + index]) return false;
	}
	return true;
}
