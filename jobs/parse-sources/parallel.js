/*
 * The same files in worker processes or threads, by the command `coproc map`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const FUNCTION = `${fileURLToPath(new URL('./parse-item.js', import.meta.url))}#parseItem`;

/** What the command says when its workers are there. */
const STARTED = /^coproc: (\d+) worker \w+ started in .*, transport (\w+): (.*)$/;
/** What it says of itself at the end, which the results tell as well. */
const SUMMARY = /^coproc: (\d+ items? of \d+ failed|interrupted by \w+)$/;

/** @typedef {import('./find-sources.js').SourceFile} SourceFile */
/** @typedef {import('./parse-file.js').FileResult} FileResult */
/** @typedef {{ kind: string, reason: string }} Transport */

/**
 * @typedef {object} ParallelOptions
 * @property {number} workers
 * @property {'process' | 'thread'} backend
 * @property {'auto' | 'ring' | 'pipe'} transport
 * @property {AbortSignal} signal An abort ends the command, and the run rejects with `signal.reason`.
 * @property {(workers: number, transport: Transport) => void} onStarted Called once, before the first result.
 * @property {(index: number) => void} onResult Called once for each file, in order of completion.
 */

/**
 * @typedef {object} Outcome
 * @property {FileResult[]} results In the order of `files`.
 * @property {number} ms From before the start to the end of the command, in milliseconds.
 * @property {number} startMs How long the start of the workers took, that of the command included, in milliseconds; part of `ms`.
 * @property {string[]} incidents What the command has told: workers that were lost, files that were lost with them.
 * @property {Transport[]} transports
 */

/** Throws unless the command is there: without it there is no use in parsing for ten seconds before. */
export function checkCommand() {
	if (!existsSync(COMMAND)) throw new Error('coproc is not built: run `npm ci` and `npm run build` first');
}

/**
 * Parses all files in workers. A file whose worker is lost is tried once more; if that one is lost too, the file has failed.
 *
 * @param {readonly SourceFile[]} files
 * @param {ParallelOptions} options
 * @returns {Promise<Outcome>}
 * @throws When the command cannot do it.
 */
export async function runParallel(files, options) {
	return new ParallelRun(files, options).run();
}

class ParallelRun {
	/** @type {FileResult[]} */
	#results = [];
	/** @type {string[]} */
	#incidents = [];
	/** @type {Transport[]} */
	#transports = [];
	#begun = performance.now();
	#startMs = 0;
	#files;
	#options;
	/** @type {Map<string, number>} */
	#indexes;

	/**
	 * @param {readonly SourceFile[]} files
	 * @param {ParallelOptions} options
	 */
	constructor(files, options) {
		this.#files = files;
		this.#options = options;
		this.#indexes = new Map(files.map(({ absolutePath }, index) => [absolutePath, index]));
	}

	/** @returns {Promise<Outcome>} */
	async run() {
		const { workers, backend, transport, signal } = this.#options;
		const how = ['--workers', String(workers), '--backend', backend, '--transport', transport, '--retry', '1', '--keep-going'];
		const shown = ['--unordered', '--progress', 'never', '--verbose'];
		const argv = [COMMAND, 'map', FUNCTION, '--lines', '-', '--json', ...how, ...shown];
		const command = spawn(process.execPath, argv, { stdio: 'pipe' });
		const onAbort = () => void command.kill('SIGTERM');
		signal.addEventListener('abort', onAbort);
		// One that ends early does not read to the end; why it did is told by its exit.
		command.stdin.on('error', () => {});
		command.stdin.end(
			largestFirst(this.#files)
				.map((path) => `${JSON.stringify(path)}\n`)
				.join(''),
		);
		createInterface(command.stdout).on('line', (line) => this.#take(line));
		createInterface(command.stderr).on('line', (line) => this.#hear(line));
		const [code, endedBy] = await once(command, 'close');
		signal.removeEventListener('abort', onAbort);
		signal.throwIfAborted();
		if (code !== 0 && code !== 1)
			throw new Error(`coproc map ended by ${endedBy ?? `code ${code}`}: ${this.#incidents.join('; ')}`);
		if (this.#transports.length === 0) throw new Error(this.#incidents.join('\n'));
		return this.#outcome();
	}

	/** @param {string} line A result. */
	#take(line) {
		const { path, ...result } = /** @type {{ path: string } & FileResult} */ (JSON.parse(line));
		const index = this.#indexes.get(path);
		if (index === undefined) throw new Error(`coproc map gave a result for ${path}, which it was not given`);
		this.#results[index] = result;
		this.#options.onResult(index);
	}

	/** @param {string} line What it has to say. */
	#hear(line) {
		const [, count, kind = '', reason = ''] = STARTED.exec(line) ?? [];
		if (count === undefined) {
			if (!SUMMARY.test(line)) this.#incidents.push(line.replace(/^coproc: /, ''));
			return;
		}
		this.#startMs = performance.now() - this.#begun;
		this.#transports.push({ kind, reason });
		this.#options.onStarted(Number(count), { kind, reason });
	}

	/** @returns {Outcome} */
	#outcome() {
		const lost = { error: 'its worker was lost twice', ms: 0 };
		const results = this.#files.map((_, index) => this.#results[index] ?? lost);
		const ms = performance.now() - this.#begun;
		return { results, ms, startMs: this.#startMs, incidents: this.#incidents, transports: this.#transports };
	}
}

/**
 * The long ones last would leave one worker busy and the others idle at the end.
 *
 * @param {readonly SourceFile[]} files
 */
function largestFirst(files) {
	const sorted = files.toSorted((a, b) => b.bytes - a.bytes);
	return sorted.map(({ absolutePath }) => absolutePath);
}
