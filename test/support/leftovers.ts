import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';

import { expect, vi } from 'vitest';

/** What workers take of this process and of the machine; what must be gone when they are. */
export interface Holdings {
	/** Ids of child processes that run. */
	readonly children: readonly number[];
	/** What the open descriptors lead to, without their numbers. */
	readonly descriptors: readonly string[];
	/** Mappings of shared memory. */
	readonly mappings: number;
	/** Worker threads that have not ended. */
	readonly threads: number;
}

let threads = 0;

process.on('worker', (worker: Worker) => {
	threads += 1;
	worker.once('exit', () => {
		threads -= 1;
	});
});

/** What this process holds now. Away from Linux only threads can be told. */
export function holdings(): Holdings {
	if (process.platform !== 'linux') return { children: [], descriptors: [], mappings: 0, threads };
	return { children: childrenOf(process.pid), descriptors: descriptors(), mappings: mappings(), threads };
}

/** Fails unless this process holds what it held before, waiting up to two seconds for what the kernel still tidies up. */
export async function expectNothingLeftSince(before: Holdings): Promise<void> {
	await vi.waitFor(() => expect(leftSince(before)).toEqual([]), { timeout: 2000, interval: 5 });
}

/** Runs `action`, then fails unless everything that it took is gone. */
export async function leavingNothing<T>(action: () => Promise<T>): Promise<T> {
	const before = holdings();
	const result = await action();
	await expectNothingLeftSince(before);
	return result;
}

/** Ids of the processes that `pid` has started and that still run: a zombie is gone. */
export function childrenOf(pid: number): number[] {
	const children: number[] = [];
	for (const entry of readdirSync('/proc')) {
		const other = Number(entry);
		if (Number.isInteger(other) && statusOf(other)?.parent === pid && isRunning(other)) children.push(other);
	}
	return children;
}

/** True while the process runs; one that has ended and was not reaped yet does not. */
export function isRunning(pid: number): boolean {
	const state = statusOf(pid)?.state;
	return state !== undefined && state !== 'Z' && state !== 'X';
}

function statusOf(pid: number): { state: string; parent: number } | undefined {
	try {
		// The name in parentheses may hold anything, so what follows its end is read.
		const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
		return { state: fields?.[0] ?? 'X', parent: Number(fields?.[1]) };
	} catch {
		return undefined;
	}
}

function leftSince(before: Holdings): string[] {
	const now = holdings();
	const left = now.children.filter((pid) => !before.children.includes(pid)).map((pid) => `process ${pid}`);
	left.push(...surplus(now.descriptors, before.descriptors).map((what) => `descriptor of ${what}`));
	if (now.threads > before.threads) left.push(`${now.threads - before.threads} threads`);
	if (now.mappings > before.mappings) left.push(`${now.mappings - before.mappings} mappings of shared memory`);
	return left;
}

/** What is in `now` more often than in `before`. */
function surplus(now: readonly string[], before: readonly string[]): string[] {
	const rest = [...before];
	return now.filter((item) => {
		const at = rest.indexOf(item);
		if (at >= 0) rest.splice(at, 1);
		return at < 0;
	});
}

/** Sockets and pipes have numbers of their own, which are no two times the same: their kind is what counts. */
function descriptors(): string[] {
	return readdirSync('/proc/self/fd').flatMap((fd) => {
		try {
			const target = readlinkSync(`/proc/self/fd/${fd}`);
			// A thread that is ended while it reads a module leaves that file open: a bare Worker does too, and coproc opens none.
			const isOurs = !target.startsWith('/proc/') && !target.endsWith('.js') && !isOfDeno(target);
			return isOurs ? [target.replace(/:\[\d+\]$/, '')] : [];
		} catch {
			return [];
		}
	});
}

/**
 * Deno opens a few of these for itself, now and then, and keeps them; those of a thread go when the next one starts. That their
 * number does not grow with the number of workers is a test of its own, in test/deno/.
 */
function isOfDeno(target: string): boolean {
	return process.versions['deno'] !== undefined && /^(?:socket|pipe|anon_inode:\[event(?:fd|poll)\]|.*_cache_v\d)/.test(target);
}

function mappings(): number {
	return readFileSync('/proc/self/maps', 'utf8')
		.split('\n')
		.filter((line) => line.includes('memfd:coproc')).length;
}
