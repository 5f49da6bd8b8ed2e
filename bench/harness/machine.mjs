/*
 * Where and on what was it measured? Machine, Node, commit, date.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';

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

/** The processors that this process may use; empty where the system does not tell. */
export function allowedCpus() {
	const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readText('/proc/self/status') ?? '')?.[1];
	if (!list) return [];
	return list.split(',').flatMap((range) => {
		const [first = 0, last = first] = range.split('-').map(Number);
		return Array.from({ length: last - first + 1 }, (_, index) => first + index);
	});
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
