import { availableParallelism } from 'node:os';

import { OptionError } from '../errors/index.ts';
import {
	abortSignal,
	type ImportOptions,
	milliseconds,
	optionCheck,
	resourceOptionShape,
	type CallResourceOptions,
	type Target,
	type Zod,
} from '../resource/index.ts';
import type { PoolSize, RecycleLimits, RestartIntensity } from './sizing.ts';

/** How far a map has come. */
export interface MapProgress {
	/** Items whose result has come. */
	readonly completed: number;
	/** All items, where the input says how many there are: an array, a Set, a Map. */
	readonly total: number | undefined;
}

/** Options of one map; the same names among the options of a pool are the defaults. */
export interface MapOptions {
	/**
	 * Items that travel in one call. `'auto'` (default) sends one, measures, and then as many as take about 10 ms; a chunk that takes
	 * long after all is cut short. A number is kept to.
	 */
	chunkSize?: number | 'auto';
	/** How often an item may be run again when the worker ends that runs it; 0: the map rejects with WorkerExitedError. */
	retry?: number;
	/** Called after each result, or chunk of them, has come, in the AsyncLocalStorage context of the caller. If it throws, the map rejects with that. */
	onProgress?: (progress: MapProgress) => void;
	/** Among calls that wait, lower goes first; +Infinity, the default, last. */
	priority?: number;
	/** Gives the map up: it rejects with `signal.reason`, its calls are cancelled. */
	signal?: AbortSignal;
	/**
	 * How long one item may run, in milliseconds, from when its worker begins it. After it the item fails with TimeoutError and is
	 * cancelled. Items travel one by one then.
	 */
	timeout?: number;
	/** True to go on after an item that fails: what is given are {@link SettledItem}s. */
	settled?: boolean;
}

/** Options of a pool. Times are milliseconds, sizes are bytes; what is not named here is as in a WorkerResource. */
export interface WorkerPoolOptions extends CallResourceOptions, Pick<MapOptions, 'chunkSize' | 'retry' | 'onProgress'> {
	/** Number of workers; as many as the machine runs at once. */
	size?: number;
	/** Instead of `size`: workers that are there in any case. */
	min?: number;
	/** Instead of `size`: workers that are there while calls wait. */
	max?: number;
	/** How long a worker beyond `min` may have nothing to do before it is closed; 10,000. */
	idleTimeout?: number;
	/** Calls that one worker runs at once; 1. Others that it is sent wait there for their turn. */
	concurrency?: number;
	/** Calls that may wait for a worker; 1,000,000. More reject with QueueFullError. Maps and streams wait by themselves. */
	maxQueue?: number;
	/**
	 * When a worker is replaced by a fresh one, which is started first: after so many calls and items (never more), or when the
	 * memory of its process or its age was found to be more, after a call.
	 */
	recycle?: { tasks?: number; rssBytes?: number; ageMs?: number };
	/**
	 * How often workers may end by themselves, or fail to start, within a time; 100 within 60,000. After that the pool gives up:
	 * everything rejects with PoolFailedError. Workers that the pool ends do not count.
	 */
	restart?: { max?: number; withinMs?: number };
	/** Ends the pool when it aborts: everything rejects with its reason, and the workers are terminated. */
	signal?: AbortSignal;
}

/** Options of a pool with a module. */
export interface PoolImportOptions extends WorkerPoolOptions, Pick<ImportOptions, 'tasks'> {}

/** What a worker of a pool is made of. */
export interface WorkerPlan {
	readonly target: Target;
	readonly resource: CallResourceOptions;
	readonly concurrency: number;
	readonly recycle: RecycleLimits;
}

/** Options with every default filled in. */
export interface PoolPlan {
	readonly name: string;
	readonly worker: WorkerPlan;
	readonly size: PoolSize;
	readonly idleTimeout: number;
	readonly maxQueue: number;
	readonly restart: RestartIntensity;
	readonly signal: AbortSignal | undefined;
	readonly map: Pick<MapOptions, 'chunkSize' | 'retry' | 'onProgress'>;
}

