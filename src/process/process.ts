import type { WaitOptions } from '../internal/wait.ts';
import type { MatchedMessage, Pattern } from './pattern.ts';

/** Where a process runs: in this thread, in a worker thread, or in a worker process. */
export type Kind = 'local' | 'thread' | 'process';

/**
 * What a process runs first: a function, called with the process and `args`, which adds its handlers; or a module whose default
 * export, or the one that `export` names, is such a function. Of a function that goes to a worker only the source is shipped.
 */
export type ProcessTarget<A extends readonly unknown[] = never[]> = URL | string | ((process: Process, ...args: A) => unknown);

/** Options of a new process. */
export interface SpawnOptions<A extends readonly unknown[] = readonly unknown[]> {
	/** Names it in errors and for `whereis()`; made up by default, and then `whereis()` does not know it. */
	name?: string;
	/** Where it runs; `'local'`. */
	kind?: Kind;
	/** Go to the target after the process. */
	args?: A;
	/** Processes to be linked to from the start. */
	linkTo?: Process | readonly Process[];
	/** What a message does that no handler takes: `'exit'` (default) ends the process with UnhandledMessage, `'dead-letter'` drops it. */
	unhandled?: 'exit' | 'dead-letter';
	/** True: the normal end of a linked process does not end this one. */
	ignoreNormalExits?: boolean;
	/** Which export of a module is the target; `'default'`. */
	export?: string;
}

/** How a process is known everywhere: its home (the thread it lives in, by number), its number there, what it says of itself. */
export interface ProcessCard {
	readonly tree: string;
	readonly home: number;
	readonly serial: number;
	readonly name: string;
	readonly kind: Kind;
	readonly pid: number | undefined;
}

/**
 * A process as in Erlang: it has a mailbox, takes one message after another, and shares nothing that it does not want to share.
 * From paragram (timbertson/paragram).
 *
 * The same class is the process itself, as its target gets it, and its handle, as `spawn()` and messages give it. A handle
 * can be sent and works wherever it arrives. Only the process itself, or whoever holds it in its own thread, can add handlers.
 */
export abstract class Process {
	/** Its name in errors. */
	abstract readonly name: string;
	/** Where it runs. */
	abstract readonly kind: Kind;
	/** Id of the operating system's process that it runs in; undefined until a worker process has started. */
	abstract readonly pid: number | undefined;
	/** False once this side knows that it has ended. */
	abstract readonly isAlive: boolean;
	/** Why it ended; undefined while it is alive, and after a normal end. */
	abstract readonly error: unknown;

	/**
	 * Puts a message, all arguments together, into its mailbox. Never waits. False when this side knows that the process has ended;
	 * true says nothing of its future.
	 *
	 * @throws DataCloneError when it lives in another worker and the message cannot be sent there
	 */
	abstract send(...message: unknown[]): boolean;

	/**
	 * Asks it to end, after the messages that were sent before. `error` is why: a text becomes an Error; without one, the end is
	 * normal. A handler of `[Exit]` sees it, but the process ends after it all the same. False when it is known to have ended.
	 */
	abstract terminate(error?: unknown): boolean;

	/**
	 * Waits for its end: true once it has ended, however it did, false when `timeout` ms pass first. It rejects only with the
	 * reason of an aborted signal.
	 */
	abstract wait(options?: WaitOptions): Promise<boolean>;

	/**
	 * Adds a handler for the messages that match; the arguments are the parts of the message. Handlers are tried in the order in
	 * which they were added, and the first that matches is called. An async handler is awaited before the next message. One that throws ends the
	 * process with that error; one that throws an {@link Exit} ends it as that says.
	 *
	 * `receive([Exit, Process], handler)` takes the ends of linked and monitored processes; without it, the end of a linked
	 * process ends this one. Returns the process.
	 *
	 * @throws InvalidArgumentError for a pattern that makes no sense
	 * @throws NotOwnProcessError on the handle of a process in another worker
	 */
	abstract receive<const P extends Pattern>(pattern: P, handler: (...message: MatchedMessage<P>) => unknown): this;

	/**
	 * Selective receive: resolves to the first message that matches, as an array, and leaves the others where they are. It looks
	 * at the mailbox before handlers do, and takes ends of linked and monitored processes too when they match.
	 *
	 * @throws TimeoutError after `timeout` ms (0: at once when there is none), or the reason of the signal
	 * @throws Exit when the process has been asked to end, or a linked process has ended and no handler takes that
	 * @throws NotOwnProcessError on the handle of a process in another worker
	 */
	abstract next<const P extends Pattern>(pattern: P, options?: WaitOptions): Promise<MatchedMessage<P>>;

	/** Links two processes: when one ends, the other gets `[Exit, Process]`. At once, when it has ended already. Idempotent. */
	abstract link(other: Process): void;

	/** Takes a link back. An end that was not handled yet is forgotten. */
	abstract unlink(other: Process): void;

	/** Has this process get `[Exit, Process]`, once, when the other one ends; at once when it has. The other one notices nothing. */
	abstract monitor(other: Process): void;

	/**
	 * Starts a process and returns its handle at once. If it cannot be started, that is why it ends.
	 *
	 * @throws OptionError, InvalidArgumentError, or DataCloneError for arguments that cannot be sent to a worker
	 */
	abstract spawn<A extends readonly unknown[]>(target: ProcessTarget<A>, options?: SpawnOptions<A>): Process;

	/** As {@link spawn}, linked to this process from the start. */
	abstract spawnLink<A extends readonly unknown[]>(target: ProcessTarget<A>, options?: SpawnOptions<A>): Process;

	/** How it is known everywhere. @internal */
	abstract get card(): ProcessCard;

	/** True for every handle of the same process, wherever it has been. */
	equals(other: unknown): boolean {
		if (this === other) return true;
		if (!(other instanceof Process)) return false;
		const [a, b] = [this.card, other.card];
		return a.home === b.home && a.serial === b.serial && a.tree === b.tree;
	}

	toString(): string {
		return this.name;
	}
}
