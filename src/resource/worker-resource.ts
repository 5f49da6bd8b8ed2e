import type { Readable } from 'node:stream';

import {
	type ExitInfo,
	WorkerIsAlreadyAliveError,
	WorkerIsAlreadyDeadError,
	WorkerIsDeadError,
	WorkerStartError,
} from '../errors/index.ts';
import { checkWaitOptions, Waiter, type WaitOptions } from '../internal/wait.ts';
import { type MessengerClass, type MultiMessenger, type PriorityMessenger, registerMessengerEnds } from '../messenger/index.ts';
import type { TransportInfo } from '../transport/index.ts';
import { Incarnation } from './incarnation.ts';
import { isAlive, lastExit, type LifeEvent, type LifeState, next } from './lifecycle.ts';
import { type ResolvedOptions, resolveOptions, type WorkerResourceOptions } from './options.ts';
import { processBackend } from './process-backend.ts';
import { checkTarget, checkTypeScript, describeTarget, nameOf, type Target } from './target.ts';
import { threadBackend } from './thread-backend.ts';

/** The messenger that options ask for. */
export type MessengerOf<O> = O extends { messenger: MessengerClass<infer M> } ? M : PriorityMessenger;

/** Options of `join()` and `terminate()`. */
export interface EndOptions {
	/** False: do not throw for a worker that is dead already, but give how it ended. */
	checkAlive?: boolean;
}

/**
 * A worker (a child process or a thread) with a messenger to it, as one resource with one lifetime.
 *
 * ```ts
 * await using worker = await WorkerResource.start(async (messenger) => {
 * 	for await (const n of messenger) messenger.sendNorequest(Math.sqrt(n));
 * });
 * worker.messenger.sendNorequest(2);
 * console.log(await worker.messenger.receive());
 * ```
 *
 * You **must** dispose of it (`await using`, or `await worker[Symbol.asyncDispose]()`): that closes the worker in order, ends it
 * when it does not close in time, and throws errors of the worker that nobody received. A dead worker can be started again,
 * with fresh memory and fresh counters. If the host dies, its worker processes are killed by the operating system.
 *
 * From coproc's WorkerResource (devincornell/coproc).
 */
