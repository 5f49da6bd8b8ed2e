import { InvalidArgumentError } from '../errors/index.ts';
import { RemoteCalls, type TaskSchemas } from '../rpc/index.ts';
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
	/** The face of its functions. */
	readonly remote: RemoteCalls;
	/** Calls that it runs at once; others wait in the worker. */
	readonly concurrency: number;
}

/** Starts a resource whose worker answers calls, and gives it what `face` makes of its functions as `call`. */
export async function serve(
	Class: new (target: URL, options: WorkerResourceOptions, serves: Serving) => WorkerResource,
	target: Target,
	{ tasks, ...options }: ImportOptions = {},
	face: (remote: RemoteCalls) => unknown,
): Promise<unknown> {
	const remote = new RemoteCalls(tasks);
	const resource = await new Class(target as URL, options, { remote, concurrency: Number.MAX_SAFE_INTEGER }).start();
	return Object.defineProperty(resource, 'call', { value: face(remote), enumerable: true });
}

/** Refuses what is no module. */
export function checkModule(module: unknown): void {
	if (module instanceof URL || (typeof module === 'string' && module !== '')) return;
	throw new InvalidArgumentError(`WorkerResource.import() was refused: it takes a URL or a path, not ${describe(module)}`);
}

/** Refuses what is no function. */
export function checkFunction(fn: unknown): void {
	if (typeof fn === 'function') return;
	throw new InvalidArgumentError(`WorkerResource.wrap() was refused: it takes a function, not ${describe(fn)}`);
}

function describe(value: unknown): string {
	return value === null ? 'null' : value === '' ? "''" : `a value of type ${typeof value}`;
}
