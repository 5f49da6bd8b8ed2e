import ts from 'typescript';

import { commentsOf } from './comments.ts';
import { parse, type Rule, walk, where } from './source-file.ts';

const DRAWERS = new Set(['common', 'helper', 'helpers', 'misc', 'types', 'util', 'utils']);

/** A file or folder is named after what it holds. `test/types` is exempt: it holds tests of types. */
export const isNamedAfterItsContent: Rule = (file) => {
	const names = file.path.replace(/^test\/types\//, 'test/').split('/');
	return names
		.map((name) => name.replace(/\..*$/, ''))
		.filter((name) => DRAWERS.has(name))
		.map((name) => `${file.path}: \`${name}\` is a drawer, not a name: say what is inside`);
};

/** Everything has one name, the same in every file. */
export const hasNoDefaultExport: Rule = (file) => {
	const tree = parse(file);
	const violations: string[] = [];
	for (const node of walk(tree)) {
		const isDefault =
			ts.isExportAssignment(node) ||
			(ts.isExportSpecifier(node) && node.name.text === 'default') ||
			(node.kind === ts.SyntaxKind.DefaultKeyword && ts.canHaveModifiers(node.parent));
		if (isDefault) violations.push(`${where(tree, node)}: default export`);
	}
	return violations;
};

/** `unknown` at the edges, never `any`. */
export const hasNoAny: Rule = (file) => {
	const tree = parse(file);
	const violations: string[] = [];
	for (const node of walk(tree)) {
		if (node.kind === ts.SyntaxKind.AnyKeyword)
			violations.push(`${where(tree, node)}: \`any\`: write \`unknown\` and look at the value`);
	}
	return violations;
};

/** The compiler is not told to look away. Tests may expect an error: that is how a refusal of the compiler is tested. */
export const silencesNoCompiler: Rule = (file) => {
	const isTest = file.path.startsWith('test/');
	const pattern = isTest ? /@ts-(ignore|nocheck)/ : /@ts-(ignore|nocheck|expect-error)/;
	return commentsOf(parse(file))
		.filter((comment) => pattern.test(comment.text))
		.map((comment) => `${file.path}:${comment.firstLine}: ${pattern.exec(comment.text)?.[0]}`);
};
