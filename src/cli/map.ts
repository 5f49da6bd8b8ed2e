import { basename } from 'node:path';

import { CoprocError } from '../errors/index.ts';
import { WorkerPool } from '../pool/index.ts';
import { type RemoteResource, WorkerResource } from '../resource/index.ts';
import type { Remote } from '../rpc/index.ts';
import { usableCores } from './cores.ts';
import { openDestination } from './destination.ts';
import { failureText } from './failure.ts';
import { Fold } from './fold.ts';
import { type Input, openInput } from './inputs.ts';
import type { MapPlan } from './map-options.ts';
import { withTerms } from './map-terms.ts';
import { findFunction, type FunctionName } from './module-name.ts';
import { Output } from './output.ts';
import { Progress } from './progress.ts';
import type { Surroundings } from './surroundings.ts';
import { OutputClosed, RunError, UsageError } from './usage.ts';
import { plural, printable, timeText } from './words.ts';

/** How long a function may go on after its timeout, or after the end of the run, in milliseconds: then its worker is ended. */
const ABORT_GRACE = 250;
/** From SIGTERM to SIGKILL, in milliseconds. */
const KILL_GRACE = 500;
/** Ends of workers in a minute after which the run is given up, where failures are to be borne. */
const MAX_ENDS = 1000;

/** The module of the workers. */
type MapWorker = typeof import('./map-worker.ts');

/** Does what `coproc map` is asked for. Returns the exit code; throws UsageError, RunError, or the reason of an abort. */
export async function runMap(plan: MapPlan, surroundings: Surroundings): Promise<number> {
	const fn = findFunction(plan.function, surroundings.cwd);
	const input = await openInput(plan.input, surroundings);
	const stop = new AbortController();
	try {
		const destination = await openDestination(plan.out, surroundings);
		const output = new Output(destination, (error) => stop.abort(error));
		return await new MapRunner(plan, surroundings, { fn, input, output, stop }).run();
	} finally {
		input.close();
	}
}

interface Parts {
	readonly fn: FunctionName;
	readonly input: Input;
	readonly output: Output;
	/** Ends the run from within. */
	readonly stop: AbortController;
}

/** One run, from the start of its workers to its last line. */
class MapRunner {
	readonly #plan: MapPlan;
	readonly #surroundings: Surroundings;
	readonly #parts: Parts;
	readonly #signal: AbortSignal;
	readonly #progress: Progress;
	/** Rejects when the run is ended from outside or within. */
	readonly #aborted: Promise<never>;
	#done = 0;
	#failed = 0;