const checkPool = optionCheck('WorkerPool', (z) =>
	z
		.strictObject(resourceOptionShape(z))
		.omit({ export: true, messenger: true })
		.extend({ ...poolShape(z), ...mapShape(z) }),
);
const checkMap = optionCheck('map', (z) =>
	z.strictObject({
		...mapShape(z),
		priority: z
			.number('must be a number that can be ordered')
			.or(z.literal(Number.POSITIVE_INFINITY))
			.or(z.literal(Number.NEGATIVE_INFINITY))
			.optional(),
		signal: abortSignal(z),
		timeout: milliseconds(z),
		settled: z.boolean('must be true or false').optional(),
	}),
);

/** Checks the options of a pool and fills in defaults. Throws OptionError. */
export function resolvePool(name: string, target: Target, options: WorkerPoolOptions = {}): PoolPlan {
	for (const option of ['export', 'messenger'])
		if (Object.hasOwn(Object(options), option)) refuse(option, 'means nothing to a pool');
	checkPool(options);
	const { size, min, max, idleTimeout, concurrency, maxQueue, recycle, restart, ...others } = options;
	// The pool ends its workers itself when it is given up.
	const { chunkSize, retry, onProgress, signal, ...resource } = others;
	if (recycle?.rssBytes !== undefined && resource.backend === 'thread')
		refuse(
			'recycle.rssBytes',
			"is for processes: a thread shares the memory of its process. Use `resourceLimits`, or `backend: 'process'`",
		);
	const infinity = Number.POSITIVE_INFINITY;
	return {
		name: resource.name ?? name,
		worker: {
			target,
			resource,
			concurrency: concurrency ?? 1,
			recycle: { tasks: recycle?.tasks ?? infinity, rssBytes: recycle?.rssBytes ?? infinity, ageMs: recycle?.ageMs ?? infinity },
		},
		size: sizeOf(size, min, max),
		idleTimeout: idleTimeout ?? 10_000,
		maxQueue: maxQueue ?? 1_000_000,
		restart: { max: restart?.max ?? 100, withinMs: restart?.withinMs ?? 60_000 },
		signal,
		map: {
			...(chunkSize !== undefined && { chunkSize }),
			...(retry !== undefined && { retry }),
			...(onProgress && { onProgress }),
		},
	};
}

/** Checks the options of a map. Throws OptionError. */
export function checkMapOptions(options: MapOptions): void {
	checkMap(options);
}

function sizeOf(size: number | undefined, min: number | undefined, max: number | undefined): PoolSize {
	if (size !== undefined && (min !== undefined || max !== undefined)) refuse('size', 'excludes `min` and `max`');
	if (min === undefined && max === undefined) return { min: size ?? availableParallelism(), max: size ?? availableParallelism() };
	const most = max ?? Math.max(min ?? 1, availableParallelism());
	const least = min ?? Math.min(1, most);
	if (least > most) refuse('min', `must be at most \`max\` (${most}), not ${least}`);
	return { min: least, max: most };
}

function poolShape(z: Zod) {
	const count = (least: number) =>
		z.number('must be a number').int('must be a whole number').min(least, `must be ${least} or more`).optional();
	const positive = z.number('must be a number').positive('must be more than 0').optional();
	return {
		size: count(1),
		min: count(0),
		max: count(1),
		idleTimeout: milliseconds(z),
		concurrency: count(1),
		maxQueue: count(0),
		recycle: z
			.strictObject({ tasks: count(1), rssBytes: positive, ageMs: positive }, 'must be { tasks?, rssBytes?, ageMs? }')
			.optional(),
		restart: z.strictObject({ max: count(0), withinMs: milliseconds(z) }, 'must be { max?, withinMs? }').optional(),
		// Parted from the others before; here for whoever has misspelt it.
		tasks: z.undefined().optional(),
	};
}

function mapShape(z: Zod) {
	return {
		chunkSize: z
			.union([z.literal('auto'), z.number().int().min(1)], "must be 'auto' or a whole number of items, 1 or more")
			.optional(),
		retry: z.number('must be a number of times').int('must be a whole number').min(0, 'must be 0 or more').optional(),
		onProgress: z.custom<() => void>((value) => typeof value === 'function', 'must be a function').optional(),
	};
}

function refuse(option: string, problem: string): never {
	throw new OptionError({ subject: 'WorkerPool', option, problem });
}
