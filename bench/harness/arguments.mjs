/*
 * What was asked for? Text of the command line in, checked options out.
 */
import { parseArgs } from 'node:util';

import { SUBJECTS } from '../subjects/list.mjs';

/** @typedef {'idle' | 'pinned' | 'busy'} Condition */

/** @type {readonly Condition[]} */
export const CONDITIONS = ['idle', 'pinned', 'busy'];

export const QUESTIONS = [
	'round-trip',
	'pipelined',
	'one-way',
	'peer-round-trip',
	'peer-one-way',
	'between-workers',
	'echo',
	'pool-work',
	'pool-empty',
	'actors',
	'start',
	'idle',
];

/** Two minutes, less what starting and ending take. */
const QUICK_MS = 100_000;

/** What `--help` prints. */
export const HELP = `Usage: npm run bench -- [options]
       node --expose-gc bench/run.mjs [options]     (after npm run build)

Measures coproc beside plain postMessage, plain IPC, spinning on the ring, copies of memory and rivals, in one run, in
rounds that take turns; prints tables with medians, spread, ratios and targets. bench/README.md explains them.

  --quick           fewer and shorter rounds, fewer subjects off the idle machine; ends within two minutes
  --only NAME       only this question:
                    ${QUESTIONS.slice(0, 6).join(', ')},
                    ${QUESTIONS.slice(6).join(', ')}
                    or only subjects whose name contains NAME, beside their baselines; may be repeated
  --condition NAME  idle, pinned (to one CPU) or busy (a neighbour on every core); may be repeated; default: all
  --json FILE       where the results go (default: bench/results/)
  --help            print this

Exit code: 0 measured, whether or not targets are met; 1 something failed, hung, answered wrongly or left a process
behind; 2 bad arguments; 130 interrupted by Ctrl-C, 143 by SIGTERM.
`;

/** Thrown for a command line that cannot be obeyed; its message is for the user, the exit code is 2. */
export class UsageError extends Error {
	/** @override */
	name = 'UsageError';
}

/**
 * @typedef {object} BenchOptions
 * @property {boolean} isQuick
 * @property {string[]} questions Questions to answer, in their order.
 * @property {string[]} subjects Parts of the names of subjects to measure; empty for all.
 * @property {Condition[]} conditions
 * @property {string | undefined} json File for the results; undefined for the default one.
 * @property {number} rounds
 * @property {number} sliceMs How long one subject is measured in one round.
 * @property {number} budgetMs What all measurements together may take; when it is short there are fewer rounds.
 */

/**
 * @param {readonly string[]} argv What follows the script's name.
 * @returns {BenchOptions | 'help'}
 * @throws {UsageError} For anything that is unknown or doubtful.
 */
export function readArguments(argv) {
	const values = parse(argv);
	if (values.help) return 'help';
	const only = values.only ?? [];
	const questions = QUESTIONS.filter((name) => only.includes(name));
	const subjects = only.filter((name) => !QUESTIONS.includes(name));
	for (const part of subjects) checkSubject(part);
	if (values.json === '') throw new UsageError('--json needs the name of a file');
	const isQuick = values.quick ?? false;
	return {
		isQuick,
		questions: questions.length > 0 ? questions : QUESTIONS,
		subjects,
		conditions: readConditions(values.condition ?? []),
		json: values.json,
		rounds: isQuick ? 3 : 5,
		sliceMs: isQuick ? 80 : 200,
		budgetMs: isQuick ? QUICK_MS : Number.POSITIVE_INFINITY,
	};
}

/** @param {string} part */
function checkSubject(part) {
	const names = Object.keys(SUBJECTS);
	if (part !== '' && names.some((name) => name.includes(part))) return;
	throw new UsageError(
		`--only must be a question (${QUESTIONS.join(', ')}) or part of a subject (${names.join('; ')}), not "${part}"`,
	);
}

/** @param {readonly string[]} argv */
function parse(argv) {
	try {
		return parseArgs({
			args: [...argv],
			options: {
				quick: { type: 'boolean' },
				only: { type: 'string', multiple: true },
				condition: { type: 'string', multiple: true },
				json: { type: 'string' },
				help: { type: 'boolean', short: 'h' },
			},
		}).values;
	} catch (error) {
		throw new UsageError(`${/** @type {Error} */ (error).message}\n\n${HELP}`);
	}
}

/**
 * @param {readonly string[]} names
 * @returns {Condition[]}
 */
function readConditions(names) {
	for (const name of names) {
		if (!CONDITIONS.some((condition) => condition === name)) {
			throw new UsageError(`--condition must be ${CONDITIONS.join(', ')}, not "${name}"`);
		}
	}
	return CONDITIONS.filter((condition) => names.length === 0 || names.includes(condition));
}
