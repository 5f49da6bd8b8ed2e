import ts from 'typescript';

import { lineAt } from './source-file.ts';

/** A comment and the lines it covers, counted from 1. */
export interface Comment {
	readonly text: string;
	readonly firstLine: number;
	readonly lastLine: number;
}

/** Every comment of a file. Asks the tree, so that text which only looks like a comment (in a string, say) does not count. */
export function commentsOf(tree: ts.SourceFile): Comment[] {
	const found = new Map<number, ts.CommentRange>();
	const visit = (node: ts.Node): void => {
		for (const range of ts.getLeadingCommentRanges(tree.text, node.pos) ?? []) found.set(range.pos, range);
		for (const range of ts.getTrailingCommentRanges(tree.text, node.end) ?? []) found.set(range.pos, range);
		for (const child of node.getChildren(tree)) if (!isInsideText(child)) visit(child);
	};
	visit(tree);
	return [...found.values()].map((range) => ({
		text: tree.text.slice(range.pos, range.end),
		firstLine: lineAt(tree, range.pos),
		lastLine: lineAt(tree, range.end),
	}));
}

/** The comments right above a declaration, as one text. */
export function commentAbove(tree: ts.SourceFile, node: ts.Node): string {
	const ranges = ts.getLeadingCommentRanges(tree.text, node.pos) ?? [];
	return ranges.map((range) => tree.text.slice(range.pos, range.end)).join('\n');
}

/** Around the parts of a template there is text, not code: what looks like a comment there is none. */
function isInsideText(node: ts.Node): boolean {
	return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node) || ts.isJSDoc(node);
}
