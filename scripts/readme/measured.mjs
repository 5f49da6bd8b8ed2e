/*
 * What a whole run of `npm run bench` has measured, as the README shows it: one line for each subject, one figure for each question.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Who stands in the README, with the names that the bench gives them; the first one that a question has answers it. */
const LINES = [
	{ label: 'coproc, process', subjects: ['coproc process-ring calls', 'coproc process-ring'] },
	{ label: 'coproc, thread', subjects: ['coproc thread-ring calls', 'coproc thread-ring'] },
	{ label: 'postMessage to a Worker', subjects: ['postMessage'] },
	{ label: 'fork, JSON', subjects: ['fork json'] },
	{ label: 'fork, advanced', subjects: ['fork advanced'] },
	{ label: 'piscina', subjects: ['piscina'] },
	{ label: 'tinypool, thread', subjects: ['tinypool thread'] },
	{ label: 'tinypool, process', subjects: ['tinypool process'] },
	{ label: 'workerpool, thread', subjects: ['workerpool thread'] },
	{ label: 'workerpool, process', subjects: ['workerpool process'] },
	{ label: 'poolifier', subjects: ['poolifier'] },
	{ label: 'comlink', subjects: ['comlink'] },
];

/** The columns of the table: a question of the bench under one condition, and which of its figures. */
export const COLUMNS = [
	{ head: 'one call, us', condition: 'idle', question: 'round-trip', key: 'p50' },
	{ head: 'on one CPU, us', condition: 'pinned', question: 'round-trip', key: 'p50' },
	{ head: 'CPUs busy, us', condition: 'busy', question: 'round-trip', key: 'p50' },
	{ head: '1,000 calls under way, k/s', condition: 'idle', question: 'pipelined', key: 'rate' },
	{ head: '1 MiB there and back, ms', condition: 'idle', question: 'echo', key: 'ms' },
	{ head: 'start, ms', condition: 'idle', question: 'start', key: 'warm' },
];

/**
 * @typedef {object} Run A file of bench/results.
 * @property {string} date
 * @property {string} commit
 * @property {string} node
 * @property {{ processor: string, usableCpus: number, system: string }} machine
 * @property {{ condition: string, tables: Table[] }[]} conditions
 *
 * @typedef {object} Table
 * @property {string} question
 * @property {number} [others] Which share of the machine somebody else used meanwhile.
 * @property {{ subject: string, summary: Record<string, { median: number } | undefined> }[]} rows
 *
 * @typedef {{ label: string, values: (number | undefined)[] }} Line
 */

/** The newest whole run in a folder, by its date, and its file; undefined when there is none. Partial and quick runs do not count. */
export function newestRun(/** @type {string} */ folder) {
	/** @type {string[]} */
	let names = [];
	try {
		names = readdirSync(folder).filter((name) => /^\d{4}-\d{2}-\d{2}-\w+\.json$/.test(name));
	} catch {
		return undefined;
	}
	const runs = names.map((name) => readRun(join(folder, name)));
	return runs.toSorted((a, b) => (a.run.date < b.run.date ? 1 : -1))[0];
}

/** Reads one run. */
export function readRun(/** @type {string} */ file) {
	return { file: basename(file), run: /** @type {Run} */ (JSON.parse(readFileSync(file, 'utf8'))) };
}

/** The lines of the README that have a figure. @returns {Line[]} */
export function linesOf(/** @type {Run} */ run) {
	return LINES.map(({ label, subjects }) => ({ label, values: COLUMNS.map((column) => figureOf(run, column, subjects)) })).filter(
		({ values }) => values.some((value) => value !== undefined),
	);
}

/** The largest share of the machine that others used while the columns were measured. */
export function shareOfOthers(/** @type {Run} */ run) {
	return Math.max(0, ...COLUMNS.map((column) => tableOf(run, column)?.others ?? 0));
}

/** @type {(run: Run, column: typeof COLUMNS[number], subjects: readonly string[]) => number | undefined} */
function figureOf(run, column, subjects) {
	const rows = tableOf(run, column)?.rows ?? [];
	const found = subjects.map((name) => rows.find(({ subject }) => subject === name)?.summary[column.key]?.median);
	return found.find((value) => value !== undefined);
}

/** @type {(run: Run, column: typeof COLUMNS[number]) => Table | undefined} */
function tableOf(run, { condition, question }) {
	const tables = run.conditions.find((one) => one.condition === condition)?.tables;
	return tables?.find((table) => table.question === question);
}