export class WorkerResource<A extends unknown[] = unknown[], M extends MultiMessenger = PriorityMessenger>
	implements AsyncDisposable
{
	readonly #target: Target;
	readonly #options: ResolvedOptions;
	readonly #name: string;
	#state: LifeState = { type: 'new' };
	#run: Incarnation | undefined;
	#messenger: M | undefined;
	#exited = new Waiter<ExitInfo>('exited');
	#isRefd = true;
	#starting: { giveUp(error: Error): void; readonly settled: Promise<void> } | undefined;

	/** Throws OptionError for an option that is unknown or makes no sense. Nothing is started yet. */
	constructor(target: Target<NoInfer<M>, A>, options?: WorkerResourceOptions & { messenger?: MessengerClass<M> }) {
		checkTarget(target);
		this.#options = resolveOptions(options);
		this.#target = target;
		this.#name = this.#options.name ?? nameOf(target);
	}

	/** Makes a resource and starts it. */
	static async start<A extends unknown[] = unknown[], M extends MultiMessenger = PriorityMessenger>(
		target: Target<NoInfer<M>, A>,
		options?: WorkerResourceOptions & { messenger?: MessengerClass<M> },
		...args: NoInfer<A>
	): Promise<WorkerResource<A, M>> {
		return make(target, options).start(...args);
	}

	/**
	 * Starts the worker; `args` reach the target after the messenger. Resolves when the target begins.
	 *
	 * @throws WorkerIsAlreadyAliveError while it is starting or alive
	 * @throws WorkerStartError when its module or export is missing or throws, or the worker dies first; it can be started again
	 * @throws DataCloneError for arguments that cannot be sent, TimeoutError after `startTimeout` ms
	 */
	async start(...args: A): Promise<this> {
		this.#apply({ type: 'start' }, 'start()');
		const { startTimeout, signal } = this.#options;
		// Ends the start, whatever it waits for: too late, or not wanted any more.
		const giveUp = new Waiter<never>(`start() of worker "${this.#name}"`, { timeout: startTimeout, ...(signal && { signal }) });
		const launched = this.#launch(args, giveUp.promise);
		this.#starting = { giveUp: (error) => giveUp.reject(error), settled: launched.catch(() => {}) };
		try {
			await launched;
			return this;
		} catch (error) {
			this.#apply({ type: 'startFailed' }, 'start()');
			throw error;
		} finally {
			this.#starting = undefined;
			giveUp.reject(undefined);
		}
	}

	/** Talks to the worker. Throws WorkerIsDeadError before the first start; stays readable after an exit. */
	get messenger(): M {
		if (!this.#messenger) throw new WorkerIsDeadError(this.#name, '`messenger`');
		return this.#messenger;
	}

	/** True from the end of `start()` to the exit. */
	get isAlive(): boolean {
		return isAlive(this.#state);
	}

	/** The worker's name in errors. */
	get name(): string {
		return this.#name;
	}

	/** Process id of a worker process; undefined before the first start and for threads. */
	get pid(): number | undefined {
		return this.#run?.worker.pid;
	}

	/** Thread id of a worker thread; undefined before the first start and for processes. */
	get threadId(): number | undefined {
		return this.#run?.worker.threadId;
	}

	/** How messages travel, and why that way. */
	get transport(): TransportInfo {
		if (!this.#run) throw new WorkerIsDeadError(this.#name, '`transport`');
		return { kind: this.#run.worker.transport.kind, reason: this.#run.worker.transport.reason };
	}

	/** How the worker ends, one promise for each start; never rejects. */
	get exited(): Promise<ExitInfo> {
		return this.#exited.promise;
	}

	/** The worker's stdout with `stdio: 'pipe'`, else null. */
	get stdout(): Readable | null {
		return this.#run?.worker.stdout ?? null;
	}

	/** The worker's stderr with `stdio: 'pipe'`, else null. */
	get stderr(): Readable | null {
		return this.#run?.worker.stderr ?? null;
	}

	/** Lets the worker keep the host alive again, as for timers. */
	ref(): this {
		return this.#setRef(true);
	}

	/** Lets the host exit while the worker is alive, as for timers; the worker ends with it. */
	unref(): this {
		return this.#setRef(false);
	}

	/**
	 * Asks the worker to close and waits until it has. Resolves to how it ended, whatever that was.
	 *
	 * @throws TimeoutError (or the signal's reason) when it has not ended by then; it is left running
	 * @throws WorkerIsDeadError before the first start, WorkerIsAlreadyDeadError after the exit unless `checkAlive` is false
	 */
	async join(options: WaitOptions & EndOptions = {}): Promise<ExitInfo> {
		checkWaitOptions('join', options);
		const run = this.#beginEnd('join', options);
		if (!(run instanceof Incarnation)) return run;
		run.requestClose();
		const waiter = new Waiter<ExitInfo>(`join() of worker "${this.#name}"`, options);
		void run.ended.then((info) => {
			if (waiter.resolve(info)) run.wasTold = true;
		});
		return run.keepHostFor(waiter.promise);
	}

	/**
	 * Ends the worker: close request and SIGTERM at once, SIGKILL after `killGrace`; a thread is ended at once.
	 *
	 * @throws as {@link join}, without a timeout
	 */
	async terminate(options: EndOptions = {}): Promise<ExitInfo> {
		const run = this.#beginEnd('terminate', options);
		if (!(run instanceof Incarnation)) return run;
		run.terminate(this.#options.killGrace);
		return run.keepHostFor(run.ended);
	}

	/**
	 * Closes the worker: asks it to, waits `closeTimeout` ms, then terminates it. Idempotent.
	 *
	 * @throws the error of the worker that nobody received (an AggregateError when there are several)
	 */
	async [Symbol.asyncDispose](): Promise<void> {
		if (this.#starting) {
			this.#starting.giveUp(new WorkerStartError(this.#name, 'it was disposed of while it started'));
			await this.#starting.settled;
		}
		const run = this.#run;
		if (!run) return;
		if (this.isAlive) {
			run.requestClose();
			const timer = setTimeout(() => run.terminate(this.#options.killGrace), this.#options.closeTimeout);
			await run.keepHostFor(run.ended);
			clearTimeout(timer);
		}
		const info = await run.ended;
		run.worker.release();
		run.throwUntold(info);
	}

	/** Starts the worker, unless `givenUp` rejects before it begins. */
	async #launch(args: readonly unknown[], givenUp: Promise<never>): Promise<void> {
		const options = this.#options;
		const abort = new AbortController();
		givenUp.catch((reason: unknown) => abort.abort(reason));
		options.signal?.throwIfAborted();
		const target = describeTarget(this.#name, this.#target, options.export);
		checkTypeScript(this.#name, target, options.execArgv ?? process.execArgv);
		registerMessengerEnds();
		const backend = options.backend === 'thread' ? threadBackend : processBackend;
		let run: Incarnation | undefined;
		try {
			const worker = await backend.start({ ...options, name: this.#name, signal: abort.signal });
			run = new Incarnation(this.#name, worker, options);
			await Promise.race([run.begin({ target, args, name: this.#name }), givenUp]);
		} catch (error) {
			await run?.kill();
			throw error;
		}
		this.#adopt(run);
	}

	/** Takes a worker that has begun as the one that this resource is about. */
	#adopt(run: Incarnation): void {
		const { signal, messenger: Class } = this.#options;
		this.#run?.worker.release();
		this.#run = run;
		this.#messenger = new Class(() => run.core) as M;
		// Whoever asked before the first start waits for this one.
		if (this.#exited.isDone) this.#exited = new Waiter<ExitInfo>('exited');
		this.#apply({ type: 'ready' }, 'start()');
		run.setRef(this.#isRefd);
		const onAbort = (): void => run.terminate(this.#options.killGrace);
		signal?.addEventListener('abort', onAbort, { once: true });
		const exited = this.#exited;
		void run.ended.then((info) => {
			signal?.removeEventListener('abort', onAbort);
			if (this.#run === run) this.#apply({ type: 'exit', info }, 'exit');
			exited.resolve(info);
		});
	}

	#setRef(isRefd: boolean): this {
		this.#isRefd = isRefd;
		this.#run?.setRef(isRefd);
		return this;
	}

	/** The worker to end, or how it has ended already when that is no error. */
	#beginEnd(type: 'join' | 'terminate', { checkAlive = true }: EndOptions): Incarnation | ExitInfo {
		const exit = lastExit(this.#state);
		if (!checkAlive && exit) return exit;
		this.#apply({ type }, `${type}()`);
		return this.#run as Incarnation;
	}

	#apply(event: LifeEvent, what: string): void {
		const after = next(this.#state, event);
		if (after === 'alive') throw new WorkerIsAlreadyAliveError(this.#name);
		if (after === 'notStarted') throw new WorkerIsDeadError(this.#name, what);
		if (after === 'alreadyDead') throw new WorkerIsAlreadyDeadError(this.#name, what);
		this.#state = after;
	}
}

/** Apart from the class: one that names itself in its body is called `_WorkerResource` by the bundler, in stacks and on consoles too. */
function make<A extends unknown[], M extends MultiMessenger>(
	...args: ConstructorParameters<typeof WorkerResource<A, M>>
): WorkerResource<A, M> {
	return new WorkerResource(...args);
}
