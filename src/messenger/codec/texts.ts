import type { ByteWriter } from '../../internal/byte-writer.ts';
import type { NativeBuffer } from './native-buffer.ts';
import { writeUint32Bytes } from './numbers.ts';
import { CODEC_LATIN1, CODEC_UTF16, SMALL_TEXT, SMALL_TEXT_COUNT, TEXT32, TEXT8, WIDE_TEXT } from './tags.ts';

/** Texts up to this length are copied character by character: 3 ns each, where a call into C++ takes 55 ns. */
const LOOP_CHARACTERS = 16;

/**
 * Finds a character that latin1 lacks. V8 compiles it twice, and the version for its one-byte strings can never match, so
 * that it answers without looking at the text: the only way to ask how V8 stores a string.
 */
// oxlint-disable-next-line no-control-regex
const NOT_LATIN1 = /[^\x00-\xff]/;

/** Writes a text as a value. Lone surrogates survive: what is not latin1 travels as UTF-16. */
export function writeText(writer: ByteWriter, text: string): void {
	const { length } = text;
	if (length > LOOP_CHARACTERS) {
		if (NOT_LATIN1.test(text)) writeWideText(writer, text);
		else writeLatin1Text(writer, text);
		return;
	}
	writer.ensure(1 + length);
	const { buf, pos } = writer;
	if (!tryCopyLatin1(buf, pos + 1, text)) {
		writeWideText(writer, text);
		return;
	}
	buf[pos] = SMALL_TEXT + length;
	writer.pos = pos + 1 + length;
}

/** Writes a text as the whole payload and returns its codec id. */
export function writeBareText(writer: ByteWriter, text: string): number {
	const { length } = text;
	if (length <= LOOP_CHARACTERS) {
		writer.ensure(length);
		if (tryCopyLatin1(writer.buf, writer.pos, text)) {
			writer.pos += length;
			return CODEC_LATIN1;
		}
	} else if (!NOT_LATIN1.test(text)) {
		writer.ensure(length);
		(writer.buf as NativeBuffer).latin1Write(text, writer.pos, length);
		writer.pos += length;
		return CODEC_LATIN1;
	}
	writer.ensure(2 * length);
	(writer.buf as NativeBuffer).ucs2Write(text, writer.pos, 2 * length);
	writer.pos += 2 * length;
	return CODEC_UTF16;
}

/** Copies a short text into memory that has room for it; false if it is not latin1, and what was copied means nothing. */
function tryCopyLatin1(buf: Buffer, pos: number, text: string): boolean {
	let bits = 0;
	for (let index = 0; index < text.length; index++) {
		const unit = text.charCodeAt(index);
		bits |= unit;
		buf[pos + index] = unit;
	}
	return bits <= 0xff;
}

function writeLatin1Text(writer: ByteWriter, text: string): void {
	const { length } = text;
	writer.ensure(5 + length);
	if (length < SMALL_TEXT_COUNT) {
		writer.buf[writer.pos++] = SMALL_TEXT + length;
	} else if (length < 0x100) {
		writer.buf[writer.pos++] = TEXT8;
		writer.buf[writer.pos++] = length;
	} else {
		writer.buf[writer.pos++] = TEXT32;
		writeUint32Bytes(writer, length);
	}
	(writer.buf as NativeBuffer).latin1Write(text, writer.pos, length);
	writer.pos += length;
}

function writeWideText(writer: ByteWriter, text: string): void {
	const { length } = text;
	writer.ensure(5 + 2 * length);
	writer.buf[writer.pos++] = WIDE_TEXT;
	writeUint32Bytes(writer, length);
	(writer.buf as NativeBuffer).ucs2Write(text, writer.pos, 2 * length);
	writer.pos += 2 * length;
}
