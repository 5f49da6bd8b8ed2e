import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { posix } from 'node:path';

/** How many processors this process may use, and what says so. */
export interface Cores {
	/** As many as can be kept busy. */
	readonly usable: number;
	/** All that the machine has. */
	readonly machine: number;
	/** Those that this process may run on, as the kernel lists them; undefined away from Linux. */
	readonly affinity: string | undefined;
	/** How many the control group allows, in processors; undefined for no limit. */
	readonly quota: number | undefined;
}

/** Reads a file; undefined where there is none. */
export type ReadText = (path: string) => string | undefined;

/** Processors that can be kept busy: Node 20 does not look at the limits of a container. */
export function usableCores(): number {
	return describeCores().usable;
}

/** Looks at the machine. */
export function describeCores(read: ReadText = readText): Cores {
	const quota = cpuQuota(read);
	const affinity = /^Cpus_allowed_list:\s*(\S+)/m.exec(read('/proc/self/status') ?? '')?.[1];
	const usable = Math.max(1, Math.min(availableParallelism(), Math.ceil(quota ?? Number.POSITIVE_INFINITY)));
	return { usable, machine: cpus().length, affinity, quota };
}

/** The tightest limit of the control groups that this process is in, in processors; undefined for none. Both versions of them. */
export function cpuQuota(read: ReadText): number | undefined {
	const limits = (read('/proc/self/cgroup') ?? '').split('\n').flatMap((line) => {
		const [, controllers, path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
		if (controllers === '') return pathsUp(path).map((each) => quotaOf(read(`/sys/fs/cgroup${each}/cpu.max`)));
		if (!controllers?.split(',').includes('cpu')) return [];
		return pathsUp(path).map((each) => {
			const folder = `/sys/fs/cgroup/cpu${each}`;
			return quotaOf(`${read(`${folder}/cpu.cfs_quota_us`) ?? 'max'} ${read(`${folder}/cpu.cfs_period_us`) ?? ''}`);
		});
	});
	const known = limits.filter((limit) => limit !== undefined);
	return known.length > 0 ? Math.min(...known) : undefined;
}

/** `/a/b`, `/a`, and the root, which is empty. In a container the path may be that of the machine outside: then only the root is there. */
function pathsUp(path: string): string[] {
	const paths: string[] = [];
	for (let each = posix.normalize(path); each !== '/' && each !== '.'; each = posix.dirname(each)) paths.push(each);
	return [...paths, ''];
}

/** `200000 100000`: two processors. */
function quotaOf(text: string | undefined): number | undefined {
	const [quota, period] = (text ?? '').trim().split(/\s+/).map(Number);
	return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : undefined;
}

function readText(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
}
