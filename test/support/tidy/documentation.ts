import ts from 'typescript';

import { commentAbove } from './comments.ts';
import { lineAt, parse, type Rule, where } from './source-file.ts';

const MIN_OPENING_LINES = 4;

/**
 * Every export has a TSDoc comment where it is declared.
 *
 * One comment may stand over several constants, as a caption over a table: it covers those that follow without a blank line. The
 * comment of a type covers its values in the same way.
 */
export const documentsItsExports: Rule = (file) => {
	const tree = parse(file);
	const exportedByName = namesInExportLists(tree);
	const violations: string[] = [];
	let captioned: ts.Statement | undefined;
	for (const statement of tree.statements) {
		const names = declaredNames(statement);
		const isDocumented = commentAbove(tree, statement).includes('/**') || isUnderCaption(tree, statement, captioned);
		if (isDocumented) captioned = statement;
		if (!names.some((name) => exportedByName.has(name)) && !hasModifier(statement, ts.SyntaxKind.ExportKeyword)) continue;
		if (!isDocumented) violations.push(`${where(tree, statement)}: \`${names.join(', ')}\` is exported and has no TSDoc`);
	}
	return violations;
};

/** The index.ts of a folder says what the folder is, what it does not know, and what always holds. */
export const opensWithAComment: Rule = (file) => {
	const tree = parse(file);
	const [first] = ts.getLeadingCommentRanges(file.text, 0) ?? [];
	const lines = first ? lineAt(tree, first.end) - lineAt(tree, first.pos) + 1 : 0;
	return lines < MIN_OPENING_LINES
		? [`${file.path}:1: opens with a comment of ${lines} lines, at least ${MIN_OPENING_LINES}: what this folder is and promises`]
		: [];
};

function isUnderCaption(tree: ts.SourceFile, statement: ts.Statement, captioned: ts.Statement | undefined): boolean {
	if (!captioned || !ts.isVariableStatement(statement)) return false;
	if (!ts.isVariableStatement(captioned) && !ts.isTypeAliasDeclaration(captioned)) return false;
	return captioned.end === statement.pos && lineAt(tree, statement.getStart(tree)) === lineAt(tree, captioned.end) + 1;
}

function declaredNames(statement: ts.Statement): string[] {
	if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map((one) => one.name.getText());
	const name = (statement as ts.Statement & { readonly name?: ts.Node }).name;
	return name ? [name.getText()] : [];
}

/** Names in `export { a, b as c }` of this file; re-exports of other files are documented over there. */
function namesInExportLists(tree: ts.SourceFile): Set<string> {
	const names = new Set<string>();
	for (const statement of tree.statements) {
		if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier || !statement.exportClause) continue;
		if (!ts.isNamedExports(statement.exportClause)) continue;
		for (const element of statement.exportClause.elements) names.add((element.propertyName ?? element.name).text);
	}
	return names;
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
	return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);
}
