import { OptionError } from '../errors/index.ts';
import { DEFAULT_LIMITS, type LinkTerms, type MessengerClass, PriorityMessenger } from '../messenger/index.ts';
import { DEFAULT_RING_BYTES } from '../ringbuf/index.ts';
import type { Latency } from '../transport/index.ts';
import { optionCheck, resourceOptionShape } from './option-schema.ts';

/**
 * Where one standard stream of a worker goes: to the host's own, to `resource.stdout` / `stderr`, or nowhere. What is piped has to
 * be read: a process waits in its next print once some 100 KiB are unread.
 */
export type StdioOption = 'inherit' | 'pipe' | 'ignore';

/** Where the standard streams of a worker go. The last lines of stderr are kept for the exit's error unless it is ignored. */
export interface StdioOptions {
	/** `'stderr'`: to the host's stderr, where the host's own stdout is for results and nothing else. */
	readonly stdout: StdioOption | 'stderr';
	readonly stderr: StdioOption;
}

/** Options of `join()` and `terminate()`. */
export interface EndOptions {
	/** False: do not throw for a worker that is dead already, but give how it ended. */
	checkAlive?: boolean;
}

/** Options of a WorkerResource. Times are milliseconds, sizes are bytes. */
export interface WorkerResourceOptions {
	/** `'process'` (default): memory of its own, can be killed. `'thread'`: starts faster, shares the process. */
	backend?: 'process' | 'thread';
	/** PriorityMessenger (default) or MultiMessenger, for both ends. */
	messenger?: MessengerClass;
	/** `'auto'` (default) takes shared memory where it can; `'ring'` insists on it; `'pipe'` takes the fallback. */
	transport?: 'auto' | 'ring' | 'pipe';
	/** How eagerly both sides look for work before they sleep; `'balanced'` adapts. */
	latency?: Latency;
	/** Size of each of the two rings: a power of two; 256 KiB. */
	ringBytes?: number;
	/** Largest message; 1 GiB. */
	maxMessageBytes?: number;
	/** Above this many bytes that the peer has not taken, sends return false; 16 MiB. */
	highWaterMark?: number;
	/** Above this many, sends throw QueueFullError; 256 MiB. */
	maxQueuedBytes?: number;
	/** Bounds the whole start; 30,000. */
	startTimeout?: number;
	/** How long disposal waits for the worker to close before it terminates it; 5,000. */
	closeTimeout?: number;
	/** From SIGTERM to SIGKILL; 5,000. */
	killGrace?: number;
	/** How long a call that was aborted or timed out may go on before its worker is ended, other calls and all; 1,000. */
	abortGrace?: number;
	/** Names the worker in errors; the target's name by default. */
	name?: string;
	/** Added to the host's environment. */
	env?: Record<string, string>;
	/** Options of the Node that runs the worker; by default the host's own, without those of one run such as `-e` or `--inspect`. */
	execArgv?: string[];
	/** Limits of a thread, as for `worker_threads`. */
	resourceLimits?: Record<string, number>;
	/** Where stdout and stderr go; `'inherit'`. */
	stdio?: StdioOption | Partial<StdioOptions>;
	/** Which export of the module is the target; `'default'`. */
	export?: string;
	/** Terminates the worker when it aborts. */
	signal?: AbortSignal;
}

/** Options with every default filled in. */
export interface ResolvedOptions {
	readonly backend: 'process' | 'thread';
	readonly messenger: MessengerClass;
	readonly transport: 'auto' | 'ring' | 'pipe';
	readonly terms: LinkTerms;
	readonly startTimeout: number;
	readonly closeTimeout: number;
	readonly killGrace: number;
	readonly abortGrace: number;
	readonly name: string | undefined;
	readonly env: Readonly<Record<string, string>>;
	readonly execArgv: readonly string[] | undefined;
	readonly resourceLimits: Readonly<Record<string, number>> | undefined;
	readonly stdio: StdioOptions;
	readonly export: string;
	readonly signal: AbortSignal | undefined;
}

const checkOptions = optionCheck('WorkerResource', (z) => z.strictObject(resourceOptionShape(z)));

/** Checks options and fills in defaults. Throws OptionError for the first one that is unknown or makes no sense. */
export function resolveOptions(options: WorkerResourceOptions = {}): ResolvedOptions {
	checkOptions(options);
	const parsed = options;
	const limits = {
		highWaterMark: parsed.highWaterMark ?? DEFAULT_LIMITS.highWaterMark,
		maxQueuedBytes: parsed.maxQueuedBytes ?? Math.max(DEFAULT_LIMITS.maxQueuedBytes, parsed.highWaterMark ?? 0),
		maxMessageBytes: parsed.maxMessageBytes ?? DEFAULT_LIMITS.maxMessageBytes,
	};
	if (limits.maxQueuedBytes < limits.highWaterMark) {
		throw refuse('maxQueuedBytes', `must be at least highWaterMark (${limits.highWaterMark}), not ${limits.maxQueuedBytes}`);
	}
	if (parsed.resourceLimits && parsed.backend !== 'thread') {
		throw refuse(
			'resourceLimits',
			"is for `backend: 'thread'` only. Limit a process by `execArgv: ['--max-old-space-size=256']`",
		);
	}
	const messenger = parsed.messenger ?? PriorityMessenger;
	const latency = parsed.latency ?? 'balanced';
	const { stdio = 'inherit' } = parsed;
	return {
		backend: parsed.backend ?? 'process',
		messenger,
		transport: parsed.transport ?? 'auto',
		terms: { order: messenger.order, latency, ringBytes: parsed.ringBytes ?? DEFAULT_RING_BYTES, limits },
		startTimeout: parsed.startTimeout ?? 30_000,
		closeTimeout: parsed.closeTimeout ?? 5000,
		killGrace: parsed.killGrace ?? 5000,
		abortGrace: parsed.abortGrace ?? 1000,
		name: parsed.name,
		env: parsed.env ?? {},
		execArgv: parsed.execArgv,
		resourceLimits: parsed.resourceLimits,
		stdio:
			typeof stdio === 'string'
				? { stdout: stdio, stderr: stdio }
				: { stdout: stdio.stdout ?? 'inherit', stderr: stdio.stderr ?? 'inherit' },
		export: parsed.export ?? 'default',
		signal: parsed.signal,
	};
}

function refuse(option: string, problem: string): OptionError {
	return new OptionError({ subject: 'WorkerResource', option, problem });
}
