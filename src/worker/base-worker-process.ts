import type { PriorityMessenger } from '../messenger/index.ts';
import type { MultiMessenger } from '../messenger/index.ts';

/**
 * Base of class targets: the worker constructs the class with its messenger and the arguments of `start()`, then calls `run()`.
 * When `run()` returns, the worker ends with code 0; an error it throws is told to the host. From coproc's BaseWorkerProcess.
 */
export abstract class BaseWorkerProcess<M extends MultiMessenger = PriorityMessenger> {
	/** Talks to the host. */
	readonly messenger: M;

	constructor(messenger: M) {
		this.messenger = messenger;
	}

	/** What the worker does; the seed's `__call__`. */
	abstract run(): unknown;
}
