/*
 * Are the rivals there? Installs them with `npm ci` where they are not; without them the rest is measured all the same.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bench = fileURLToPath(new URL('..', import.meta.url));
/** Written by npm when it has finished. */
const MARKER = `${bench}node_modules/.package-lock.json`;

/**
 * @param {{ show(text: string): void }} progress
 * @param {AbortSignal} signal
 * @returns {Promise<{ ok: boolean, reason?: string }>}
 */
export async function installRivals(progress, signal) {
	if (existsSync(MARKER)) return { ok: true };
	progress.show('installing the rivals (npm ci --prefix bench)');
	const args = ['ci', '--prefix', bench, '--no-audit', '--no-fund', '--ignore-scripts'];
	// npm is a script on Windows, which only a shell can start.
	const child = spawn('npm', args, {
		cwd: bench,
		stdio: ['ignore', 'ignore', 'pipe'],
		shell: process.platform === 'win32',
		signal,
	});
	let stderr = '';
	child.stderr.on('data', (chunk) => {
		stderr = `${stderr}${chunk}`.slice(-2000);
	});
	const problem = await new Promise((resolve) => {
		child.once('error', (error) => resolve(error.message));
		child.once('close', (code) => resolve(code === 0 ? undefined : `exit code ${code}: ${lastError(stderr)}`));
	});
	if (problem === undefined && existsSync(MARKER)) return { ok: true };
	return { ok: false, reason: `npm ci --prefix bench failed (${problem ?? 'it left no node_modules'})` };
}

/** @param {string} stderr */
function lastError(stderr) {
	const lines = stderr.split('\n').filter((line) => line.startsWith('npm error'));
	return lines.slice(0, 3).join(' ') || stderr.trim().split('\n').at(-1);
}
