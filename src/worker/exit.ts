import { setImmediate as nextTurn } from 'node:timers/promises';

import { ResourceRequestedClose } from '../errors/index.ts';
import { KIND_UNCAUGHT, type MessengerCore } from '../messenger/index.ts';

/** Longest time that a worker which calls `process.exit()` waits for its last messages to leave, in milliseconds. */
const EXIT_FLUSH_MS = 2000;

/**
 * Ends a worker in order: everything it sent leaves first, then the error that ended it, then it exits.
 *
 * A target that returns ends its worker with code 0, as does one that obeys a close request by letting it through; an
 * uncaught error, also one from work that nobody awaited, ends it with code 1.
 */
export class WorkerExit {
	readonly #core: MessengerCore;
	#isEnding = false;

	/** @param flush waits, parking the thread, until a helper thread has passed on what was sent */
	constructor(core: MessengerCore, flush: (timeout: number) => void) {
		this.#core = core;
		process.on('uncaughtException', (error) => {
			// A worker that handles its own errors goes on.
			if (process.listenerCount('uncaughtException') === 1) void this.end({ error });
		});
		process.once('exit', () => {
			core.link.transport.drainBlocking(EXIT_FLUSH_MS);
			flush(EXIT_FLUSH_MS);
		});
	}

	/** Ends the worker after what it has sent; `error` is told to the host. The first call decides. */
	async end(outcome?: { readonly error: unknown }): Promise<void> {
		if (this.#isEnding) return;
		this.#isEnding = true;
		const { transport } = this.#core.link;
		const isFailure = outcome !== undefined && !(outcome.error instanceof ResourceRequestedClose);
		await transport.drained();
		if (isFailure) this.#core.link.send(KIND_UNCAUGHT, this.#core.outgoing.portable(outcome.error));
		await transport.drained();
		// Lets what the target printed in its last turn out of the streams of a thread.
		await nextTurn();
		process.exit(isFailure ? 1 : 0);
	}
}
