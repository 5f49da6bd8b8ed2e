/*
 * From results of single files to figures of the whole, and the comparison of two passes.
 */

/** @typedef {import('./find-sources.js').SourceFile} SourceFile */
/** @typedef {import('./parse-file.js').FileResult} FileResult */

const SLOWEST = 5;
const COMPARED = /** @type {const} */ (['error', 'bytes', 'tokens', 'lines', 'nesting', 'syntaxErrors']);

/**
 * @typedef {object} Summary
 * @property {number} files
 * @property {number} bytes Of the files that were parsed.
 * @property {number} parsed
 * @property {number} failed
 * @property {number} withSyntaxErrors Parsed files in which the parser found errors.
 * @property {number} tokens
 * @property {number} lines
 * @property {{ nesting: number, path: string } | null} deepest The first one, if several are equally deep.
 * @property {{ ms: number, path: string }[]} slowest
 * @property {{ path: string, reason: string }[]} failures
 */

/**
 * @param {readonly SourceFile[]} files
 * @param {readonly FileResult[]} results In the order of `files`.
 * @returns {Summary}
 */
export function summarise(files, results) {
	/** @type {Summary} */
	const summary = {
		files: files.length,
		bytes: 0,
		parsed: 0,
		failed: 0,
		withSyntaxErrors: 0,
		tokens: 0,
		lines: 0,
		deepest: null,
		slowest: [],
		failures: [],
	};
	const times = [];
	for (const [index, { path }] of files.entries()) {
		const result = results.at(index) ?? { error: 'there is no result', ms: 0 };
		times.push({ ms: result.ms, path });
		if (result.error === undefined) addParsed(summary, path, result);
		else summary.failures.push({ path, reason: result.error });
	}
	summary.failed = summary.failures.length;
	summary.slowest = times.sort((a, b) => b.ms - a.ms).slice(0, SLOWEST);
	return summary;
}

/**
 * @param {Summary} summary
 * @param {string} path
 * @param {import('./parse-file.js').ParsedFile} result
 */
function addParsed(summary, path, result) {
	summary.parsed += 1;
	summary.bytes += result.bytes;
	summary.tokens += result.tokens;
	summary.lines += result.lines;
	if (result.syntaxErrors > 0) summary.withSyntaxErrors += 1;
	if (!summary.deepest || result.nesting > summary.deepest.nesting) summary.deepest = { nesting: result.nesting, path };
}

/**
 * @typedef {object} Difference
 * @property {string} path
 * @property {string} field The first figure that differs.
 * @property {string | number | undefined} oneThread
 * @property {string | number | undefined} parallel
 */

/**
 * Compares two passes file by file, in everything but time.
 *
 * @param {readonly SourceFile[]} files
 * @param {readonly FileResult[]} oneThread
 * @param {readonly FileResult[]} parallel
 * @returns {Difference[]} Empty if both are equal.
 */
export function compareResults(files, oneThread, parallel) {
	return files.flatMap(({ path }, index) => {
		const one = /** @type {Partial<Record<string, string | number>>} */ (oneThread[index] ?? {});
		const other = /** @type {Partial<Record<string, string | number>>} */ (parallel[index] ?? {});
		const field = COMPARED.find((name) => one[name] !== other[name]);
		return field === undefined ? [] : [{ path, field, oneThread: one[field], parallel: other[field] }];
	});
}
