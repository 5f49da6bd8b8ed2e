/*
 * How fast is coproc, beside what Node offers and what rivals do, on this machine, in this run?
 *
 * Reads the command line, measures every question under every condition, prints tables and writes JSON. Nothing is measured in
 * this process: each subject lives in a host process of its own, which sleeps while another one is measured.
 */
import { HELP, readArguments, UsageError } from './harness/arguments.mjs';
import { Budget } from './harness/budget.mjs';
import { bundleRingbuf } from './harness/bundle-ringbuf.mjs';
import { installRivals } from './harness/install.mjs';
import { abortOnSignals } from './harness/interrupt.mjs';
import { describeMachine } from './harness/machine.mjs';
import { showProgress } from './harness/progress.mjs';
import { writeResults } from './harness/results.mjs';
import { runCondition } from './harness/run-condition.mjs';
import { printHeader, printTable } from './harness/table.mjs';

/** @returns {Promise<number>} the exit code */
async function main() {
	const options = readArguments(process.argv.slice(2));
	if (options === 'help') {
		console.log(HELP);
		return 0;
	}
	const { signal, stop } = abortOnSignals();
	const progress = showProgress(process.stderr);
	const installed = await installRivals(progress, signal);
	await bundleRingbuf();
	const run = { ...describeMachine(), options, rivals: installed, conditions: [] };
	printHeader(run);
	const budget = new Budget(options.budgetMs);
	try {
		for (const [index, condition] of options.conditions.entries()) {
			// The idle machine has most questions and subjects.
			const share = budget.share(condition === 'idle' ? 4 : 1, options.conditions.length - 1 - index);
			await runCondition({
				condition,
				options,
				budget: share,
				hasRivals: installed.ok,
				progress,
				signal,
				run,
				onTable: printTable,
			});
		}
	} finally {
		progress.clear();
		stop();
	}
	if (signal.aborted) {
		console.error(`${signal.reason.message}: everything that was started has been ended, no results are written`);
		return signal.reason.exitCode;
	}
	console.log(`\nresults: ${writeResults(run)}`);
	return run.conditions.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

try {
	process.exitCode = await main();
} catch (error) {
	if (!(error instanceof UsageError)) throw error;
	console.error(error.message);
	process.exitCode = 2;
}
