import { ProtocolError } from '../errors/index.ts';
import type { PrefixWriter } from '../messenger/index.ts';
import type { FrameBytes } from '../transport/index.ts';
import type { CallOptions } from './call-options.ts';

/** What the caller asked for beside the result. */
export interface CallTerms {
	readonly priority: number;
	/** In milliseconds of Date.now(); infinite without a timeout. */
	readonly deadline: number;
	/** In milliseconds; infinite without a timeout. */
	readonly timeout: number;
}

/** Terms of a call that names none. */
export const NO_TERMS: CallTerms = {
	priority: Number.POSITIVE_INFINITY,
	deadline: Number.POSITIVE_INFINITY,
	timeout: Number.POSITIVE_INFINITY,
};

/** Bytes of the prefix: priority, deadline and timeout as doubles, padded, so that binary payloads stay aligned. */
export const TERMS_BYTES = 32;

/** Writes what the worker is to know of the options; undefined if there is nothing. */
export function termsOf({ priority, timeout }: CallOptions<never>): PrefixWriter | undefined {
	if (priority === undefined && timeout === undefined) return undefined;
	return (writer) => {
		writer.ensure(TERMS_BYTES);
		const { buf } = writer;
		let at = buf.writeDoubleLE(priority ?? NO_TERMS.priority, writer.pos);
		at = buf.writeDoubleLE(timeout === undefined ? NO_TERMS.deadline : Date.now() + timeout, at);
		at = buf.writeDoubleLE(timeout ?? NO_TERMS.timeout, at);
		buf.writeDoubleLE(0, at);
		writer.pos += TERMS_BYTES;
	};
}

/** Reads what {@link termsOf} wrote. */
export function readTerms({ buf, start, end }: FrameBytes): CallTerms {
	if (end - start < TERMS_BYTES) throw new ProtocolError('a call ends within its terms');
	return { priority: buf.readDoubleLE(start), deadline: buf.readDoubleLE(start + 8), timeout: buf.readDoubleLE(start + 16) };
}
