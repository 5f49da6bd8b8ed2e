import { inspect } from 'node:util';

import { Exit, UnhandledChildExit } from '../errors/index.ts';
import { checkWaitOptions, Waiter, type WaitOptions } from '../internal/wait.ts';
import { Signal } from './mailbox-entry.ts';
import { Process } from './process.ts';

/** A process of this thread that is told how another one ended. */
export interface Observer extends Process {
	/** Puts an end into its mailbox. */
	signal(signal: Signal): void;
}

/** Code of this thread that is told of an end without being a process, and without counting as somebody who wanted to know. */
export interface EndListener {
	/** The process has ended. Must not throw. */
	processEnded(process: ObservedProcess): void;
}

/** What this thread knows of the end of a process, and who of this thread wants to be told of it. */
export abstract class ObservedProcess extends Process {
	#ending: { readonly error: unknown } | undefined;
	readonly #linked = new Set<Observer>();
	readonly #monitors = new Set<Observer>();
	readonly #waiters = new Set<Waiter<boolean>>();
	/** Made when it is needed: few processes have any. */
	#listeners: Set<EndListener> | undefined;
	/** True when somebody has been told why it is about to end. */
	#isTold = false;

	override get isAlive(): boolean {
		return this.#ending === undefined;
	}

	override get error(): unknown {
		return this.#ending?.error;
	}

	/** True while somebody in this thread waits for its end. */
	get isObserved(): boolean {
		return this.#linked.size > 0 || this.#monitors.size > 0 || this.#waiters.size > 0;
	}

	/** Has a linked process told of the end; at once, when that is known already. */
	addLink(observer: Observer): void {
		if (this.#ending) observer.signal(new Signal('linked', new Exit(this.#ending.error), this));
		else this.#linked.add(observer);
		this.observersChanged();
	}

	/** Has a monitoring process told of the end. */
	addMonitor(observer: Observer): void {
		if (this.#ending) observer.signal(new Signal('monitored', new Exit(this.#ending.error), this));
		else this.#monitors.add(observer);
		this.observersChanged();
	}

	/** Takes a link back. */
	removeLink(observer: Observer): void {
		this.#linked.delete(observer);
		this.observersChanged();
	}

	/** Forgets a process that has ended. */
	removeObserver(observer: Observer): void {
		this.#monitors.delete(observer);
		this.removeLink(observer);
	}

	/** Has code of this thread told of the end, until {@link offEnd}. The process must be alive. */
	onEnd(listener: EndListener): void {
		this.#listeners ??= new Set();
		this.#listeners.add(listener);
	}

	/** Takes {@link onEnd} back. */
	offEnd(listener: EndListener): void {
		this.#listeners?.delete(listener);
	}

	/** Says that somebody knows already why it is about to end: no warning is needed. */
	noteTold(): void {
		this.#isTold = true;
	}

	override async wait(options?: WaitOptions): Promise<boolean> {
		checkWaitOptions('wait', options);
		options?.signal?.throwIfAborted();
		if (this.#ending) return true;
		if (options?.timeout === 0) return false;
		const { timeout, signal } = options ?? {};
		const waiter = new Waiter<boolean>('wait()', signal && { signal });
		// A timeout is an answer here, not an error.
		const timer = timeout === undefined ? undefined : new Waiter<never>('wait()', { timeout });
		timer?.promise.catch(() => waiter.resolve(false));
		this.#waiters.add(waiter);
		this.observersChanged();
		try {
			return await waiter.promise;
		} finally {
			timer?.reject(undefined);
			this.#waiters.delete(waiter);
			this.observersChanged();
		}
	}

	/** Notes the end and tells everyone in this thread. True when somebody wanted to know. Only the first call counts. */
	protected tellEnd(error: unknown): boolean {
		if (this.#ending) return true;
		this.#ending = { error };
		const wasObserved = this.isObserved || this.#isTold;
		const exit = new Exit(error);
		for (const observer of this.#linked) observer.signal(new Signal('linked', exit, this));
		for (const observer of this.#monitors) observer.signal(new Signal('monitored', exit, this));
		for (const waiter of this.#waiters) waiter.resolve(true);
		this.#linked.clear();
		this.#monitors.clear();
		for (const listener of this.#listeners ?? []) listener.processEnded(this);
		this.#listeners = undefined;
		this.observersChanged();
		return wasObserved;
	}

	/** Called when the answer to {@link isObserved} may have changed. */
	protected observersChanged(): void {}
}

/** Says on stderr how a process ended that nobody is linked to, monitors or waits for: no error is swallowed. */
export function warnOfUntoldEnd(ended: Process, error: unknown): void {
	const isFailure = error !== undefined && !(error instanceof UnhandledChildExit && error.cause === undefined);
	if (!isFailure) return;
	const text = error instanceof Error ? (error.stack ?? String(error)) : inspect(error);
	process.emitWarning(`process "${ended.name}" ended, and nobody is linked to it, monitors it or waits for it: ${text}`, {
		type: 'ProcessExitWarning',
	});
}
