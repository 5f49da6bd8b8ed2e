/*
 * The baseline: the same files, the same function, one thread.
 */
import { setImmediate } from 'node:timers/promises';

/**
 * Parses all files one after another on this thread. The time includes loading the TypeScript compiler, as that of the workers
 * does.
 *
 * @param {readonly import('./find-sources.js').SourceFile[]} files
 * @param {{ signal: AbortSignal, onResult: (index: number) => void }} options
 * @returns {Promise<{ ms: number, results: import('./parse-file.js').FileResult[] }>} Results in the order of `files`.
 */
export async function runSingleThread(files, { signal, onResult }) {
	const start = performance.now();
	const { parseFile } = await import('./parse-file.js');
	const results = [];
	for (const [index, file] of files.entries()) {
		results.push(parseFile(file.absolutePath));
		onResult(index);
		// Signals arrive through the event loop: without this pause Ctrl-C would wait for the last file.
		await setImmediate();
		signal.throwIfAborted();
	}
	return { ms: performance.now() - start, results };
}
