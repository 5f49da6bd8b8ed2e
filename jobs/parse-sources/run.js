/*
 * The job from the search to the report.
 */
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { findSources, selectSources, warmFileCache } from './find-sources.js';
import { formatBytes, plural, printable } from './format.js';
import { checkCommand, runParallel } from './parallel.js';
import { showProgress } from './progress.js';
import { formatEmptyJson, formatJson, formatNothingFound, formatReport } from './report.js';
import { runSingleThread } from './single-thread.js';
import { compareResults, summarise } from './summary.js';

const DEFAULT_DIR = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** @typedef {{ files: import('./find-sources.js').SourceFile[], output: NodeJS.WriteStream, signal: AbortSignal }} Shared */
/** @typedef {{ signal: AbortSignal, onResult: (index: number) => void }} Watched */
/** @typedef {{ stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream, signal: AbortSignal }} Surroundings */

/**
 * Does the whole job and prints its report.
 *
 * @param {import('./arguments.js').JobOptions} options
 * @param {Surroundings} surroundings
 * @returns {Promise<number>} The exit code: 0, or 1 if the two results differ.
 * @throws {import('./arguments.js').UsageError} When the folder cannot be searched.
 */
export async function runJob(options, { stdout, stderr, signal }) {
	checkCommand();
	const dir = options.dir ?? nameOf(DEFAULT_DIR);
	const { root, files, problems } = await findSources(options.dir ?? DEFAULT_DIR, { signal });
	if (files.length === 0) {
		stdout.write(options.json ? formatEmptyJson({ dir, root, problems }) : formatNothingFound(dir, problems));
		return 0;
	}
	const { selected, left } = selectSources(files, options);
	stderr.write(`${plural(selected.length, 'source')}, ${formatBytes(sizeOf(selected))}, under ${printable(dir)}\n`);
	await warmFileCache(selected, signal);

	const shared = { files: selected, output: stderr, signal };
	const oneThread = await pass('one thread', shared, (watched) => runSingleThread(selected, watched));
	/** @type {(count: number, transport: import('./parallel.js').Transport) => void} */
	const onStarted = (count, { kind }) => {
		stderr.write(`${plural(count, 'worker')} started, by ${kind}\n`);
	};
	const parallel = await pass(plural(options.workers, 'worker'), shared, (watched) => {
		return runParallel(selected, { ...options, ...watched, onStarted });
	});

	const { ms, startMs, incidents, transports } = parallel;
	const report = {
		dir,
		root,
		backend: options.backend,
		workers: options.workers,
		leftOut: { files: left.length, bytes: sizeOf(left) },
		problems,
		summary: summarise(selected, oneThread.results),
		oneThread: { ms: oneThread.ms },
		parallel: { ms, startMs, incidents, transports },
		speedUp: oneThread.ms / ms,
		differences: compareResults(selected, oneThread.results, parallel.results),
	};
	// Sets the result apart from the progress above it, where both are seen together.
	if (stderr.isTTY) stderr.write('\n');
	stdout.write(options.json ? formatJson(report) : formatReport(report));
	return report.differences.length === 0 ? 0 : 1;
}

/**
 * Runs one pass with its progress; the bar goes at the moment of an abort, before anything else is printed.
 *
 * @template {{ ms: number }} T
 * @param {string} label
 * @param {Shared} shared
 * @param {(watched: Watched) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function pass(label, { files, output, signal }, work) {
	const progress = showProgress({ label, totalFiles: files.length, totalBytes: sizeOf(files) }, { output });
	const onAbort = () => progress.clear();
	signal.addEventListener('abort', onAbort);
	try {
		const outcome = await work({ signal, onResult: (index) => progress.add(files[index]?.bytes ?? 0) });
		signal.throwIfAborted();
		progress.done(outcome.ms);
		return outcome;
	} finally {
		progress.clear();
		signal.removeEventListener('abort', onAbort);
	}
}

/** @param {readonly import('./find-sources.js').SourceFile[]} files */
function sizeOf(files) {
	return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Short if it lies below the current folder.
 *
 * @param {string} dir
 */
function nameOf(dir) {
	const short = relative(process.cwd(), dir);
	return short === '' || short.startsWith('..') || isAbsolute(short) ? dir : short;
}
