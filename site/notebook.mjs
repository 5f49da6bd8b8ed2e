/*
 * A notebook as a page: its text, its cells as programs, and below each what it showed when it was committed.
 */

/**
 * @typedef {{ output_type: string, text?: string[], data?: Record<string, string[]> }} Output
 * @typedef {{ cell_type: string, source: string[], outputs?: Output[] }} Cell
 */

/**
 * Returns the page and the pictures that stand beside it.
 *
 * @param {string} json of the notebook
 * @param {string} name what the names of pictures begin with
 */
export function notebookPage(json, name) {
	/** @type {{ cells: Cell[] }} */
	const { cells } = JSON.parse(json);
	/** @type {Map<string, string>} */
	const pictures = new Map();
	const blocks = cells.flatMap((cell) => {
		if (cell.cell_type !== 'code') return [cell.source.join('')];
		return [fence('ts', cell.source), ...(cell.outputs ?? []).map((output) => shown(output, name, pictures))];
	});
	return { text: `${blocks.filter(Boolean).join('\n\n')}\n`, pictures };
}

/** @type {(output: Output, name: string, pictures: Map<string, string>) => string} */
function shown({ output_type, text, data = {} }, name, pictures) {
	if (output_type === 'stream') return fence('text', text);
	const svg = data['image/svg+xml']?.join('');
	if (!svg) return fence('text', data['text/plain']);
	const file = `${name}-${pictures.size + 1}.svg`;
	pictures.set(file, svg);
	const title = /<title>([^<]*)<\/title>/.exec(svg)?.[1] ?? '';
	return `<p><img src="./${file}" alt="${title}"></p>`;
}

function fence(/** @type {string} */ language, /** @type {string[]} */ lines = []) {
	const text = lines.join('').trimEnd();
	return text && `\`\`\`${language}\n${text}\n\`\`\``;
}
