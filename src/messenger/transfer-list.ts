import type { MessagePort } from 'node:worker_threads';

/** Something in a transfer list that travels as ports and what the payload says about it: an end of a pair. */
export interface Handable {
	/** Takes the ports out of this thread; throws DataCloneError when that is no longer possible. */
	hand(): readonly MessagePort[];
	/** The message that hands it over was sent. */
	sent(): void;
	/** The message was sent, or was not: until the next `hand()`, it may not travel. */
	done(): void;
}

/** A transfer list as the transport understands it. */
export interface ExpandedTransfer {
	readonly objects: readonly object[];
	/** Call when the message was sent. */
	sent(): void;
	/** Call in any case, after encoding. */
	done(): void;
}

/** Finds the {@link Handable} side of an object. Lower than the messenger classes, so that sending need not import them. */
const handables = new WeakMap<object, Handable>();

/** Makes `object` something that can be listed in `transfer`. */
export function markHandable(object: object, handable: Handable): void {
	handables.set(object, handable);
}

/** Puts ports in the place of what hands over ports. */
export function expandTransfer(transfer: readonly object[]): ExpandedTransfer {
	const handed = transfer.map((object) => handables.get(object)).filter((handable) => handable !== undefined);
	return {
		objects: transfer.flatMap((object): readonly object[] => handables.get(object)?.hand() ?? [object]),
		sent: () => handed.forEach((handable) => handable.sent()),
		done: () => handed.forEach((handable) => handable.done()),
	};
}

/** True when `object` can be listed in `transfer` although it is neither a buffer nor a port. */
export function isHandable(object: unknown): object is object {
	return typeof object === 'object' && object !== null && handables.has(object);
}
