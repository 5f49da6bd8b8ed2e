/*
 * The CPU work of the job: one source file in, its figures out. Runs unchanged on the main thread and inside workers.
 *
 * Nothing here throws for a bad file: what cannot be read or parsed becomes a result with `error`.
 */
import { readFileSync } from 'node:fs';

import ts from 'typescript';

/**
 * Files nested deeper than this are reported, not counted.
 *
 * The parser recurses, and where its stack ends depends on the thread, its stack size and what the JIT compiler has done so
 * far. A limit well inside every one of those stacks gives the same answer wherever the file is parsed.
 */
export const MAX_NESTING = 300;

/**
 * @typedef {object} ParsedFile
 * @property {number} bytes Size of the file in bytes.
 * @property {number} tokens Tokens of the language; comments and white space are none.
 * @property {number} lines Lines, counted as editors do: an empty file has one.
 * @property {number} nesting Syntax elements around the innermost one; those that begin at the same place count once.
 * @property {number} syntaxErrors Errors that the parser found and recovered from.
 * @property {number} ms Time it took, in milliseconds.
 * @property {undefined} [error]
 */

/**
 * @typedef {object} FailedFile
 * @property {string} error Why there are no figures, in one line.
 * @property {number} ms Time it took, in milliseconds.
 */

/** @typedef {ParsedFile | FailedFile} FileResult */

/**
 * Reads and parses one source.
 *
 * @param {string} path Absolute path; its extension selects the language.
 * @param {(path: string) => Buffer} [read] Replaces reading from disk.
 * @returns {FileResult}
 */
export function parseFile(path, read = readFileSync) {
	const start = performance.now();
	const figures = figuresOrError(path, read);
	return { ...figures, ms: performance.now() - start };
}

/**
 * @param {string} path
 * @param {(path: string) => Buffer} read
 * @returns {Omit<ParsedFile, 'ms'> | Omit<FailedFile, 'ms'>}
 */
function figuresOrError(path, read) {
	/** @type {Buffer} */
	let content;
	try {
		content = read(path);
	} catch (error) {
		return { error: `cannot be read: ${reasonOf(error)}` };
	}
	try {
		return measure(path, content);
	} catch (error) {
		resetParser();
		return { error: isStackOverflow(error) ? tooDeep() : `the parser failed: ${reasonOf(error)}` };
	}
}

/**
 * @param {string} path
 * @param {Buffer} content
 * @returns {Omit<ParsedFile, 'ms'> | Omit<FailedFile, 'ms'>}
 */
function measure(path, content) {
	const source = ts.createSourceFile(path, decode(content), ts.ScriptTarget.Latest);
	const { tokens, nesting } = walk(source);
	if (nesting > MAX_NESTING) return { error: tooDeep() };
	// Not in the public typings, but the only way to the syntax errors without building a whole program.
	const { parseDiagnostics } = /** @type {{ parseDiagnostics?: readonly unknown[] }} */ (/** @type {unknown} */ (source));
	return {
		bytes: content.length,
		tokens,
		lines: source.getLineStarts().length,
		nesting,
		syntaxErrors: parseDiagnostics?.length ?? 0,
	};
}

/**
 * Visits every node in source order with a stack of its own: `a + b + c + …` parses without recursion into a tree that is as
 * deep as it has operands, and a recursive visit would overflow on it.
 *
 * @param {ts.SourceFile} source
 */
function walk(source) {
	/** @type {ts.Node[]} */
	const nodes = [source];
	const depths = [0];
	const countTokens = tokenCounter(source);
	let nesting = 0;
	for (let node = nodes.pop(); node; node = nodes.pop()) {
		const depth = depths.pop() ?? 0;
		if (depth > nesting) nesting = depth;
		if (ts.isTokenKind(node.kind)) countTokens.leaf(node);
		const first = nodes.length;
		const { pos } = node;
		ts.forEachChild(node, (child) => {
			nodes.push(child);
			depths.push(child.pos === pos ? depth : depth + 1);
		});
		reverse(nodes, first);
		reverse(depths, first);
	}
	return { tokens: countTokens.end(), nesting };
}

/**
 * Counts tokens exactly. What a scanner alone cannot tell apart (regular expression or division, template, JSX text) are
 * leaves of the tree, taken as they are; between two leaves there is only punctuation, and that it scans correctly.
 *
 * @param {ts.SourceFile} source
 */
function tokenCounter(source) {
	const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, source.languageVariant, source.text);
	let tokens = 0;
	/** @param {number} end */
	const scanUpTo = (end) => {
		while (scanner.getTokenEnd() < end) {
			if (scanner.scan() === ts.SyntaxKind.EndOfFileToken) return;
			// A leaf's `pos` is where the token before it ended, so that a token which goes past it is the leaf itself.
			if (scanner.getTokenEnd() > end) return scanner.resetTokenState(end);
			tokens += 1;
		}
	};
	return {
		/** @param {ts.Node} node */
		leaf(node) {
			// Zero width: a token that was missing and that the parser made up. The end of the file is no token either.
			if (node.kind === ts.SyntaxKind.EndOfFileToken || node.end <= node.pos) return;
			if (node.pos < scanner.getTokenEnd()) return;
			scanUpTo(node.pos);
			scanner.resetTokenState(node.end);
			tokens += 1;
		},
		end() {
			scanUpTo(source.text.length);
			return tokens;
		},
	};
}

/**
 * @param {unknown[]} list
 * @param {number} first
 */
function reverse(list, first) {
	for (let low = first, high = list.length - 1; low < high; low += 1, high -= 1) {
		[list[low], list[high]] = [list[high], list[low]];
	}
}

/**
 * UTF-8, or UTF-16 where a byte order mark says so, as the compiler reads its files.
 *
 * @param {Buffer} content
 */
function decode(content) {
	if (content[0] === 0xff && content[1] === 0xfe) return content.toString('utf16le', 2);
	const text = content.toString('utf8');
	return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/**
 * A parser that threw keeps notes on the file (positions that cannot be arrow functions, for one) and would apply them to the
 * next one. They are wiped at the end of a parse that succeeds.
 */
function resetParser() {
	ts.createSourceFile('empty.ts', '', ts.ScriptTarget.Latest);
}

/** @param {unknown} error */
function isStackOverflow(error) {
	return error instanceof RangeError && /call stack/i.test(error.message);
}

function tooDeep() {
	return `nested too deep for the parser (more than ${MAX_NESTING} levels)`;
}

/** @param {unknown} error */
function reasonOf(error) {
	if (!(error instanceof Error)) return String(error);
	// "ENOENT: no such file or directory, open '/long/path'": the path is printed before the reason already.
	const text = error.message.replace(/, \w+ '[^]*'$/, '').split('\n', 1)[0] ?? '';
	return error.name === 'Error' || text === '' ? text || error.name : `${error.name}: ${text}`;
}
