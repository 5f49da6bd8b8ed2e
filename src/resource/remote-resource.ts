import { InvalidArgumentError, OptionError } from '../errors/index.ts';
import { type AnyFunction, type CallClient, type FunctionInfo, RemoteCalls, type TaskSchemas } from '../rpc/index.ts';
import { partTasks } from './option-schema.ts';
import type { WorkerResourceOptions } from './options.ts';
import type { Target } from './target.ts';
import type { WorkerResource } from './worker-resource.ts';

/** Options of a resource whose worker answers calls. */
export type CallResourceOptions = Omit<WorkerResourceOptions, 'export' | 'messenger'>;

/** Options of `WorkerResource.import()`. */
export interface ImportOptions extends CallResourceOptions {
	/**
	 * Tasks of the module by name, as `defineTask()` makes them, or anything with their `input` schema: their arguments are checked
	 * here, before anything is sent. The worker checks them in any case.
	 */
	tasks?: TaskSchemas;
}

/** A resource whose worker answers calls. */
export type RemoteResource<C> = WorkerResource<[]> & {
	/** What can be called. It is not thenable, and outlives a restart of the worker. */
	readonly call: C;
};

/** How a worker answers calls. */
export interface Serving {
	/** Who calls it: told at each start, with what reaches the worker and what that can do. */
	readonly remote: { connect(worker: string, client: CallClient, functions: readonly FunctionInfo[]): void };
	/** Calls that it runs at once; others wait in the worker. */
	readonly concurrency: number;
	/** True to answer chunks as well. */
	readonly chunks: boolean;
}

/** Makes a resource; its class imports this file. */
export type MakeResource = (target: URL, options: WorkerResourceOptions, serves: Serving) => WorkerResource;

/** What `WorkerResource.import()` does. */
export async function importModule<C>(
	make: MakeResource,
	module: URL | string,
	options?: ImportOptions,
): Promise<RemoteResource<C>> {
	if (!(module instanceof URL) && (typeof module !== 'string' || module === ''))
		throw new InvalidArgumentError(`WorkerResource.import() was refused: it takes a URL or a path, not ${describe(module)}`);
	const { resource, remote } = await serve(make, module, options);
	return withCall<C>(resource, remote.functions);
}

/** What `WorkerResource.wrap()` does. */
export async function wrapFunction<C>(
	make: MakeResource,
	fn: AnyFunction,
	options?: CallResourceOptions,
): Promise<RemoteResource<C>> {
	if (typeof fn !== 'function')
		throw new InvalidArgumentError(`WorkerResource.wrap() was refused: it takes a function, not ${describe(fn)}`);
	const { resource, remote } = await serve(make, fn, options);
	return withCall<C>(resource, remote.only);
}

async function serve(
	make: MakeResource,
	target: Target,
	importOptions: ImportOptions | undefined,
): Promise<{ resource: WorkerResource; remote: RemoteCalls }> {
	const { tasks, others: options } = partTasks('WorkerResource', importOptions);
	for (const option of ['export', 'messenger'])
		if (option in options)
			throw new OptionError({ subject: 'WorkerResource', option, problem: 'means nothing to a worker that answers calls' });
	const remote = new RemoteCalls(tasks);
	const resource = await make(target as URL, options, { remote, concurrency: Number.MAX_SAFE_INTEGER, chunks: false }).start();
	return { resource, remote };
}

function withCall<C>(resource: WorkerResource, call: unknown): RemoteResource<C> {
	return Object.defineProperty(resource, 'call', { value: call, enumerable: true }) as unknown as RemoteResource<C>;
}

function describe(value: unknown): string {
	return value === null ? 'null' : value === '' ? "''" : `a value of type ${typeof value}`;
}
