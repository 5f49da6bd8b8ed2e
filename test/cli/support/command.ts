import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

/** The built command. */
export const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
/** The module that these tests run. */
export const JOBS = fileURLToPath(new URL('../../fixtures/cli/jobs.js', import.meta.url));

/** What a command came to. */
export interface Ended {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** The command as a child process, with what it has printed so far. */
export class Command {
	stdout = '';
	stderr = '';
	readonly child: ChildProcess;
	readonly #ended: Promise<unknown>;

	constructor(args: readonly string[], { detached = false, env = {} }: { detached?: boolean; env?: NodeJS.ProcessEnv } = {}) {
		this.child = spawn(process.execPath, [MAIN, ...args], { detached, env: { ...process.env, ...env }, stdio: 'pipe' });
		this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
		this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
		this.child.stdin?.on('error', () => {});
		this.#ended = once(this.child, 'close');
		onTestFinished(() => void this.child.kill('SIGKILL'));
	}

	get pid(): number {
		return this.child.pid as number;
	}

	/** Waits for the end; the exit code is null if a signal was the cause. */
	async ended(): Promise<Ended> {
		await this.#ended;
		return { code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr };
	}

	/** Waits until it has printed something, or fails with what there is if it ends before. Returns the match. */
	async says(pattern: RegExp, where: 'stdout' | 'stderr' = 'stderr'): Promise<RegExpExecArray> {
		for (;;) {
			const found = pattern.exec(this[where]);
			if (found) return found;
			const more = once(this.child[where] as NodeJS.ReadableStream, 'data').then(() => true);
			const isOver = !(await Promise.race([more, this.#ended.then(() => false)]));
			if (isOver && !pattern.test(this[where])) throw new Error(`ended without ${pattern}:\n${this.stderr}`);
		}
	}
}

/** Runs the command to its end, without input. */
export async function run(...args: readonly string[]): Promise<Ended> {
	return runWith('', ...args);
}

/** Runs `coproc map` with a function of the fixture. */
export async function mapJobs(name: string, ...args: readonly string[]): Promise<Ended> {
	return run('map', `${JOBS}#${name}`, ...args);
}

/** Runs the command with this on its standard input. */
export async function runWith(input: string | Uint8Array, ...args: readonly string[]): Promise<Ended> {
	const command = new Command(args);
	command.child.stdin?.end(input);
	return command.ended();
}

/** A folder with these files, which is gone after the test. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
	const folder = mkdtempSync(join(tmpdir(), 'coproc-cli-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
	return folder;
}
