/*
 * How does a person read it? Tables for a terminal: medians, spread over the rounds, ratios, targets.
 */

/** From this share of all processors on, somebody else's work moves figures. */
const SHARED = 0.05;

/** Prints what everything below depends on. */
export function printHeader({ node, commit, isModified, date, machine, options, rivals }) {
	const { processor, cpus, usableCpus, system, memoryMb, loadAverage } = machine;
	console.log(`coproc ${commit}${isModified ? ' (modified)' : ''}, Node ${node}, ${date}`);
	console.log(`${processor}, ${usableCpus} of ${cpus} CPUs, ${memoryMb} MB, ${system}, load average ${loadAverage.join(' ')}`);
	console.log(`${options.rounds} rounds of ${options.sliceMs} ms each; [from to] is the spread of the rounds' values`);
	if (usableCpus < 2) console.log('One CPU only: there is no core to spare, so targets for an idle machine cannot be met.');
	if (!rivals.ok) console.log(`Rivals are not measured: ${rivals.reason}`);
}

/** Prints one table, with the condition before its first one. */
export function printTable(table, record) {
	if (table.unavailable) {
		console.log(`\n== ${table.condition}: not measured, ${table.unavailable}`);
		return;
	}
	if (record.tables[0] === table) printCondition(record);
	console.log(`\n${table.title}${formatRounds(table)}${formatOthers(table.others)}`);
	const head = ['', ...table.columns.map(({ head: text }) => text), ...table.ratios.map((name) => `/ ${name}`), 'target'];
	printColumns([head, ...table.rows.map((row) => cellsOf(table, row))]);
	for (const note of table.notes) console.log(`  ${note}`);
	for (const { subject, error } of table.rows)
		if (error) console.log(`  ${subject}: FAILED: ${error.split('\n').slice(0, 4).join('\n    ')}`);
}

function printCondition({ condition, how }) {
	console.log(`\n== ${condition}: ${how}`);
}

/** There are fewer rounds where time was short. */
function formatRounds({ rows, main, plannedRounds }) {
	const rounds = Math.max(0, ...rows.map(({ values }) => values[main]?.length ?? 0));
	return rounds < plannedRounds ? `, ${rounds} of ${plannedRounds} rounds` : '';
}

/** Figures beside somebody else's work are not those of an idle machine, so it is told when there was some. */
function formatOthers(others) {
	if (others === undefined) return '';
	const percent = `others used ${Math.round(others * 100)} % of the machine meanwhile`;
	return others > SHARED ? ` -- ${percent.toUpperCase()}` : ` (${percent})`;
}

function cellsOf({ columns, ratios, main }, row) {
	if (Object.keys(row.summary).length === 0) return [row.subject, row.error ? 'failed' : 'no time'];
	return [
		row.subject,
		...columns.map(({ key }) => formatSummary(row.summary[key], key === main)),
		...ratios.map((name) => (name === row.subject ? '1' : formatRatio(row.ratios[name]?.median))),
		row.targets.map(({ text, isMet }) => `${text}: ${isMet ? 'met' : 'MISSED'}`).join('; '),
	];
}

function formatSummary(summary, withSpread) {
	if (!summary) return '-';
	const { median, min, max } = summary;
	return withSpread ? `${formatNumber(median)} [${formatNumber(min)} ${formatNumber(max)}]` : formatNumber(median);
}

/** Three digits that count. */
function formatNumber(value) {
	if (!Number.isFinite(value)) return String(value);
	if (value === 0) return '0';
	const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
	return value.toFixed(Math.min(digits, 4));
}

/** A ratio below one half reads better as a fraction. */
function formatRatio(ratio) {
	if (ratio === undefined) return '-';
	return ratio > 0 && ratio < 0.5 ? `1/${formatNumber(1 / ratio)}` : `${formatNumber(ratio)}x`;
}

/** The first column to the left, targets as they come, figures to the right. */
function printColumns(lines) {
	const last = lines[0].length - 1;
	const widths = lines[0].map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
	for (const cells of lines) {
		const padded = cells.map((cell, column) => {
			if (column === 0) return cell.padEnd(widths[0]);
			return column === last ? cell : cell.padStart(widths[column]);
		});
		console.log(`  ${padded.join('  ')}`.trimEnd());
	}
}
