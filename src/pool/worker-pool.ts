import { InvalidArgumentError } from '../errors/index.ts';
import { partTasks, type Target } from '../resource/index.ts';
import { type AnyFunction, type FunctionInfo, type Remote, RemoteCalls, type UntypedModule } from '../rpc/index.ts';
import { type Items, ItemSource } from './item-source.ts';
import { MapRun } from './map-run.ts';
import type { SettledItem, Sink } from './sink.ts';
import { type MapStream, ResultList, ResultStream } from './map-results.ts';
import { MapperShelf } from './mapper.ts';
import { PoolCore } from './pool-core.ts';
import { checkMapOptions, type MapOptions, type PoolImportOptions, resolvePool, type WorkerPoolOptions } from './pool-options.ts';
import { type PoolStats, statsOf } from './pool-stats.ts';
import { ownFunctions } from './pool-worker.ts';

/** The module of a pool that has none. */
export interface NoModule {
	/** Only in the type: it makes this one differ from a module that nothing is known about. */
	readonly [noModule]?: never;
}
declare const noModule: unique symbol;

/** Names of the exports of `M` that can be mapped: those that take one argument at least and give one result. */
export type MappableName<M> = {
	[K in keyof M]: M[K] extends AnyFunction
		? [Extract<ReturnType<M[K]>, AsyncGenerator<unknown, unknown, never> | Generator<unknown, unknown, never>>] extends [never]
			? K
			: 0 extends 1 & ReturnType<M[K]>
				? K
				: never
		: never;
}[keyof M] &
	string;

/** The items that a function is mapped over: its first argument. */
export type ItemOf<F> = F extends (item: infer T, ...rest: never[]) => unknown ? T : never;
/** What mapping a function gives for each item. */
export type ResultOf<F> = F extends (...args: never[]) => infer R ? Awaited<R> : never;
/** What a map gives for each item with options `O`. */
export type Mapped<R, O> = O extends { readonly settled: true } ? SettledItem<R> : R;

/**
 * Many workers as one: calls, maps and streams over a module's functions, or over functions that are shipped.
 *
 * Every call settles once. A worker that dies is replaced; calls that it had not begun move to another one, those that it had
 * reject with WorkerExitedError unless `retry` says otherwise. You **must** dispose of the pool: running calls may end within
 * `closeTimeout`, queued ones reject with PoolClosedError. If the host dies, the workers do.
 *
 * From coproc's Pool and LazyPool (devincornell/coproc).
 *
 * @example
 * await using pool = await WorkerPool.import<typeof import('./jobs.js')>(new URL('./jobs.js', import.meta.url));
 * await pool.call.fib(40);
 * const sizes = await pool.map('measure', paths);
 * for await (const line of pool.stream((text: string) => text.toUpperCase(), lines)) console.log(line);
 */
export class WorkerPool<M = NoModule> implements AsyncDisposable {
	/** The functions of the module: a call goes to the worker that has the least to do. Not thenable. */
	readonly call: Remote<M>;
	readonly #core: PoolCore;
	readonly #mappers: MapperShelf;
	#closed: Promise<void> | undefined;

	/** Internal: use `WorkerPool.import()` or `WorkerPool.open()`. */
	constructor(core: PoolCore, call: Remote<M>) {
		this.call = call;
		this.#core = core;
		this.#mappers = new MapperShelf(core.plan.name, functionsOf(core), (core.crew.functions?.length ?? 0) - 1);
	}

	/**
	 * Starts workers with a module in each, and resolves when they are ready.
	 *
	 * @throws OptionError; otherwise as `WorkerResource.import()`, and nothing is left
	 */
	static async import<M = UntypedModule>(module: URL | string, options?: PoolImportOptions): Promise<WorkerPool<M>> {
		if (!(module instanceof URL) && (typeof module !== 'string' || module === ''))
			throw new InvalidArgumentError(
				`WorkerPool.import() was refused: it takes a URL or a path, not ${module === '' ? "''" : typeof module}`,
			);
		return openPool<M>(nameOf(module), module, options);
	}

	/** Starts workers without a module: they run the functions that `map`, `mapUnordered` and `stream` ship to them. */
	static async open(options?: WorkerPoolOptions): Promise<WorkerPool> {
		return openPool('pool', nothing, options);
	}

