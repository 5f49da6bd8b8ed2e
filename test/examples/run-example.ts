import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

/** Set for every run, and inherited by whatever the run starts. */
const MARK = 'COPROC_TEST_EXAMPLE_RUN';
let runs = 0;

/** What a program printed, how it ended, and the ids of processes that it left running (on Linux; elsewhere none are seen). */
export interface Outcome {
	readonly stdout: string;
	readonly stderr: string;
	readonly code: number | null;
	readonly left: readonly number[];
}

/** Runs an example to its end. `nodeArgs` go before its path. */
export async function runExample(path: string, args: readonly string[] = [], nodeArgs: readonly string[] = []): Promise<Outcome> {
	runs += 1;
	const run = `${process.pid}-${runs}`;
	const child = spawn(process.execPath, [...nodeArgs, EXAMPLES + path, ...args], {
		env: { ...process.env, [MARK]: run },
		stdio: 'pipe',
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
	child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
	// The streams close when the last process that inherited them has ended, so what is left by then holds neither.
	const closed = once(child, 'close');
	await once(child, 'exit');
	const left = processesWith(`${MARK}=${run}`);
	await closed;
	return { stdout, stderr, code: child.exitCode, left };
}

/** Ids of running processes whose environment has this entry. A zombie has no environment any more. */
function processesWith(entry: string): number[] {
	const ids = process.platform === 'linux' ? readdirSync('/proc').map(Number).filter(Number.isInteger) : [];
	return ids.filter((id) => {
		try {
			return readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').includes(entry);
		} catch {
			return false; // ended meanwhile, or somebody else's
		}
	});
}
