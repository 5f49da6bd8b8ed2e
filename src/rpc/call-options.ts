import { InvalidArgumentError } from '../errors/index.ts';
import { nearestName } from '../internal/nearest-name.ts';
import { checkWaitOptions, type WaitOptions } from '../internal/wait.ts';
import type { SendOptions } from '../messenger/index.ts';

/**
 * Options of one call, for `with()`.
 *
 * An abort or a timeout rejects the call at once, with `signal.reason` or TimeoutError. A call that has not begun then never does;
 * one that has is told (`currentCall().aborted`, `.signal`) and has `abortGrace` to end before its worker is ended.
 */
export interface CallOptions<P = unknown> extends Pick<SendOptions, 'transfer'>, WaitOptions {
	/** Milliseconds until the call has settled, or a stream has ended, at the most; no limit by default. */
	timeout?: number;
	/** Among calls that wait for their turn, lower goes first; +Infinity, the default, last. */
	priority?: number;
	/**
	 * Takes what the function gives to `currentCall().progress()`, in order, before the call settles, in the AsyncLocalStorage
	 * context of the caller. If it throws, the call rejects with that.
	 */
	onProgress?: (value: P) => void;
	/** @internal Called when the worker has said that the call begins: until then, another worker may have it. */
	onBegun?: () => void;
}

const KNOWN = ['signal', 'timeout', 'priority', 'onProgress', 'transfer', 'onBegun'];

/** Throws InvalidArgumentError for options that are unknown or mean nothing. */
export function checkCallOptions(options: CallOptions<never>): void {
	if (typeof options !== 'object' || options === null) return refuse(`its options must be an object, not ${String(options)}`);
	checkWaitOptions('with', options);
	for (const key of Object.keys(options)) {
		if (KNOWN.includes(key)) continue;
		const near = nearestName(key, KNOWN);
		refuse(`option \`${key}\` is unknown. ${near ? `Did you mean \`${near}\`?` : `Known options: ${KNOWN.join(', ')}`}`);
	}
	const { priority, signal, onProgress, transfer } = options;
	if (priority !== undefined && (typeof priority !== 'number' || Number.isNaN(priority)))
		refuse(`\`priority\` must be a number that can be ordered, not ${String(priority)}`);
	if (signal !== undefined && !(signal instanceof AbortSignal)) refuse('`signal` must be an AbortSignal');
	if (onProgress !== undefined && typeof onProgress !== 'function') refuse('`onProgress` must be a function');
	if (transfer !== undefined && !Array.isArray(transfer)) refuse('`transfer` must be an array');
}

function refuse(what: string): never {
	throw new InvalidArgumentError(`with() was refused: ${what}`);
}
