import { type ExitInfo, InvalidArgumentError } from '../errors/index.ts';
import { Waiter, type WaitOptions } from '../internal/wait.ts';
import type { ChannelId, MessengerClass, MultiMessenger, PriorityMessenger } from '../messenger/index.ts';
import { type EndOptions, type Target, WorkerResource, type WorkerResourceOptions } from '../resource/index.ts';
import { type Items, ItemSource } from './item-source.ts';
import { mapMessages } from './message-map.ts';

/**
 * Several workers with the same target, as one resource: a plain group. A worker that dies is not replaced; for that, and for calls,
 * there is WorkerPool.
 *
 * You **must** dispose of it: that closes all workers, and throws errors that nobody received. If the host dies, the workers do.
 *
 * From coproc's WorkerResourcePool (devincornell/coproc).
 *
 * @example
 * await using group = new WorkerResourcePool(4, new URL('./worker.js', import.meta.url));
 * await group.start();
 * for await (const result of group.mapMessages(items)) console.log(result);
 */
export class WorkerResourcePool<A extends unknown[] = unknown[], M extends MultiMessenger = PriorityMessenger>
	implements AsyncDisposable, Iterable<WorkerResource<A, M>>
{
	readonly #workers: readonly WorkerResource<A, M>[];

	/**
	 * Starts nothing yet. Workers are called `name#1`, `name#2`, ... when `name` is given.
	 *
	 * @param n how many workers, 1 or more
	 * @throws InvalidArgumentError for another number, OptionError as `WorkerResource` does
	 */
	constructor(n: number, target: Target<NoInfer<M>, A>, options: WorkerResourceOptions & { messenger?: MessengerClass<M> } = {}) {
		if (!Number.isInteger(n) || n < 1)
			throw new InvalidArgumentError(
				`WorkerResourcePool was not made: it takes a whole number of workers, 1 or more, not ${String(n)}`,
			);
		const { name } = options;
		this.#workers = Array.from(
			{ length: n },
			(_, at) => new WorkerResource<A, M>(target, name === undefined ? options : { ...options, name: `${name}#${at + 1}` }),
		);
	}

	/**
	 * Starts all workers with these arguments. When one cannot start, the others are terminated.
	 *
	 * @throws as `WorkerResource.start()`, for the first worker that could not
	 */
	async start(...args: A): Promise<this> {
		const starts = await Promise.allSettled(this.#workers.map((worker) => worker.start(...args)));
		const failed = starts.find(({ status }) => status === 'rejected');
		if (failed?.status !== 'rejected') return this;
		const begun = this.#workers.filter((_, at) => starts[at]?.status === 'fulfilled');
		await Promise.all(begun.map((worker) => worker.terminate({ checkAlive: false })));
		throw failed.reason;
	}

	/** True while all workers are alive. */
	get isAlive(): boolean {
		return this.#workers.every(({ isAlive }) => isAlive);
	}

	/** The workers, in their order. */
	[Symbol.iterator](): IterableIterator<WorkerResource<A, M>> {
		return this.#workers.values();
	}

	/** Asks all workers to close and waits until they have. Gives how they ended, in their order. Throws as `WorkerResource.join()`. */
	join(options?: WaitOptions & EndOptions): Promise<ExitInfo[]> {
		return this.applyToWorkers((worker) => worker.join(options));
	}

	/** Ends all workers. Gives how they ended, in their order. Throws as `WorkerResource.terminate()`. */
	terminate(options?: EndOptions): Promise<ExitInfo[]> {
		return this.applyToWorkers((worker) => worker.terminate(options));
	}

	/**
	 * Resolves when all workers have ended, to how. Asks none of them to; before the first start, it waits for that as well.
	 *
	 * @throws TimeoutError, or the signal's reason
	 */
	waitUntilDead(options?: WaitOptions): Promise<ExitInfo[]> {
		const waiter = new Waiter<ExitInfo[]>('waitUntilDead()', options);
		void Promise.all(this.#workers.map(({ exited }) => exited)).then((infos) => waiter.resolve(infos));
		return waiter.promise;
	}

	/** Calls a function here, in the host, with each worker, all at once. Resolves to the results in the order of the workers. */
	applyToWorkers<R>(fn: (worker: WorkerResource<A, M>, index: number) => R | PromiseLike<R>): Promise<Awaited<R>[]> {
		return Promise.all(this.#workers.map(async (worker, index) => await fn(worker, index)));
	}

	/**
	 * Sends each item to a worker as a request, one at a time to each, and gives the replies as they come. The input is read on
	 * demand; ending early closes it, and the replies that are under way are dropped.
	 *
	 * @throws from `next()`: WorkerExitedError when a worker ends, the error that it failed a request with, what the input throws
	 */
	mapMessages(items: Items<unknown>, channelId?: ChannelId): AsyncGenerator<unknown, void, undefined> {
		const source = new ItemSource('mapMessages', items);
		return mapMessages(this.#workers, source, ({ messenger }, item, signal) => messenger.request(item, channelId, { signal }));
	}

	/**
	 * Closes all workers, as the disposal of a WorkerResource does. Idempotent.
	 *
	 * @throws the errors of workers that nobody received (an AggregateError when there are several)
	 */
	async [Symbol.asyncDispose](): Promise<void> {
		const ends = await Promise.allSettled(this.#workers.map((worker) => worker[Symbol.asyncDispose]()));
		const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
		if (errors.length === 1) throw errors[0];
		if (errors.length > 1) throw new AggregateError(errors, 'workers of a group ended with errors that nobody received');
	}
}
