#!/usr/bin/env node
/*
 * The program: `npm start`, or `node jobs/parse-sources/main.js --help`.
 *
 * Owns what a program has only once: arguments, signals, the standard streams and the exit code.
 */
import { setMaxListeners } from 'node:events';
import { inspect } from 'node:util';

import { HELP, readArguments, UsageError } from './arguments.js';
import { abortOnSignals, Interrupted } from './interrupt.js';

/** The reason of an abort because nobody reads the output any more, as with `| head`. */
class OutputClosed extends Error {}

/**
 * @param {string[]} argv
 * @param {AbortController} controller
 * @returns {Promise<number>} The exit code.
 */
async function main(argv, controller) {
	const { signal } = controller;
	try {
		const options = readArguments(argv);
		if (options === 'help') {
			process.stdout.write(HELP);
			return 0;
		}
		// Loaded only now: --help and a mistyped option should not wait for the library.
		const { runJob } = await import('./run.js');
		return await runJob(options, { stdout: process.stdout, stderr: process.stderr, signal });
	} catch (error) {
		return explain(signal.aborted ? signal.reason : error);
	}
}

/**
 * @param {unknown} error
 * @returns {number} The exit code.
 */
function explain(error) {
	if (error instanceof OutputClosed) return 0;
	if (error instanceof Interrupted) {
		process.stderr.write('interrupted\n');
		return error.exitCode;
	}
	if (error instanceof UsageError) {
		process.stderr.write(`${error.message}\nRun with --help to see what can be given.\n`);
		return 2;
	}
	const { code, message } = /** @type {Partial<NodeJS.ErrnoException>} */ (error ?? {});
	// The library's errors are written for whoever called it, so for the user; anything else is a fault and needs its stack.
	const text = code?.startsWith('ERR_COPROC_') ? message : inspect(error);
	process.stderr.write(`parse-sources failed: ${text}\n`);
	return 1;
}

const controller = new AbortController();
// Every request that is under way listens to it, more than the ten that Node takes for a leak.
setMaxListeners(0, controller.signal);
for (const stream of [process.stdout, process.stderr]) {
	stream.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
		if (error.code !== 'EPIPE') throw error;
		if (stream === process.stdout) controller.abort(new OutputClosed());
	});
}
const stopWatching = abortOnSignals(controller);
// Not process.exit(): the program has to end by itself, for nothing that it started may be left.
process.exitCode = await main(process.argv.slice(2), controller);
stopWatching();
