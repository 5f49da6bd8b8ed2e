import type { Readable } from 'node:stream';

import {
	type ExitInfo,
	WorkerIsAlreadyAliveError,
	WorkerIsAlreadyDeadError,
	WorkerIsDeadError,
	WorkerStartError,
} from '../errors/index.ts';
import { checkWaitOptions, Waiter, type WaitOptions } from '../internal/wait.ts';
import type { MessengerClass, MultiMessenger, PriorityMessenger } from '../messenger/index.ts';
import type { AnyFunction, FunctionInfo, Remote, RemoteFunction, UntypedModule } from '../rpc/index.ts';
import type { TransportInfo } from '../transport/index.ts';
import { Incarnation } from './incarnation.ts';
import { launch } from './launch.ts';
import { isAlive, lastExit, type LifeEvent, type LifeState, next } from './lifecycle.ts';
import { type EndOptions, type ResolvedOptions, resolveOptions, type WorkerResourceOptions } from './options.ts';
import {
	type CallResourceOptions,
	importModule,
	type ImportOptions,
	type RemoteResource,
	type Serving,
	wrapFunction,
} from './remote-resource.ts';
import { checkTarget, nameOf, type Target } from './target.ts';

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
	readonly #serves: Serving | undefined;
	#starting: { giveUp(error: Error): void; readonly settled: Promise<void> } | undefined;

	/** Throws OptionError for an option that is unknown or makes no sense. Nothing is started yet. `serves` is internal. */
	constructor(
		target: Target<NoInfer<M>, A>,
		options?: WorkerResourceOptions & { messenger?: MessengerClass<M> },
		serves?: Serving,
	) {
		this.#serves = serves;
		checkTarget(target);
		this.#options = resolveOptions(options);
		this.#target = target;
		this.#name = this.#options.name ?? nameOf(target);
	}

	/**
	 * Starts a worker with a module in it, and gives its exported functions as `call`: functions give promises, generators give
	 * streams. `M` is the type of the module, `typeof import('./jobs.js')`.
	 *
	 * @throws as {@link WorkerResource.start}; WorkerStartError too for a module that exports no functions
	 *
	 * @example
	 * await using jobs = await WorkerResource.import<typeof import('./jobs.js')>(new URL('./jobs.js', import.meta.url));
	 * await jobs.call.fib(40);
	 * await jobs.call.fib.with({ timeout: 1000 })(40);
	 * for await (const prime of jobs.call.primes(1000)) console.log(prime);
	 */
	static async import<M = UntypedModule>(module: URL | string, options?: ImportOptions): Promise<RemoteResource<Remote<M>>> {
		return importModule<Remote<M>>(make, module, options);
	}

	/** Starts a worker with one self-contained function in it, and gives it as `call`. Throws as {@link WorkerResource.start}. */
	static async wrap<F extends AnyFunction>(fn: F, options?: CallResourceOptions): Promise<RemoteResource<RemoteFunction<F>>> {
		return wrapFunction<RemoteFunction<F>>(make, fn, options);
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
		run.terminate();
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
			run.calls?.cutStreams();
			run.requestClose();
			const timer = setTimeout(() => run.terminate(), this.#options.closeTimeout);
			await run.keepHostFor(run.ended);
			clearTimeout(timer);
		}
		const info = await run.ended;
		run.worker.release();
		run.throwUntold(info);
	}

	/** Starts the worker, unless `givenUp` rejects before it begins. */
	async #launch(args: readonly unknown[], givenUp: Promise<never>): Promise<void> {
		const serves = this.#serves;
		const order = {
			args,
			name: this.#name,
			...(serves && { serves: { concurrency: serves.concurrency, chunks: serves.chunks } }),
		};
		const { run, ready } = await launch(this.#target, order, this.#options, givenUp);
		if (serves && run.calls) serves.remote.connect(this.#name, run.calls, ready as FunctionInfo[]);
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
		const onAbort = (): void => run.terminate();
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
