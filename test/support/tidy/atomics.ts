import ts from 'typescript';

import { type Comment, commentAbove, commentsOf } from './comments.ts';
import { lineAt, parse, type Rule, walk } from './source-file.ts';

/** How many lines below its comment a call may stand. */
const REACH_LINES = 3;

/** Words that a comment uses to name the other half: "pairs with the load in read()", "wakes the wait in park()". */
const NAMES_PARTNER = /\b(pair(s|ed)?|partner|wakes?|woken)\b/i;

/**
 * Every `Atomics` call has a comment that names its partner on the other side: on its line, at most three lines above, or above
 * its function.
 */
export const namesPartnerOfAtomics: Rule = (file) => {
	const tree = parse(file);
	const comments = commentsOf(tree).filter((comment) => NAMES_PARTNER.test(comment.text));
	const violations: string[] = [];
	for (const call of atomicsCalls(tree)) {
		const line = lineAt(tree, call.getStart(tree));
		if (comments.some((comment) => reaches(comment, line)) || functionNamesPartner(tree, call)) continue;
		violations.push(
			`${file.path}:${line}: ${call.expression.getText(tree)} has no comment that names its partner ("pairs with ...")`,
		);
	}
	return violations;
};

/** How many `Atomics` calls a file holds. */
export function countAtomics(file: { path: string; text: string }): number {
	return [...atomicsCalls(parse(file))].length;
}

function* atomicsCalls(tree: ts.SourceFile): Generator<ts.CallExpression> {
	for (const node of walk(tree)) {
		if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) continue;
		if (node.expression.expression.getText(tree) === 'Atomics') yield node;
	}
}

function reaches(comment: Comment, line: number): boolean {
	return comment.firstLine <= line && line <= comment.lastLine + REACH_LINES;
}

function functionNamesPartner(tree: ts.SourceFile, call: ts.Node): boolean {
	for (let node = call.parent; !ts.isSourceFile(node); node = node.parent) {
		if (ts.isFunctionLike(node) && NAMES_PARTNER.test(commentAbove(tree, node))) return true;
	}
	return false;
}