	constructor(plan: MapPlan, surroundings: Surroundings, parts: Parts) {
		this.#plan = plan;
		this.#surroundings = surroundings;
		this.#parts = parts;
		this.#signal = AbortSignal.any([surroundings.signal, parts.stop.signal]);
		this.#aborted = rejectOnAbort(this.#signal);
		const { stdout, stderr, env } = surroundings;
		this.#progress = new Progress(plan.progress, { screen: stderr, others: [stdout], isDumb: env['TERM'] === 'dumb' }, () =>
			this.#facts(),
		);
	}

	async run(): Promise<number> {
		const { output } = this.#parts;
		try {
			await this.#work();
			await output.finish();
			this.#progress.end(true);
			return this.#failed > 0 ? 1 : 0;
		} catch (error) {
			this.#progress.end(false);
			await output.abandon(this.#surroundings.signal);
			if (!this.#signal.aborted) throw error;
			throw this.#signal.reason as Error;
		}
	}

	#facts() {
		const { input } = this.#parts;
		const { total } = input;
		const done = this.#done;
		return { done, failed: this.#failed, total, share: total === undefined ? input.shareRead : done / Math.max(1, total) };
	}

	async #work(): Promise<void> {
		const { keepsGoing, isVerbose } = this.#plan;
		this.#signal.throwIfAborted();
		const begun = performance.now();
		const crew = await this.#open();
		try {
			if (isVerbose) await this.#sayStarted(crew.pool, performance.now() - begun);
			await this.#runItems(crew);
			if (isVerbose && crew.pool.stats().restarts > 0)
				await this.#say(`${plural(crew.pool.stats().restarts, 'worker')} ended and had to be replaced`);
			if (this.#failed > 0 && keepsGoing) await this.#say(`${plural(this.#failed, 'item')} of ${this.#done} failed`);
		} catch (error) {
			await crew.close().catch(() => {});
			throw error;
		}
		await crew.close();
	}

	async #runItems({ pool, fold }: Crew): Promise<void> {
		const { isOrdered, chunk, timeout, keepsGoing } = this.#plan;
		const { input, output } = this.#parts;
		const options = {
			settled: true,
			...(timeout === undefined ? { chunkSize: chunk } : { timeout }),
			onProgress: ({ completed }: { readonly completed: number }) => {
				this.#done = completed;
			},
		} as const;
		const items = input.items();
		const results = isOrdered ? pool.stream('run', items, options) : pool.mapUnordered('run', items, options);
		for await (const result of results) {
			const origin = input.settled(result.index);
			if (result.status === 'fulfilled') {
				const slow = fold ? fold.put(result.value as unknown[]) : output.put(result.value as string);
				if (slow) await this.#unlessAborted(slow);
				continue;
			}
			this.#failed += 1;
			const text = failureText({ index: result.index, origin, error: result.reason }, keepsGoing);
			if (!keepsGoing) throw new RunError(text);
			await this.#say(text);
		}
		if (fold) await output.put(await fold.result());
	}

	/** Starts the workers and has them look at the module. Throws UsageError for one that cannot be run. */
	async #open(): Promise<Crew> {
		const { fn } = this.#parts;
		const { kind: input, reduce, initial, workers, backend, transport, keepsGoing, retry } = this.#plan;
		const { exportName } = fn;
		const url = withTerms(import.meta.resolve('#map-worker'), { module: fn.url, exportName, input, reduce, initial });
		const shared = {
			backend,
			transport,
			// Standard output is for results.
			stdio: { stdout: 'stderr', stderr: 'inherit' },
			killGrace: KILL_GRACE,
			abortGrace: ABORT_GRACE,
			signal: this.#signal,
		} as const;
		const size = Math.min(workers ?? usableCores(), Math.max(1, this.#parts.input.total ?? Number.POSITIVE_INFINITY));
		const name = basename(fn.label);
		const restart = keepsGoing ? { restart: { max: MAX_ENDS } } : {};
		const pool = await WorkerPool.import<MapWorker>(url, { ...shared, size, name, retry, ...restart });
		const crew = new Crew(pool);
		try {
			const problem = await pool.call.check();
			if (problem !== undefined) throw new UsageError(`module ${printable(`${fn.label} ${problem}`)}`);
			if (reduce === undefined) return crew;
			crew.folder = await WorkerResource.import<MapWorker>(url, { ...shared, name: `${name} --reduce` });
			crew.fold = new Fold(reduce, crew.folder.call, (error) => this.#parts.stop.abort(error));
			return crew;
		} catch (error) {
			await crew.close().catch(() => {});
			throw error;
		}
	}

	#sayStarted(pool: WorkerPool<MapWorker>, ms: number): Promise<void> | undefined {
		const { workers } = pool.stats();
		const { kind, reason } = workers[0]?.transport ?? { kind: 'none', reason: 'it has ended' };
		const noun = this.#plan.backend === 'thread' ? 'worker thread' : 'worker process';
		return this.#say(`${plural(workers.length, noun)} started in ${timeText(ms)}, transport ${kind}: ${reason}`);
	}

	/** Says something on standard error; await it where there may be much of that. */
	#say(text: string): Promise<void> | undefined {
		const { stderr } = this.#surroundings;
		if (stderr.write(`coproc: ${text}\n`) || stderr.destroyed) return undefined;
		return this.#unlessAborted(
			new Promise((resolve) => {
				stderr.once('drain', resolve);
				stderr.once('close', resolve);
			}),
		);
	}

	/** Waits for who may never be ready, such as a reader that has stopped. */
	async #unlessAborted(slow: Promise<void>): Promise<void> {
		this.#signal.throwIfAborted();
		await Promise.race([slow, this.#aborted]);
	}
}

/** The workers of a run. */
class Crew {
	readonly pool: WorkerPool<MapWorker>;
	folder: RemoteResource<Remote<MapWorker>> | undefined;
	fold: Fold | undefined;

	constructor(pool: Crew['pool']) {
		this.pool = pool;
	}

	/** Closes all. Throws what a worker threw that belongs to no item. */
	async close(): Promise<void> {
		const ends = await Promise.allSettled([this.pool[Symbol.asyncDispose](), this.folder?.[Symbol.asyncDispose]()]);
		const failed = ends.find((end) => end.status === 'rejected');
		if (!failed) return;
		const error: unknown = failed.reason;
		if (error instanceof CoprocError || error instanceof OutputClosed) throw error;
		throw new RunError(`a worker threw an error that belongs to no item: ${failureOf(error)}`, { cause: error });
	}
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
	const aborted = new Promise<never>((_, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
	});
	aborted.catch(() => {});
	return aborted;
}

function failureOf(error: unknown): string {
	return error instanceof Error ? printable(error.stack ?? error.message) : String(error);
}
