import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../jobs/parse-sources/main.js', import.meta.url));

/** The job as a child process, with what it has printed so far. */
export class Program {
	stdout = '';
	stderr = '';
	readonly child: ChildProcess;
	readonly #ended: Promise<unknown>;

	constructor(args: readonly string[], { env = {}, detached = false }: { env?: NodeJS.ProcessEnv; detached?: boolean } = {}) {
		this.child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env }, detached, stdio: 'pipe' });
		this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
		this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
		this.#ended = once(this.child, 'close');
		onTestFinished(() => void this.child.kill('SIGKILL'));
	}

	get pid(): number {
		return this.child.pid as number;
	}

	/** Waits for the end; the exit code is null if a signal was the cause. */
	async ended(): Promise<{ code: number | null; stdout: string; stderr: string }> {
		await this.#ended;
		return { code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr };
	}

	/** Waits until stderr has this text, or fails with what it has if the program ends before. */
	async says(text: string): Promise<void> {
		while (!this.stderr.includes(text)) {
			const more = once(this.child.stderr as NodeJS.ReadableStream, 'data').then(() => true);
			const isOver = !(await Promise.race([more, this.#ended.then(() => false)]));
			if (isOver && !this.stderr.includes(text)) throw new Error(`ended without "${text}":\n${this.stderr}`);
		}
	}

	/** Ids of the processes that the command has started which it has started. */
	workers(): number[] {
		return childrenOf(this.pid).flatMap(childrenOf);
	}
}

/** Runs the job to its end. */
export async function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
	return new Program(args).ended();
}

/** Ids of the processes that this process has started, from any of its threads. Linux only. */
function childrenOf(pid: number): number[] {
	try {
		return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
			const list = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
			return list.split(' ').filter(Boolean).map(Number);
		});
	} catch {
		return [];
	}
}

/** Whether a process runs; a zombie, which nobody has waited for yet, does not. */
export function isRunning(pid: number): boolean {
	try {
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}
