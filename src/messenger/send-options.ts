import { InvalidArgumentError } from '../errors/index.ts';

/** Options of every call that sends data. */
export interface SendOptions {
	/** Lower goes first in a PriorityMessenger, +Infinity last. By default the payload's own numeric `priority` property. */
	priority?: number;
	/** ArrayBuffers (and, between threads, MessagePorts) that change hands instead of being copied. */
	transfer?: readonly object[];
}

/** Returns the priority to send `data` with. Throws InvalidArgumentError for one that cannot be ordered. */
export function priorityOf(data: unknown, options: SendOptions | undefined): number {
	const given = options?.priority;
	if (given !== undefined) {
		if (typeof given !== 'number' || Number.isNaN(given)) throw refuse('option `priority`', given);
		return given;
	}
	if (typeof data !== 'object' || data === null || !Object.hasOwn(data, 'priority')) return Number.POSITIVE_INFINITY;
	const own = (data as { priority: unknown }).priority;
	if (typeof own !== 'number') return Number.POSITIVE_INFINITY;
	if (Number.isNaN(own)) throw refuse("the payload's property `priority`", own);
	return own;
}

function refuse(what: string, value: unknown): InvalidArgumentError {
	return new InvalidArgumentError(
		`message was not sent: ${what} must be a number that can be ordered (lower goes first), not ${String(value)}`,
	);
}
