/*
 * The codec: values to bytes and back, with the fidelity of structuredClone().
 *
 * It writes through a ByteWriter, usually straight into a ring, and reads from whatever memory the bytes came in. It knows
 * neither frames nor channels nor peers; what it cannot put into bytes (transferred buffers, ports, shared memory) it lists
 * in `side`, and somebody else carries it.
 *
 * Invariants:
 * - An encoder and a decoder face each other for the life of a link. Key lists of plain objects ("shapes") are known to both
 *   once a message that defines them went out in order; every other message carries what it needs itself.
 * - A message that cannot be encoded leaves no trace. A message that cannot be decoded throws ProtocolError, unless only user
 *   code or a missing registration is to blame: then it is read to its end, and the link goes on.
 * - Decoding runs no code from the message, reads nothing outside it, and allocates in proportion to it.
 * - A view of a whole buffer, or one of several, travels with the buffer. Of what only Buffers look at, just the part from the
 *   first to the last byte that they see travels, and they arrive as Uint8Array: nobody means Node's pool.
 */
export { type DecodeOptions, ValueDecoder } from './decoder.ts';
export { ValueEncoder, type ValueEncoderOptions } from './encoder.ts';
export { type ErrorConstructorLike, registerErrorClass } from './error-classes.ts';
export { type RegisteredClass, registeredName, registerType, type TypeCodec } from './registry.ts';
export { CODEC_BYTES, CODEC_GRAPH, CODEC_UTF16, CODEC_VALUE } from './tags.ts';
