/** The frame in which a worker calls the function, by itself or for an item of a chunk, and all below it. */
const OWN_FRAMES = /\n {4}at (?:ServedCall\.invoke|runItem) \([^\n]*(\n {4}at [^\n]*)*$/;

/** An error of a worker on its way to the caller, which may be told where it was called. */
export class RemoteFailure {
	readonly error: unknown;
	readonly #functionName: string;
	readonly #worker: string;

	constructor(error: unknown, functionName: string, worker: string) {
		this.error = error;
		this.#functionName = functionName;
		this.#worker = worker;
	}

	/** Asks nothing of `reason`: one that a caller aborted with may be a proxy that throws. */
	static is(reason: unknown): reason is RemoteFailure {
		return typeof reason === 'object' && reason !== null && #worker in reason;
	}

	/** What is told where nobody awaits it: an error of a worker without our own frames, anything else as it is. */
	static withoutCaller(reason: unknown): unknown {
		if (!RemoteFailure.is(reason)) return reason;
		const { error } = reason;
		if (error instanceof Error && typeof error.stack === 'string')
			Reflect.set(error, 'stack', error.stack.replace(OWN_FRAMES, ''));
		return error;
	}

	/** Puts the frames of whoever awaits the call in the place of our own at the end of the stack of the worker's error. */
	addCaller(): void {
		const { error } = this;
		if (!(error instanceof Error) || typeof error.stack !== 'string') return;
		const frames = awaitingFrames();
		const caller =
			frames === '' ? '' : `\n    ---- ${this.#functionName}() was called in worker "${this.#worker}" by ----\n${frames}`;
		Reflect.set(error, 'stack', error.stack.replace(OWN_FRAMES, '') + caller);
	}
}

/**
 * Handles the rejection of every call, and rejects with what the caller is to see.
 *
 * A stack costs 2 to 3 microseconds to capture, more than the whole call; so none is captured when a call is made. V8 finds the
 * async functions that await a promise from within a handler whose own promise they await: here, and only when a call has
 * failed. (docs/decisions/0006-caller-stack.md)
 */
export function rejectToCaller(reason: unknown): never {
	if (!RemoteFailure.is(reason)) throw reason;
	reason.addCaller();
	// An error of the worker's code is whatever that code has thrown.
	// oxlint-disable-next-line typescript/only-throw-error
	throw reason.error;
}

function awaitingFrames(): string {
	const holder: { stack?: unknown } = {};
	Error.captureStackTrace(holder, rejectToCaller);
	if (typeof holder.stack !== 'string') return '';
	const frames = holder.stack.split('\n').slice(1);
	return frames.filter((line) => /^\s+at /.test(line) && !line.includes('(node:') && !/at node:/.test(line)).join('\n');
}
