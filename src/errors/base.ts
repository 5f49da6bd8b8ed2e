/** Marks every error of coproc, so that `instanceof` holds across two copies of the package. */
const BRAND = Symbol.for('coproc.error');

/** Code of every error that coproc throws. Match on `error.code`; texts may be reworded, codes stay. */
export type ErrorCode =
	| 'ERR_COPROC_ABORT_IGNORED'
	| 'ERR_COPROC_ACTOR_NOT_STARTED'
	| 'ERR_COPROC_BLOCKING_NOT_ALLOWED'
	| 'ERR_COPROC_CLOSE_REQUESTED'
	| 'ERR_COPROC_DATA_CLONE'
	| 'ERR_COPROC_EXIT'
	| 'ERR_COPROC_INVALID_ARGUMENT'
	| 'ERR_COPROC_INVALID_OPTION'
	| 'ERR_COPROC_MAILBOX_CLOSED'
	| 'ERR_COPROC_MAILBOX_FULL'
	| 'ERR_COPROC_MAILBOX_UNAVAILABLE'
	| 'ERR_COPROC_MESSAGE_NOT_RECOGNIZED'
	| 'ERR_COPROC_MESSAGE_TOO_LARGE'
	| 'ERR_COPROC_MESSENGER_CLOSED'
	| 'ERR_COPROC_NOT_IN_CALL'
	| 'ERR_COPROC_NOT_MAIN_PROCESS'
	| 'ERR_COPROC_NOT_OWN_PROCESS'
	| 'ERR_COPROC_POOL_CLOSED'
	| 'ERR_COPROC_POOL_FAILED'
	| 'ERR_COPROC_PROCESS_GONE'
	| 'ERR_COPROC_PROTOCOL'
	| 'ERR_COPROC_QUEUE_FULL'
	| 'ERR_COPROC_RESTART_LIMIT'
	| 'ERR_COPROC_TAG_CAPACITY'
	| 'ERR_COPROC_TIMEOUT'
	| 'ERR_COPROC_TRANSPORT_UNAVAILABLE'
	| 'ERR_COPROC_TYPE_NOT_REGISTERED'
	| 'ERR_COPROC_UNHANDLED_CHILD_EXIT'
	| 'ERR_COPROC_UNHANDLED_MESSAGE'
	| 'ERR_COPROC_UNKNOWN_FUNCTION'
	| 'ERR_COPROC_UNSERIALIZABLE_EXIT'
	| 'ERR_COPROC_VALIDATION'
	| 'ERR_COPROC_WORKER_ALIVE'
	| 'ERR_COPROC_WORKER_ALREADY_DEAD'
	| 'ERR_COPROC_WORKER_DEAD'
	| 'ERR_COPROC_WORKER_EXITED'
	| 'ERR_COPROC_WORKER_START';

/**
 * Base of all errors that coproc throws: `error instanceof CoprocError` catches them, `error.code` tells them apart.
 *
 * Errors that are bad arguments also extend `TypeError`; they count as instances of this class all the same.
 */
export class CoprocError extends Error {
	/** What went wrong, as a stable string. */
	readonly code: ErrorCode;

	constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.code = code;
	}

	static override [Symbol.hasInstance](value: unknown): boolean {
		return isBranded(value, this);
	}
}

/** Thrown at the caller for an argument that cannot mean anything: wrong type, NaN priority, an object as channel id. */
export class InvalidArgumentError extends TypeError {
	/** What went wrong, as a stable string. */
	readonly code: ErrorCode;

	constructor(message: string, code: ErrorCode = 'ERR_COPROC_INVALID_ARGUMENT') {
		super(message);
		this.code = code;
	}

	static override [Symbol.hasInstance](value: unknown): boolean {
		return isBranded(value, this);
	}
}

interface ErrorClass {
	readonly prototype: { readonly name: string };
}

/** Sets `name` on the prototype, where it is not enumerable, and marks the class as one of coproc's. */
export function nameErrorClass(target: { readonly prototype: object }, name: string): void {
	Object.defineProperty(target.prototype, 'name', { value: name, writable: true, configurable: true });
	Object.defineProperty(target.prototype, BRAND, { value: true });
}

/** True when `value` is branded and its prototype chain holds a class of the asked name, from whichever copy of coproc. */
function isBranded(value: unknown, target: ErrorClass): boolean {
	if (typeof value !== 'object' || value === null || !(BRAND in value)) return false;
	if (target.prototype.name === 'CoprocError') return true;
	for (let proto: unknown = Object.getPrototypeOf(value); proto; proto = Object.getPrototypeOf(proto)) {
		if (Object.hasOwn(proto, BRAND) && (proto as { name: string }).name === target.prototype.name) return true;
	}
	return target.prototype === Object.getPrototypeOf(value);
}

nameErrorClass(CoprocError, 'CoprocError');
nameErrorClass(InvalidArgumentError, 'InvalidArgumentError');
