/*
 * Who parses what: keeps every worker supplied, survives the loss of any of them, ends them all.
 *
 * Knows nothing of coproc: workers come from `start`, so that tests can hand in some that die on command.
 */

/** Requests before each worker, so that it finds the next one waiting when it has answered one. */
const WINDOW = 4;

/** A tree in which this many files kill their worker is not worth more starts; the rest is reported. */
const MAX_REPLACEMENTS = 100;

/** @typedef {import('./find-sources.js').SourceFile} SourceFile */
/** @typedef {import('./parse-file.js').FileResult} FileResult */

/**
 * @typedef {object} ParseWorker
 * @property {(path: string) => Promise<FileResult>} parse Rejects when the worker is lost or the run was aborted.
 * @property {() => Promise<void>} end Closes the worker and waits until it is gone; rejects with errors nobody has seen.
 */

/**
 * @typedef {object} ScheduleOptions
 * @property {number} workers
 * @property {(name: string) => Promise<ParseWorker>} start
 * @property {AbortSignal} signal An abort ends the run, which rejects with `signal.reason`.
 * @property {(workers: number) => void} [onStarted] Called once, with how many started, before the first request.
 * @property {(index: number) => void} onResult Called once for each file, in order of completion.
 */

/**
 * @typedef {object} Outcome
 * @property {FileResult[]} results In the order of `files`.
 * @property {number} ms From before the first start to the last reply, in milliseconds.
 * @property {number} startMs How long the start of the workers took, in milliseconds; part of `ms`.
 * @property {string[]} incidents Workers that were lost or could not start, in words.
 */

/**
 * Parses all files in workers. Returns when the last result is there and every worker is gone.
 *
 * A file whose worker is lost is tried once more, alone on a worker, so that it takes no neighbour with it; if that one is lost
 * too, the file is reported as failed.
 *
 * @param {readonly SourceFile[]} files
 * @param {ScheduleOptions} options
 * @returns {Promise<Outcome>}
 * @throws When no worker could be started.
 */
export async function schedule(files, options) {
	const run = new Run(options);
	const begin = performance.now();
	try {
		await run.open();
		const startMs = performance.now() - begin;
		options.onStarted?.(run.size);
		/** @type {Task[]} */
		const suspects = [];
		await run.pass(largestFirst(files), { window: WINDOW, onLoss: (task) => suspects.push(task) });
		await run.pass(suspects, { window: 1, onLoss: (task, why) => run.fail(task, `its worker was lost twice: ${why}`) });
		return { results: run.results, ms: performance.now() - begin, startMs, incidents: run.incidents };
	} finally {
		await run.close();
	}
}

/**
 * The long ones last would leave one worker busy and the others idle at the end.
 *
 * @param {readonly SourceFile[]} files
 */
function largestFirst(files) {
	const tasks = files.map(({ absolutePath, bytes }, index) => ({ index, absolutePath, bytes }));
	return tasks.sort((a, b) => b.bytes - a.bytes || a.index - b.index);
}

/** @typedef {{ index: number, absolutePath: string, bytes: number }} Task */
/** @typedef {{ name: string, worker: ParseWorker, requests: number, bytes: number }} Slot */

class Run {
	/** @type {FileResult[]} */
	results = [];
	/** @type {string[]} */
	incidents = [];
	#options;
	#replacements = 0;
	/** Workers that take requests; one that is lost leaves. @type {Set<Slot>} */
	#slots = new Set();

	/** @param {ScheduleOptions} options */
	constructor(options) {
		this.#options = options;
	}

	/** How many workers there are at the moment. */
	get size() {
		return this.#slots.size;
	}

	/** Starts all workers; goes on with fewer if some cannot start. */
	async open() {
		const names = Array.from({ length: this.#options.workers }, (_, index) => `parser ${index + 1}`);
		const starts = await Promise.allSettled(names.map((name) => this.#start(name)));
		this.#options.signal.throwIfAborted();
		const failures = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason] : []));
		if (failures.length === names.length) throw failures[0];
		this.incidents.push(...failures.map(textOf));
	}

	/**
	 * Sends out files and waits until each has its result or its loss.
	 *
	 * @param {readonly Task[]} queue
	 * @param {{ window: number, onLoss: (task: Task, why: string) => void }} options `window`: requests for each worker at once.
	 */
	async pass(queue, { window, onLoss }) {
		/** @type {Set<Promise<void>>} */
		const running = new Set();
		const waiting = queue.values();
		for (;;) {
			for (let slot = this.#leastLoaded(window); slot; slot = this.#leastLoaded(window)) {
				const { value: task } = waiting.next();
				if (!task) break;
				const job = this.#parse(slot, task, onLoss).finally(() => running.delete(job));
				running.add(job);
			}
			if (running.size === 0) break;
			await Promise.race(running);
		}
		for (const task of waiting) this.fail(task, 'no worker was left to parse it');
	}

	/**
	 * @param {Task} task
	 * @param {string} error
	 */
	fail(task, error) {
		this.#settle(task, { error, ms: 0 });
	}

	/** Ends all workers; what they complain of only then is an incident, for the results are complete. */
	async close() {
		const ends = await Promise.allSettled([...this.#slots].map((slot) => slot.worker.end()));
		this.#slots.clear();
		for (const end of ends) if (end.status === 'rejected') this.incidents.push(textOf(end.reason));
	}

	/** @param {string} name */
	async #start(name) {
		const worker = await this.#options.start(name);
		this.#slots.add({ name, worker, requests: 0, bytes: 0 });
	}

	/** @param {number} window */
	#leastLoaded(window) {
		/** @type {Slot | undefined} */
		let least;
		for (const slot of this.#slots) {
			if (slot.requests < window && (!least || slot.bytes < least.bytes)) least = slot;
		}
		return least;
	}

	/**
	 * @param {Slot} slot
	 * @param {Task} task
	 * @param {(task: Task, why: string) => void} onLoss
	 */
	async #parse(slot, task, onLoss) {
		// An empty file is a request too: without the 1, all of them would go to one worker.
		const weight = task.bytes + 1;
		slot.requests += 1;
		slot.bytes += weight;
		try {
			this.#settle(task, await slot.worker.parse(task.absolutePath));
		} catch (error) {
			this.#options.signal.throwIfAborted();
			onLoss(task, textOf(error));
			// Each request of a lost worker comes by here; the first one replaces it.
			if (this.#slots.delete(slot)) await this.#replace(slot, error);
		} finally {
			slot.requests -= 1;
			slot.bytes -= weight;
		}
	}

	/**
	 * @param {Slot} slot
	 * @param {unknown} error
	 */
	async #replace(slot, error) {
		this.incidents.push(textOf(error));
		// Disposal of a worker that died tells the same error again.
		await slot.worker.end().catch(() => undefined);
		this.#replacements += 1;
		if (this.#replacements > MAX_REPLACEMENTS) return;
		try {
			await this.#start(slot.name);
		} catch (startError) {
			this.#options.signal.throwIfAborted();
			this.incidents.push(textOf(startError));
		}
	}

	/**
	 * @param {Task} task
	 * @param {FileResult} result
	 */
	#settle({ index }, result) {
		this.results[index] = result;
		this.#options.onResult(index);
	}
}

/** @param {unknown} error */
function textOf(error) {
	return error instanceof Error ? error.message : String(error);
}
