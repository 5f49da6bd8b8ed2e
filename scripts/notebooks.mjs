/*
 * Executes the notebooks top to bottom, each in a fresh kernel, as plain `jupyter nbconvert --execute` does.
 *
 * A cell that throws ends the run with exit code 1. What the cells show is compared with what is committed, without what
 * differs from run to run: with `--check` a difference fails, otherwise it is written into the notebook. Outputs of cells with
 * the tag `measured` are numbers of one machine on one day: they are compared by kind only, and `--measure` writes new ones.
 *
 * With `--plain` nothing but the exit code of plain `jupyter nbconvert --execute` is looked at.
 *
 *     node scripts/notebooks.mjs [--check | --plain] [--measure] [FILE...]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { cacheFolder, denoEnvironment, installDeno } from './deno.mjs';
import { normalizeNotebook, refreshNotebook } from './notebook-format.mjs';

const folder = fileURLToPath(new URL('../notebooks/', import.meta.url));
/** How long a cell may take, in seconds. */
const CELL_SECONDS = 300;

/** Finds `jupyter nbconvert`, installing Debian's packages where that can be done without asking. */
function installJupyter() {
	if (hasJupyter()) return;
	// As root, or as one who may become root without being asked for a password, as on the machines of CI.
	const isRoot = process.getuid?.() === 0;
	const program = isRoot ? 'apt-get' : 'sudo';
	const words = isRoot ? [] : ['-n', 'apt-get'];
	if (process.platform !== 'linux' || spawnSync(program, [...words, '--version']).status !== 0)
		throw new Error('`jupyter nbconvert` is missing: `pip install nbconvert nbclient`, or Debian package jupyter-nbconvert');
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	const packages = ['jupyter-nbconvert', 'jupyter-client'];
	for (const args of [
		['update', '-qq'],
		['install', '-y', '-qq', '--no-install-recommends', ...packages],
	])
		execFileSync(program, [...words, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
	if (!hasJupyter()) throw new Error('`jupyter nbconvert` does not run although its packages are installed');
}

function hasJupyter() {
	return spawnSync('jupyter', ['nbconvert', '--version']).status === 0;
}

/** Describes the kernel to Jupyter, as `deno jupyter --install` does, but in our cache folder. Returns Jupyter's environment. */
function installKernel() {
	const data = join(cacheFolder, 'jupyter');
	const kernel = join(data, 'kernels', 'deno');
	mkdirSync(kernel, { recursive: true });
	const argv = [installDeno(), 'jupyter', '--kernel', '--conn', '{connection_file}'];
	const spec = { argv, display_name: 'Deno', language: 'typescript', env: denoEnvironment };
	writeFileSync(join(kernel, 'kernel.json'), JSON.stringify(spec));
	return {
		...process.env,
		JUPYTER_PATH: data,
		PYTHONPATH: fileURLToPath(new URL('.', import.meta.url)),
		PYTHONDONTWRITEBYTECODE: '1',
	};
}

/** Executes one notebook and returns it, or undefined when a cell failed. */
function execute(/** @type {string} */ file, /** @type {NodeJS.ProcessEnv} */ env) {
	const target = mkdtempSync(join(tmpdir(), 'coproc-notebook-'));
	try {
		const how = options.plain ? '--execute' : '--NotebookExporter.preprocessors=late_outputs.ExecuteWithLateOutputs';
		const args = [
			'nbconvert',
			'--to',
			'notebook',
			how,
			`--ExecutePreprocessor.timeout=${CELL_SECONDS}`,
			'--output-dir',
			target,
			file,
		];
		const { status, stderr } = spawnSync('jupyter', args, { env, encoding: 'utf8' });
		if (status === 0) return readNotebook(join(target, basename(file)));
		console.error(stderr.trim());
		return undefined;
	} finally {
		rmSync(target, { recursive: true, force: true });
	}
}

function readNotebook(/** @type {string} */ file) {
	return JSON.parse(readFileSync(file, 'utf8'));
}

/** Executes one notebook and says what came of it; true when that is good. */
function run(/** @type {string} */ file, /** @type {NodeJS.ProcessEnv} */ env) {
	const started = Date.now();
	const executed = execute(file, env);
	const took = `${((Date.now() - started) / 1000).toFixed(1)} s`;
	if (!executed) return report(file, `a cell FAILED after ${took}`, false);
	if (options.plain) return report(file, `ran in ${took} under plain nbconvert`, true);
	const before = readFileSync(file, 'utf8');
	const committed = JSON.parse(before);
	const { notebook, changed } = refreshNotebook(committed, normalizeNotebook(executed), options.measure);
	if (options.check && changed.length > 0)
		return report(file, `ran in ${took}, but cells ${changed.join(', ')} no longer show what is committed`, false);
	const after = `${JSON.stringify(notebook, undefined, 1)}\n`;
	if (!options.check && after !== before) writeFileSync(file, after);
	return report(
		file,
		`ran in ${took}, ${changed.length === 0 ? 'shows what it showed' : `rewrote cells ${changed.join(', ')}`}`,
		true,
	);
}

function report(/** @type {string} */ file, /** @type {string} */ text, /** @type {boolean} */ isGood) {
	console.log(`${basename(file)}: ${text}`);
	return isGood;
}

const { values: options, positionals } = parseArgs({
	options: {
		check: { type: 'boolean', default: false },
		measure: { type: 'boolean', default: false },
		plain: { type: 'boolean', default: false },
	},
	allowPositionals: true,
});
const named = positionals.map((file) => resolve(file));
const all = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));
const files = named.length > 0 ? named : all.toSorted().map((name) => join(folder, name));
installJupyter();
const env = installKernel();
const results = files.map((file) => run(file, env));
process.exitCode = results.length > 0 && results.every(Boolean) ? 0 : 1;
