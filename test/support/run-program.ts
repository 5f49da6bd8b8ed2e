import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

/** Set for every run, and inherited by whatever the run starts. */
const MARK = 'COPROC_TEST_PROGRAM_RUN';
let runs = 0;

/** What a program printed, how it ended, and the ids of processes that it left running (on Linux; elsewhere none are seen). */
export interface Outcome {
	readonly stdout: string;
	readonly stderr: string;
	readonly code: number | null;
	readonly left: readonly number[];
}

/** How a program is run. */
export interface RunOptions {
	readonly args?: readonly string[];
	/** Options of Node; they go before the program. */
	readonly nodeArgs?: readonly string[];
	readonly cwd?: string;
	/** After so long it is killed, in ms. */
	readonly timeout?: number;
}

/** Runs a program to its end. */
export async function runProgram(file: string, options: RunOptions = {}): Promise<Outcome> {
	const { args = [], nodeArgs = [], cwd, timeout = 120_000 } = options;
	runs += 1;
	const run = `${process.pid}-${runs}`;
	const child = spawn(process.execPath, [...nodeArgs, file, ...args], {
		cwd,
		env: { ...process.env, [MARK]: run },
		stdio: 'pipe',
		timeout,
		killSignal: 'SIGKILL',
	});
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
