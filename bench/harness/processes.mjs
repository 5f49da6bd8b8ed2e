/*
 * Which processes are there, whose are they, and are they gone? Linux tells in /proc; elsewhere nothing is found.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Set in the environment of everything that the bench starts, so that what is left behind can be found. */
export const MARK = 'COPROC_BENCH_RUN';

/** Where utime, stime, cutime and cstime begin and end in /proc/PID/stat, counted from the state. */
const UTIME = 11;
const CSTIME = 14;

/** @returns {number[]} every process below `pid`, children before their own children */
export function descendants(pid) {
	const parents = new Map(allPids().map((one) => [one, parentOf(one)]));
	const found = [pid];
	for (const ancestor of found) {
		for (const [child, parent] of parents) if (parent === ancestor) found.push(child);
	}
	return found.slice(1);
}

/** @returns {number[]} every running process that carries the mark of this run, but for this one */
export function markedProcesses(mark) {
	const entry = `${MARK}=${mark}`;
	return allPids().filter((pid) => pid !== process.pid && isRunning(pid) && read(pid, 'environ').split('\0').includes(entry));
}

/** @returns {string} its command line, shortened */
export function commandOf(pid) {
	return read(pid, 'cmdline').replaceAll('\0', ' ').trim().slice(-120);
}

/** Ends a process at once, if it is there. */
export function killProcess(pid) {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It is gone already.
	}
}

/**
 * What a process and its threads have used of the machine so far.
 *
 * @returns {{ wakeUps: number, cpuMs: number }} voluntary context switches, and time on a processor
 */
export function usageOf(pid) {
	let wakeUps = 0;
	let cpuMs = 0;
	for (const task of list(`/proc/${pid}/task`)) {
		wakeUps += Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(read(pid, `task/${task}/status`))?.[1] ?? 0);
		cpuMs += Number(read(pid, `task/${task}/schedstat`).split(' ')[0] || 0) / 1e6;
	}
	return { wakeUps, cpuMs };
}

/** Processor time of a process and of all its children that have ended, in ticks of the clock. */
export function cpuTicks(pid) {
	return afterName(pid)
		.slice(UTIME, CSTIME + 1)
		.reduce((sum, ticks) => sum + Number(ticks), 0);
}

/** @returns {boolean} a zombie that nobody has reaped yet does not run */
export function isRunning(pid) {
	const state = afterName(pid)[0];
	return state !== undefined && state !== 'Z' && state !== 'X';
}

function parentOf(pid) {
	return Number(afterName(pid)[1] ?? 0);
}

/** The fields of /proc/PID/stat behind the name, which may hold spaces and brackets. */
function afterName(pid) {
	const text = read(pid, 'stat');
	return text
		.slice(text.lastIndexOf(')') + 2)
		.split(' ')
		.filter(Boolean);
}

function allPids() {
	return list('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number);
}

function list(path) {
	try {
		return readdirSync(path);
	} catch {
		return [];
	}
}

function read(pid, file) {
	try {
		return readFileSync(`/proc/${pid}/${file}`, 'utf8');
	} catch {
		return '';
	}
}
