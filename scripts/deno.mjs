/*
 * Puts Deno into a cache folder of the user and prints where it lies: no dependency of this repository, for most of its
 * contributors never need it. It is the plain npm package that Deno publishes for each platform, without install scripts.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version that the checks and the notebooks run with. */
export const DENO_VERSION = '2.9.6';

const isWindows = process.platform === 'win32';

/** Where Deno, its caches and the Jupyter kernel lie. */
export const cacheFolder = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'coproc');

/** What every run of Deno needs: its caches in our folder, no colours, no notice of a newer version. */
export const denoEnvironment = { DENO_DIR: join(cacheFolder, 'deno-dir'), DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' };

/** Returns the path of the `deno` binary, which is fetched at the first call. */
export function installDeno() {
	const name = packageName();
	const folder = join(cacheFolder, `deno-${DENO_VERSION}`);
	const binary = join(folder, 'node_modules', name, isWindows ? 'deno.exe' : 'deno');
	if (existsSync(binary)) return binary;
	mkdirSync(cacheFolder, { recursive: true });
	const fresh = mkdtempSync(join(cacheFolder, 'fetching-'));
	try {
		const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
		const args = ['install', '--prefix', fresh, ...options, `${name}@${DENO_VERSION}`];
		execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'], shell: isWindows });
		rmSync(folder, { recursive: true, force: true });
		renameSync(fresh, folder);
	} finally {
		rmSync(fresh, { recursive: true, force: true });
	}
	return binary;
}

function packageName() {
	const libc = process.platform === 'linux' ? '-glibc' : '';
	return `@deno/${process.platform}-${process.arch}${libc}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(installDeno());
