/*
 * Where and on what was it measured? Machine, Node, commit, date, and how much of the machine others use.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

export function describeMachine() {
	const models = cpus();
	return {
		date: new Date().toISOString(),
		commit: git('rev-parse', '--short', 'HEAD') ?? 'unknown',
		isModified: (git('status', '--porcelain', '--untracked-files=no') ?? '') !== '',
		node: process.version,
		machine: {
			processor: models[0]?.model.trim() ?? 'unknown',
			cpus: models.length,
			usableCpus: availableParallelism(),
			memoryMb: Math.round(totalmem() / 2 ** 20),
			system: `${platform()} ${release()} ${arch()}`,
			loadAverage: loadavg().map((load) => Math.round(load * 100) / 100),
		},
	};
}

/**
 * Share of the machine's processors that is in use, while this program only waits. Undefined where the system does not tell.
 *
 * @param {number} ms
 */
export async function measureLoad(ms) {
	const before = processorTimes();
	await sleep(ms);
	const after = processorTimes();
	if (!before || !after || after.total === before.total) return undefined;
	return 1 - (after.idle - before.idle) / (after.total - before.total);
}

/** The processors that this process may use; empty where the system does not tell. */
export function allowedCpus() {
	const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readText('/proc/self/status') ?? '')?.[1];
	if (!list) return [];
	return list.split(',').flatMap((range) => {
		const [first = 0, last = first] = range.split('-').map(Number);
		return Array.from({ length: last - first + 1 }, (_, index) => first + index);
	});
}

function processorTimes() {
	const line = /^cpu\s+(.*)$/m.exec(readText('/proc/stat') ?? '')?.[1];
	if (!line) return undefined;
	// user, nice, system, idle, iowait, irq, softirq, steal; guest time is in user already.
	const times = line.trim().split(/\s+/).slice(0, 8).map(Number);
	return { total: times.reduce((sum, time) => sum + time, 0), idle: (times[3] ?? 0) + (times[4] ?? 0) };
}

/** @param {string} path */
function readText(path) {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
}

/** @param {string[]} args */
function git(...args) {
	try {
		return execFileSync('git', args, {
			cwd: new URL('..', import.meta.url),
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		}).trim();
	} catch {
		return undefined;
	}
}
