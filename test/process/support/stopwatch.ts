import { availableParallelism } from 'node:os';

/**
 * How many milliseconds have passed, of those that this process was given: where others keep the machine busy, what counts is the
 * processor time of all its threads, as if all processors had been there for them.
 */
export function stopwatch(): () => number {
	const started = performance.now();
	const before = process.cpuUsage();
	return () => {
		const { user, system } = process.cpuUsage(before);
		return Math.min(performance.now() - started, (user + system) / 1000 / availableParallelism());
	};
}
