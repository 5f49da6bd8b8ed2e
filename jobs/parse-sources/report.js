/*
 * What the job prints at the end: text for people, JSON for programs.
 */
import { formatBytes, formatCount, formatTime, plural, printable } from './format.js';
import { summarise } from './summary.js';

/** Longer lists are cut in the text; `--json` has them whole. */
const LIST_LIMIT = 20;

/**
 * @typedef {object} Report
 * @property {string} dir As the user named it.
 * @property {string} root Its real path.
 * @property {'process' | 'thread'} backend
 * @property {number} workers
 * @property {{ files: number, bytes: number }} leftOut Sources beyond the budget.
 * @property {import('./find-sources.js').Problem[]} problems What the search met and could not take.
 * @property {import('./summary.js').Summary} summary Of the one-thread pass.
 * @property {{ ms: number }} oneThread
 * @property {{ ms: number, startMs: number, incidents: string[], transports: import('./parallel.js').Transport[] }} parallel
 * @property {number} speedUp
 * @property {import('./summary.js').Difference[]} differences
 */

/**
 * @param {Report} report
 * @returns {string} Several lines, with a line feed at the end.
 */
export function formatReport(report) {
	const { summary, parallel, differences } = report;
	const lines = [
		...rows(figures(report)),
		'',
		'slowest files (on one thread)',
		...summary.slowest.map(({ ms, path }) => `${formatTime(ms).padStart(10)}  ${printable(path)}`),
		'',
		...list('not parsed', [...summary.failures, ...report.problems]),
		...list(
			'lost workers',
			parallel.incidents.map((reason) => ({ path: '', reason })),
		),
		...rows(timings(report)),
		'',
		...verdict(differences),
	];
	return `${lines.join('\n')}\n`;
}

/**
 * @param {string} dir
 * @param {import('./find-sources.js').Problem[]} problems
 * @returns {string}
 */
export function formatNothingFound(dir, problems) {
	return [`no JavaScript or TypeScript sources under ${printable(dir)}`, ...list('not parsed', problems)].join('\n').concat('\n');
}

/**
 * @param {Pick<Report, 'dir' | 'root' | 'problems'>} search
 * @returns {string} One line, with the fields of a report that there are without files.
 */
export function formatEmptyJson(search) {
	return `${JSON.stringify({ ...search, summary: summarise([], []) })}\n`;
}

/**
 * @param {Report} report
 * @returns {string} One line.
 */
export function formatJson({ differences, ...report }) {
	return `${JSON.stringify({ ...report, equal: differences.length === 0, differences })}\n`;
}

/**
 * @param {Report} report
 * @returns {[string, string][]}
 */
function figures({ dir, summary, problems, leftOut }) {
	/** @type {[string, string][]} */
	const pairs = [
		['folder', printable(dir)],
		['files', formatCount(summary.files)],
		['parsed', `${formatCount(summary.parsed)}, ${formatBytes(summary.bytes)}`],
		['failed', formatCount(summary.failed)],
	];
	if (problems.length > 0) pairs.push(['not readable', formatCount(problems.length)]);
	if (leftOut.files > 0) {
		const size = `${plural(leftOut.files, 'file')}, ${formatBytes(leftOut.bytes)}`;
		pairs.push(['left out', `${size}, over the budget (--all takes them in, --max-files and --max-mb set it)`]);
	}
	const { deepest } = summary;
	pairs.push(
		['with syntax errors', formatCount(summary.withSyntaxErrors)],
		['tokens', formatCount(summary.tokens)],
		['lines', formatCount(summary.lines)],
		['deepest nesting', deepest ? `${plural(deepest.nesting, 'level')} in ${printable(deepest.path)}` : '-'],
	);
	return pairs;
}

/**
 * @param {Report} report
 * @returns {[string, string][]}
 */
function timings({ backend, workers, oneThread, parallel, speedUp }) {
	const what = backend === 'process' ? 'processes' : 'threads';
	return [
		['one thread', formatTime(oneThread.ms)],
		[plural(workers, 'worker'), `${formatTime(parallel.ms)} (${what}; starting them took ${formatTime(parallel.startMs)} of it)`],
		['speed-up', `${speedUp.toFixed(2)} times`],
		...parallel.transports.map(({ kind, reason }) => /** @type {[string, string]} */ (['transport', `${kind}: ${reason}`])),
	];
}

/** @param {import('./summary.js').Difference[]} differences */
function verdict(differences) {
	if (differences.length === 0) return ['both results are equal'];
	const where = differences.map(({ path, field, oneThread, parallel }) => {
		return { path, reason: `${field} is ${oneThread ?? 'missing'} on one thread, ${parallel ?? 'missing'} in a worker` };
	});
	return list('the results differ', where).slice(0, -1);
}

/** @param {[string, string][]} pairs */
function rows(pairs) {
	const width = Math.max(...pairs.map(([name]) => name.length));
	return pairs.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

/**
 * @param {string} title
 * @param {{ path: string, reason: string }[]} entries
 */
function list(title, entries) {
	if (entries.length === 0) return [];
	const shown = entries.slice(0, LIST_LIMIT).map(({ path, reason }) => {
		return `  ${path === '' ? '' : `${printable(path)}: `}${printable(reason)}`;
	});
	const more = entries.length - shown.length;
	if (more > 0) shown.push(`  and ${formatCount(more)} more (--json lists them all)`);
	return [`${title} (${formatCount(entries.length)})`, ...shown, ''];
}
