import ts from 'typescript';

import { lineAt, parse, type Rule, walk, where } from './source-file.ts';

const MAX_FILE_LINES = 300;
const MAX_FUNCTION_LINES = 70;

/** A file can be read in one sitting. */
export const isShortFile: Rule = (file) => {
	const lines = file.text.trimEnd().split('\n').length;
	return lines > MAX_FILE_LINES ? [`${file.path}: ${lines} lines, at most ${MAX_FILE_LINES}`] : [];
};

/** A function fits on a screen. Counted from its first to its last line, functions inside it included. */
export const hasShortFunctions: Rule = (file) => {
	const tree = parse(file);
	const violations: string[] = [];
	for (const node of walk(tree)) {
		if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) continue;
		const lines = lineAt(tree, node.end) - lineAt(tree, node.getStart(tree)) + 1;
		if (lines > MAX_FUNCTION_LINES)
			violations.push(`${where(tree, node)}: function of ${lines} lines, at most ${MAX_FUNCTION_LINES}`);
	}
	return violations;
};

/** How many functions a file holds: what tells a check that saw them from one that looked past them. */
export function countFunctions(file: { path: string; text: string }): number {
	let count = 0;
	for (const node of walk(parse(file))) if (ts.isFunctionLike(node) && 'body' in node && node.body) count += 1;
	return count;
}
