/*
 * Ctrl-C and SIGTERM: the first one ends the run in order, the second one at once.
 */
import { constants } from 'node:os';

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** The reason of an abort by a signal. */
export class Interrupted extends Error {
	/** @override */
	name = 'Interrupted';

	/** @param {NodeJS.Signals} signal */
	constructor(signal) {
		super(`interrupted by ${signal}`);
		/** What a shell expects of a program that a signal ended. */
		this.exitCode = 128 + constants.signals[signal];
	}
}

/** @returns {{ signal: AbortSignal, stop: () => void }} */
export function abortOnSignals() {
	const controller = new AbortController();
	const onSignal = (/** @type {NodeJS.Signals} */ name) => {
		const interrupted = new Interrupted(name);
		// Hosts end by themselves when this process is gone.
		if (controller.signal.aborted) process.exit(interrupted.exitCode);
		controller.abort(interrupted);
	};
	for (const name of SIGNALS) process.on(name, onSignal);
	return { signal: controller.signal, stop: () => SIGNALS.forEach((name) => process.off(name, onSignal)) };
}
