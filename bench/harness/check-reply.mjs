/*
 * Did the work really happen? 1 + 2 must be 3, and a megabyte must come back as it went.
 */

/**
 * @param {number} n What was sent, to be added to 2 by the worker.
 * @param {unknown} reply
 */
export function checkReply(n, reply) {
	if (reply !== n + 2) throw new Error(`wrong answer: ${n} + 2 is not ${String(reply)}`);
}

/**
 * Marks bytes, so that an old answer is not taken for a new one.
 *
 * @param {Uint8Array} bytes
 * @param {number} n
 */
export function stamp(bytes, n) {
	const { length } = bytes;
	bytes[0] = bytes[length >> 1] = bytes[length - 1] = n & 255;
	bytes[1] = bytes[length - 2] = (n >> 8) & 255;
}

/**
 * @param {Uint8Array} reply
 * @param {number} length
 * @param {number} n As given to `stamp`.
 */
export function checkStamp(reply, length, n) {
	const low = n & 255;
	const high = (n >> 8) & 255;
	const isRight =
		reply.length === length &&
		reply[0] === low &&
		reply[length >> 1] === low &&
		reply[length - 1] === low &&
		reply[1] === high &&
		reply[length - 2] === high;
	if (!isRight) throw new Error(`wrong answer: ${length} bytes with stamp ${n} came back as ${reply?.length} other ones`);
}
