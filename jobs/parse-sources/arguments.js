/*
 * The command line: text in, checked options out. Reads no files.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

const MAX_WORKERS = 256;
const DEFAULT_MAX_FILES = 20_000;
const DEFAULT_MAX_MB = 250;

/** What `--help` prints. */
export const HELP = `Usage: npm start -- [options]
       node jobs/parse-sources/main.js [options]

Parses every JavaScript and TypeScript source under a folder with the TypeScript compiler, first on one thread, then in
workers on all cores, by the command coproc map, and compares both results and both times.

  --dir DIR         folder to search (default: the node_modules of this project)
  --workers N       how many workers, 1 to ${MAX_WORKERS} (default: one for each core, ${availableParallelism()} here)
  --backend KIND    process (default) or thread
  --transport KIND  auto (default), ring (shared memory) or pipe
  --max-files N     take at most N files (default: ${DEFAULT_MAX_FILES})
  --max-mb N        take at most N megabytes of sources (default: ${DEFAULT_MAX_MB})
  --all             take everything, however long it takes
  --json            print the result as one JSON object
  --help            print this

Progress goes to stderr, the result to stdout.
Exit code: 0 both results are equal (files that cannot be read or parsed are reported), 1 they differ or the job failed,
2 bad arguments, 130 interrupted by Ctrl-C, 143 by SIGTERM.
`;

/** Thrown for a command line that cannot be obeyed; its message is for the user, the exit code is 2. */
export class UsageError extends Error {
	/** @override */
	name = 'UsageError';
}

/**
 * @typedef {object} JobOptions
 * @property {string | undefined} dir Folder to search, as given; undefined for the default one.
 * @property {number} workers
 * @property {'process' | 'thread'} backend
 * @property {'auto' | 'ring' | 'pipe'} transport
 * @property {number} maxFiles Infinity for no limit.
 * @property {number} maxBytes Infinity for no limit.
 * @property {boolean} json
 */

/**
 * @param {string[]} argv What follows the script's name.
 * @returns {JobOptions | 'help'}
 * @throws {UsageError} For anything that is unknown, doubtful or out of range.
 */
export function readArguments(argv) {
	const values = parse(argv);
	if (values.help) return 'help';
	if (values.all && (values['max-files'] !== undefined || values['max-mb'] !== undefined)) {
		throw new UsageError('--all takes everything: leave out --max-files and --max-mb');
	}
	if (values.dir === '') throw new UsageError('--dir needs the name of a folder');
	return {
		dir: values.dir,
		workers: wholeNumber('--workers', values.workers, { max: MAX_WORKERS, fallback: availableParallelism() }),
		backend: oneOf('--backend', values.backend ?? 'process', /** @type {const} */ (['process', 'thread'])),
		transport: oneOf('--transport', values.transport ?? 'auto', /** @type {const} */ (['auto', 'ring', 'pipe'])),
		maxFiles: values.all
			? Number.POSITIVE_INFINITY
			: wholeNumber('--max-files', values['max-files'], { max: Number.MAX_SAFE_INTEGER, fallback: DEFAULT_MAX_FILES }),
		maxBytes: values.all ? Number.POSITIVE_INFINITY : megabytes('--max-mb', values['max-mb'], DEFAULT_MAX_MB),
		json: values.json ?? false,
	};
}

/** @param {string[]} argv */
function parse(argv) {
	try {
		const { values } = parseArgs({
			args: argv,
			strict: true,
			allowPositionals: false,
			options: {
				dir: { type: 'string' },
				workers: { type: 'string' },
				backend: { type: 'string' },
				transport: { type: 'string' },
				'max-files': { type: 'string' },
				'max-mb': { type: 'string' },
				all: { type: 'boolean' },
				json: { type: 'boolean' },
				help: { type: 'boolean', short: 'h' },
			},
		});
		return values;
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error), { cause: error });
	}
}

/**
 * @param {string} name
 * @param {string | undefined} text
 * @param {{ max: number, fallback: number }} range
 */
function wholeNumber(name, text, { max, fallback }) {
	if (text === undefined) return fallback;
	const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
	if (value >= 1 && value <= max) return value;
	const range = max === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${max}`;
	throw new UsageError(`${name} must be a whole number ${range}, not "${text}"`);
}

/**
 * @param {string} name
 * @param {string | undefined} text
 * @param {number} fallback
 */
function megabytes(name, text, fallback) {
	const value = text === undefined ? fallback : /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
	if (value > 0) return Math.ceil(value * 1e6);
	throw new UsageError(`${name} must be a number of megabytes above 0, not "${text}"`);
}

/**
 * @template {string} T
 * @param {string} name
 * @param {string} text
 * @param {readonly T[]} allowed
 * @returns {T}
 */
function oneOf(name, text, allowed) {
	const value = allowed.find((candidate) => candidate === text);
	if (value !== undefined) return value;
	const list = `${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}`;
	throw new UsageError(`${name} must be ${list}, not "${text}"`);
}
