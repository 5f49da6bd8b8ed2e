/*
 * How much of the machine do others use while something is measured? What nobody else's work explains is coproc's.
 */
import { readFileSync } from 'node:fs';

import { cpuTicks, descendants } from './processes.mjs';

/**
 * Begins to watch. The function returned gives the share of all processors that has gone since then to others than this program
 * and what it started, from 0 to 1; undefined where the system does not tell.
 *
 * @returns {() => number | undefined}
 */
export function watchOthers() {
	const before = sample();
	return () => {
		const now = sample();
		if (!before || !now || now.total === before.total) return undefined;
		const others = now.busy - before.busy - (now.own - before.own);
		return Math.max(0, others / (now.total - before.total));
	};
}

function sample() {
	const line = /^cpu\s+(.*)$/m.exec(readStat())?.[1];
	if (!line) return undefined;
	// user, nice, system, idle, iowait, irq, softirq, steal; guest time is in user already.
	const times = line.trim().split(/\s+/).slice(0, 8).map(Number);
	const total = times.reduce((sum, time) => sum + time, 0);
	const own = [process.pid, ...descendants(process.pid)].reduce((sum, pid) => sum + cpuTicks(pid), 0);
	return { total, busy: total - (times[3] ?? 0) - (times[4] ?? 0), own };
}

function readStat() {
	try {
		return readFileSync('/proc/stat', 'utf8');
	} catch {
		return '';
	}
}
