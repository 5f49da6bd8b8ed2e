/*
 * The header of a message, in the three words that the transport leaves to us:
 *
 *   w1  kind:8 | flags:8 | codec:8 | 0        w2  number of the request        w3  number of the channel
 *
 * Prefixes before the payload, in this order, each a multiple of 16 bytes so that binary payloads stay aligned:
 *   HAS_PRIORITY   priority as a double, 8 bytes unused
 *   NAMES_CHANNEL  byte length of the encoded channel id as uint32, then the id, padded
 */

/** What a frame means to the messenger. Kinds from 32 on belong to the layers above. */
export const KIND_DATA = 1;
export const KIND_REQUEST = 2;
export const KIND_REPLY = 3;
/** A reply that says that the request failed; its payload is the error. */
export const KIND_FAIL = 4;
export const KIND_ERROR = 5;
export const KIND_CLOSE = 6;
/** Tells how many bytes this side's program has popped since the start: w2 the lower, w3 the upper 32 bits. */
export const KIND_CREDIT = 7;

/** The payload starts with a priority; without it, the priority is +Infinity. */
export const FLAG_HAS_PRIORITY = 1 << 10;
/** The payload names the channel that w3 numbers from now on; number 0 names it for this frame only. */
export const FLAG_NAMES_CHANNEL = 1 << 11;
/** The payload's shapes are for this frame only, because it may be overtaken. */
export const FLAG_LOCAL_SHAPES = 1 << 12;
/** The request comes from `request()`: its reply goes to that promise and passes outside the queue's limits. */
export const FLAG_CORRELATED = 1 << 13;

/** Where the codec's id sits in w1. */
export const CODEC_SHIFT = 16;

/** Bytes of the priority prefix. */
export const PRIORITY_PREFIX_BYTES = 16;
/** Bytes of header that each message is charged in addition to its payload. */
export const MESSAGE_HEADER_BYTES = 16;
