/*
 * The first byte of every value.
 *
 *   00..7f  a small integer, the byte itself
 *   80..9f  latin1 text of 0 to 31 characters, which follow
 *   a0..af  an array of 0 to 15 elements, which follow
 *   b0..cf  a plain object of shape 0 to 31: its values follow, in the order of the shape's keys
 *   d0..ff  one of the tags below
 *
 * "count" is a number written as a value. Every tag of an object takes the next reference number, before its content does;
 * REFERENCE and the primitives take none.
 */

/** Codec ids: what the payload of a message is. They travel in the frame's header. */
export const CODEC_VALUE = 0;
/** Codec id of raw bytes, for a top-level Uint8Array. */
export const CODEC_BYTES = 1;
/** Codec id of latin1 text, for a top-level string. */
export const CODEC_LATIN1 = 2;
/** Codec id of UTF-16 text, little endian, for a top-level string. */
export const CODEC_UTF16 = 3;
/** Codec id of a value with references, postponed objects or binary content: a footer follows the values. */
export const CODEC_GRAPH = 4;

/** Starts of the ranges that hold their count in the tag itself, and how many counts each has. */
export const SMALL_INT_COUNT = 0x80;
export const SMALL_TEXT = 0x80;
export const SMALL_TEXT_COUNT = 0x20;
export const SMALL_ARRAY = 0xa0;
export const SMALL_ARRAY_COUNT = 0x10;
export const SMALL_SHAPE = 0xb0;
export const SMALL_SHAPE_COUNT = 0x20;
export const FIRST_PLAIN_TAG = 0xd0;

/** Primitives. */
export const UNDEFINED = 0xd0;
export const NULL = 0xd1;
export const FALSE = 0xd2;
export const TRUE = 0xd3;
export const UINT8 = 0xd4; // u8
export const UINT16 = 0xd5; // u16
export const NEGATIVE8 = 0xd6; // u8: -1 minus the number
export const INT32 = 0xd7; // i32
export const DOUBLE = 0xd8; // f64
export const BIGINT64 = 0xd9; // i64
export const BIGINT_POSITIVE = 0xda; // u32 bytes, magnitude with the highest byte first
export const BIGINT_NEGATIVE = 0xdb; // the same
export const TEXT8 = 0xdc; // u8 characters, latin1
export const TEXT32 = 0xdd; // u32 characters, latin1
export const WIDE_TEXT = 0xde; // u32 code units, UTF-16

/** Containers. */
export const ARRAY = 0xdf; // u32 elements, the elements
export const DOUBLES = 0xe0; // u32 elements, f64 each: an array of numbers only
export const IRREGULAR_ARRAY = 0xe1; // count: length; count: entries; index or text, value, each: holes or named properties
export const SHAPE = 0xe2; // u16 shape, values
export const SHAPE_DEFINITION = 0xe3; // u16 shape, u8 keys, texts, values
export const OBJECT = 0xe4; // count, (text, value) each: an object without a shape
export const MAP = 0xe5; // count, (value, value) each
export const SET = 0xe6; // count, values
export const POSTPONED = 0xe7; // u8: which container; its content follows after everything before it

/** Other objects. */
export const REFERENCE = 0xe8; // count: reference number
export const DATE = 0xe9; // f64
export const REGEXP = 0xea; // text: source, text: flags
export const BOXED = 0xeb; // a primitive
export const ERROR = 0xec; // text: class; DOMException: text: message, text: name; count, (text, value) each: not enumerable; the same: enumerable
export const REGISTERED = 0xed; // text: name, value
export const BUFFER = 0xee; // count: index in the table of buffers
export const VIEW = 0xef; // u8: kind; count: buffer; count: byte offset; count: elements, or undefined: the buffer's length
export const SIDE_OBJECT = 0xf0; // count: index among the objects beside the bytes
