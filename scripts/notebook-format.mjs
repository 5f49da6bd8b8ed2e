/*
 * How a notebook is committed: the same text for the same meaning, whoever executes it and how often.
 */

/**
 * @typedef {{ cell_type: string, id?: string, metadata: { tags?: string[] }, source: string | string[], execution_count?: number | null, outputs?: Output[] }} Cell
 * @typedef {{ output_type: string, name?: string, text?: string | string[], data?: Record<string, unknown>, metadata?: object, execution_count?: number | null }} Output
 * @typedef {{ cells: Cell[], metadata: object, nbformat: number, nbformat_minor: number }} Notebook
 */

const METADATA = {
	kernelspec: { display_name: 'Deno', language: 'typescript', name: 'deno' },
	language_info: { file_extension: '.ts', mimetype: 'text/x.typescript', name: 'typescript' },
};
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** Takes out what differs from run to run: ids, times, versions, colours, how a stream of text was cut into pieces. */
export function normalizeNotebook(/** @type {Notebook} */ { cells }) {
	let count = 0;
	/** @type {Notebook} */
	const notebook = { cells: [], metadata: METADATA, nbformat: 4, nbformat_minor: 5 };
	for (const [index, cell] of cells.entries()) {
		const { tags } = cell.metadata;
		const common = {
			cell_type: cell.cell_type,
			id: `cell-${index + 1}`,
			metadata: tags ? { tags } : {},
			source: linesOf(cell.source),
		};
		if (cell.cell_type !== 'code') {
			notebook.cells.push(common);
			continue;
		}
		count += 1;
		notebook.cells.push({ ...common, execution_count: count, outputs: normalizeOutputs(cell.outputs ?? [], count) });
	}
	return notebook;
}

/**
 * Puts what was shown now into the committed notebook. Measured cells keep what they showed as long as the kinds of their
 * outputs are the same and no new measurement is asked for. Says which cells differ, by their execution count.
 */
export function refreshNotebook(/** @type {Notebook} */ committed, /** @type {Notebook} */ executed, isMeasured = false) {
	const before = normalizeNotebook(committed);
	/** @type {number[]} */
	const changed = [];
	const cells = executed.cells.map((cell, index) => {
		const old = before.cells[index];
		if (cell.cell_type !== 'code' || !old) return cell;
		const isKept = !isMeasured && cell.metadata.tags?.includes('measured') && kindsOf(old) === kindsOf(cell);
		const kept = isKept ? old : cell;
		if (JSON.stringify(kept.outputs) !== JSON.stringify(old.outputs)) changed.push(cell.execution_count ?? 0);
		return kept;
	});
	return { notebook: { ...executed, cells }, changed };
}

function normalizeOutputs(/** @type {Output[]} */ outputs, /** @type {number} */ count) {
	/** @type {Output[]} */
	const normal = [];
	for (const output of outputs) {
		const last = normal.at(-1);
		if (output.output_type === 'stream') {
			const text = textOf(output.text).replace(COLOURS, '');
			if (last?.output_type === 'stream' && last.name === output.name) last.text = linesOf(textOf(last.text) + text);
			else normal.push({ output_type: 'stream', name: output.name ?? 'stdout', text: linesOf(text) });
		} else normal.push(normalizeData(output, count));
	}
	return normal;
}

function normalizeData(/** @type {Output} */ output, /** @type {number} */ count) {
	const entries = Object.entries(output.data ?? {}).map(([type, value]) => [
		type,
		isText(value) ? linesOf(textOf(value).replace(COLOURS, '')) : value,
	]);
	const data = Object.fromEntries(entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
	const result = { data, metadata: {}, output_type: output.output_type };
	return output.output_type === 'execute_result' ? { ...result, execution_count: count } : result;
}

/** The kinds of a cell's outputs, such as `stream stdout` and `display_data image/svg+xml`. */
function kindsOf(/** @type {Cell} */ { outputs = [] }) {
	return outputs.map(({ output_type, name, data = {} }) => `${output_type} ${name ?? Object.keys(data).join()}`).join('; ');
}

function isText(/** @type {unknown} */ value) {
	return typeof value === 'string' || (Array.isArray(value) && value.every((line) => typeof line === 'string'));
}

function textOf(/** @type {unknown} */ value) {
	if (Array.isArray(value)) return value.join('');
	return typeof value === 'string' ? value : '';
}

/** Jupyter's way to keep text in JSON: a list of lines, each with its end. */
function linesOf(/** @type {unknown} */ value) {
	return textOf(value).match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
