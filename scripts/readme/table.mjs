/*
 * The measured part of the README, as Markdown.
 */
import { COLUMNS, linesOf, shareOfOthers } from './measured.mjs';

/** @typedef {import('./measured.mjs').Run} Run */

/** What stands there before a whole run is committed. */
export const NOTHING_MEASURED = 'No whole run is committed yet. `npm run bench` prints the table for your machine.';

/** The table with where it comes from. `file` is the run's file in bench/results. */
export function renderMeasured(/** @type {Run} */ run, /** @type {string} */ file) {
	const { machine, node, commit, date } = run;
	const others = shareOfOthers(run);
	const head = ['', ...COLUMNS.map((column) => column.head)];
	const rows = linesOf(run).map(({ label, values }) => [label, ...values.map(format)]);
	const lines = [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows];
	return [
		'![How long one call takes: coproc beside others](docs/pictures/measured.svg)',
		'',
		...lines.map((cells) => `| ${cells.join(' | ')} |`),
		'',
		`Medians of ${date.slice(0, 10)}, commit ${commit}, Node ${node}, ${machine.processor}, ${machine.usableCpus} CPUs` +
			`${others > 0.05 ? `, while others used up to ${Math.round(others * 100)} % of the machine` : ''}: [all values](bench/results/${file}).`,
		'Made by `npm run bench` and `npm run readme:table`.',
	].join('\n');
}

/** Three digits that count. */
export function format(/** @type {number | undefined} */ value) {
	if (value === undefined) return '';
	if (value >= 100) return Math.round(value).toLocaleString('en');
	return value.toFixed(value >= 10 ? 1 : 2);
}

/** Puts `text` between the two marks of a document. Throws when they are not there. */
export function replacePart(/** @type {string} */ document, /** @type {string} */ name, /** @type {string} */ text) {
	const begin = `<!-- ${name} -->`;
	const end = `<!-- /${name} -->`;
	const from = document.indexOf(begin);
	const to = document.indexOf(end);
	if (from === -1 || to < from) throw new Error(`the document has no place for it: ${begin} ... ${end}`);
	return `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`;
}