	/**
	 * Runs a function over all items, and resolves to the results in the order of the items. The first item that fails rejects it.
	 *
	 * @param fn the name of an export, or a self-contained function: its source is shipped, without the scope around it
	 * @throws WorkerExitedError when a worker ends under an item, PoolClosedError, PoolFailedError, what the input throws
	 */
	map<K extends MappableName<M>, const O extends MapOptions>(
		fn: K,
		items: Items<ItemOf<M[K]>>,
		options?: O,
	): Promise<Mapped<ResultOf<M[K]>, O>[]>;
	map<T, R, const O extends MapOptions>(fn: (item: T) => R, items: Items<T>, options?: O): Promise<Mapped<Awaited<R>, O>[]>;
	map(fn: unknown, items: unknown, options?: MapOptions): Promise<unknown[]> {
		const list = new ResultList();
		try {
			return list.start(this.#run('map', { fn, items, options }, list));
		} catch (error) {
			return Promise.reject(error);
		}
	}

	/**
	 * Runs a function over the items and gives the results as they come. Nothing is read before the first result is asked for, and
	 * no more than the workers and the consumer keep up with; ending early closes the input and cancels what runs.
	 *
	 * @throws as {@link map}, from `next()`
	 */
	mapUnordered<K extends MappableName<M>, const O extends MapOptions>(
		fn: K,
		items: Items<ItemOf<M[K]>>,
		options?: O,
	): MapStream<Mapped<ResultOf<M[K]>, O>>;
	mapUnordered<T, R, const O extends MapOptions>(
		fn: (item: T) => R,
		items: Items<T>,
		options?: O,
	): MapStream<Mapped<Awaited<R>, O>>;
	mapUnordered(fn: unknown, items: unknown, options?: MapOptions): MapStream<unknown> {
		return new ResultStream(false, (sink) => this.#run('mapUnordered', { fn, items, options }, sink));
	}

	/** As {@link mapUnordered}, in the order of the items. */
	stream<K extends MappableName<M>, const O extends MapOptions>(
		fn: K,
		items: Items<ItemOf<M[K]>>,
		options?: O,
	): MapStream<Mapped<ResultOf<M[K]>, O>>;
	stream<T, R, const O extends MapOptions>(fn: (item: T) => R, items: Items<T>, options?: O): MapStream<Mapped<Awaited<R>, O>>;
	stream(fn: unknown, items: unknown, options?: MapOptions): MapStream<unknown> {
		return new ResultStream(true, (sink) => this.#run('stream', { fn, items, options }, sink));
	}

	/** What the pool is doing and has done. */
	stats(): PoolStats {
		return statsOf(this.#core);
	}

	/** Resolves when no call waits or runs. Never rejects. */
	drain(): Promise<void> {
		return this.#core.drain();
	}

	/** Lets the workers keep the host alive again, as for timers. */
	ref(): this {
		this.#core.crew.setRef(true);
		return this;
	}

	/** Lets the host exit while the workers are alive, as for timers; they end with it. */
	unref(): this {
		this.#core.crew.setRef(false);
		return this;
	}

	/**
	 * Closes the pool: running calls may end within `closeTimeout`, queued ones reject with PoolClosedError. Idempotent.
	 *
	 * @throws errors of workers that nobody was told of (an AggregateError when there are several)
	 */
	[Symbol.asyncDispose](): Promise<void> {
		if (this.#closed) return this.#closed.catch(() => {});
		this.#closed = this.#core.close();
		return this.#closed;
	}

	#run(
		method: string,
		{ fn, items, options = {} }: { fn: unknown; items: unknown; options: MapOptions | undefined },
		sink: Sink,
	): MapRun {
		checkMapOptions(options);
		const mapper = this.#mappers.find(method, fn);
		const source = new ItemSource(method, items);
		return new MapRun(this.#core, { mapper, source, options: { ...this.#core.plan.map, ...options } }, sink);
	}
}

async function openPool<M>(name: string, target: Target, options: PoolImportOptions | undefined): Promise<WorkerPool<M>> {
	const { tasks, others } = partTasks('WorkerPool', options);
	const core = new PoolCore(resolvePool(name, target, others));
	await core.open();
	const remote = new RemoteCalls(tasks);
	remote.connect(core.plan.name, core, functionsOf(core));
	return new WorkerPool<M>(core, remote.functions as Remote<M>);
}

/** The functions of a pool's module. */
function functionsOf({ plan, crew }: PoolCore): FunctionInfo[] {
	return plan.worker.target === nothing ? [] : ownFunctions(crew.functions ?? []);
}

/** What a worker without a module starts with. */
function nothing(): void {}

function nameOf(module: URL | string): string {
	const text = String(module);
	return text.startsWith('data:') ? 'data module' : (text.split('/').at(-1)?.split('?')[0] ?? text);
}
