import ts from 'typescript';

import { parse, type Rule, walk, where } from './source-file.ts';

/** From here on a pause is a guess about how long something takes, in milliseconds; below, it is a turn of the event loop. */
const SLEEP_MS = 10;

/**
 * A test waits for an event, never for time to pass: a sleep is too short on a busy machine and too long on every other.
 *
 * A sleep is `setTimeout` of node:timers/promises, or a promise whose `resolve` is what the timer calls. A timer that rejects is
 * a limit, and allowed.
 */
export const waitsForEvents: Rule = (file) => {
	const tree = parse(file);
	const promised = promisedTimers(tree);
	const violations: string[] = [];
	for (const node of walk(tree)) {
		if (!ts.isCallExpression(node)) continue;
		const [first, second] = node.arguments;
		const callee = node.expression.getText(tree);
		const isSleep = promised.has(callee)
			? !isShort(first)
			: callee === 'setTimeout' && first !== undefined && resolvesPromise(first) && !isShort(second);
		if (isSleep) violations.push(`${where(tree, node)}: sleeps; wait for the event instead`);
	}
	return violations;
};

/** A literal below the limit, or no delay at all. What is not a literal may be any length. */
function isShort(delay: ts.Expression | undefined): boolean {
	if (!delay) return true;
	return ts.isNumericLiteral(delay) && Number(delay.text) < SLEEP_MS;
}

/** Names under which this file calls the `setTimeout` of node:timers/promises. */
function promisedTimers(tree: ts.SourceFile): Set<string> {
	const names = new Set<string>();
	for (const statement of tree.statements) {
		if (!ts.isImportDeclaration(statement) || !/^['"](node:)?timers\/promises['"]$/.test(statement.moduleSpecifier.getText(tree)))
			continue;
		const clause = statement.importClause;
		const bindings = clause?.namedBindings;
		if (clause?.name) names.add(`${clause.name.text}.setTimeout`);
		if (!bindings) continue;
		if (ts.isNamespaceImport(bindings)) names.add(`${bindings.name.text}.setTimeout`);
		else for (const one of bindings.elements) if ((one.propertyName ?? one.name).text === 'setTimeout') names.add(one.name.text);
	}
	return names;
}

/** True when the timer's callback is, or calls, the first parameter of the executor of a `new Promise` around it. */
function resolvesPromise(callback: ts.Expression): boolean {
	for (let node: ts.Node = callback; !ts.isSourceFile(node); node = node.parent) {
		if (!ts.isNewExpression(node.parent) || node.parent.expression.getText() !== 'Promise') continue;
		if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) continue;
		const resolve = node.parameters[0]?.name.getText();
		return resolve !== undefined && (callback.getText() === resolve || calls(callback, resolve));
	}
	return false;
}

function calls(callback: ts.Expression, name: string): boolean {
	for (const node of walk(callback)) if (ts.isCallExpression(node) && node.expression.getText() === name) return true;
	return false;
}
