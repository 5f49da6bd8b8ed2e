/*
 * What do the rows say? Summaries, ratios to the baselines of the same rounds, and the targets of DESIGN section 9.
 */
import { TARGETS } from '../targets.mjs';
import { compare, summarise } from './statistics.mjs';

/**
 * @param {object} question
 * @param {import('./take-turns.mjs').Row[]} rows
 * @param {import('./arguments.mjs').Condition} condition
 */
export function makeTable(question, rows, condition) {
	const { name, title, columns, main, baselines, ratios: shown = baselines, notes = [] } = question;
	const ratio = (row, baseline) => {
		const other = rows.find(({ subject }) => subject === baseline);
		const values = row.values[main];
		return values && other?.values[main] ? compare(values, other.values[main]) : undefined;
	};
	return {
		question: name,
		condition,
		title,
		columns,
		main,
		ratios: shown,
		notes,
		rows: rows.map((row) => {
			const summary = Object.fromEntries(Object.entries(row.values).map(([key, values]) => [key, summarise(values)]));
			const ratios = Object.fromEntries(shown.map((baseline) => [baseline, ratio(row, baseline)]));
			const facts = { summary, rows, main, ratio: (baseline) => ratio(row, baseline)?.median };
			return { ...row, summary, ratios, targets: judge({ question: name, condition, subject: row.subject }, facts) };
		}),
	};
}

/** Every target that applies to a row, and whether it is met; a target without its figures is not told. */
function judge({ question, condition, subject }, facts) {
	if (Object.keys(facts.summary).length === 0) return [];
	return TARGETS.filter(
		(target) => target.question === question && target.conditions.includes(condition) && target.subjects.includes(subject),
	).flatMap(({ text, isMet }) => {
		const met = isMet(facts);
		return met === undefined ? [] : [{ text, isMet: met }];
	});
}
