/*
 * Ctrl-C and SIGTERM: the first one aborts the run in order, the second one ends the program at once.
 */
import { constants } from 'node:os';

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** The reason of an abort by a signal. */
export class Interrupted extends Error {
	/** @override */
	name = 'Interrupted';
	/** What a shell expects of a program that a signal ended: 130 for Ctrl-C, 143 for SIGTERM. */
	exitCode;

	/** @param {typeof SIGNALS[number]} signal */
	constructor(signal) {
		super(`interrupted by ${signal}`);
		this.exitCode = exitCodeOf(signal);
	}
}

/**
 * Aborts the controller at the first signal.
 *
 * @param {AbortController} controller
 * @returns {() => void} Stops watching: a signal then has its usual effect again.
 */
export function abortOnSignals(controller) {
	/** @param {NodeJS.Signals} name */
	const onSignal = (name) => {
		const signal = /** @type {typeof SIGNALS[number]} */ (name);
		if (controller.signal.reason instanceof Interrupted) process.exit(exitCodeOf(signal));
		controller.abort(new Interrupted(signal));
	};
	for (const signal of SIGNALS) process.on(signal, onSignal);
	return () => {
		for (const signal of SIGNALS) process.off(signal, onSignal);
	};
}

/** @param {typeof SIGNALS[number]} signal */
function exitCodeOf(signal) {
	return 128 + constants.signals[signal];
}
