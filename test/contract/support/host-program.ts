import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterEach } from 'vitest';

/** A host that runs as a program of its own, for what a test cannot do to the process that it runs in. */
export interface HostProgram {
	readonly process: ChildProcess;
	/** The next line that it prints; rejects when it ends first. */
	nextLine(): Promise<string>;
	/** How it ended. */
	readonly ended: Promise<{ code: number | null; signal: string | null; stderr: string }>;
}

const running = new Set<ChildProcess>();

/** Runs `test/fixtures/hosts/NAME.js` with arguments. Whatever still runs after the test is killed. */
export function runHost(name: string, ...args: string[]): HostProgram {
	const program = fileURLToPath(new URL(`../../fixtures/hosts/${name}.js`, import.meta.url));
	const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
	running.add(child);
	let stderr = '';
	child.stderr.on('data', (chunk: Buffer) => {
		stderr += chunk.toString();
	});
	const ended = once(child, 'close').then(([code, signal]) => {
		running.delete(child);
		return { code: code as number | null, signal: signal as string | null, stderr };
	});
	const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
	return {
		process: child,
		ended,
		async nextLine() {
			const { value, done } = await lines.next();
			if (done) throw new Error(`host ${name} ended (${JSON.stringify(await ended)})`);
			return value;
		},
	};
}

afterEach(async () => {
	for (const child of running) {
		child.kill('SIGKILL');
		await once(child, 'close');
	}
});
