/*
 * Turns shipped classes into ones that a scheduler can stop before every access to shared memory: each method becomes a
 * generator, each `Atomics.x(...)` becomes `(yield 'x', Atomics.x(...))`, and nothing else changes.
 *
 * Constructors become a method `construct`, and getters methods, for neither can be a generator.
 */
import ts from 'typescript';

export interface Rewritten {
	/** JavaScript without imports and exports. */
	readonly code: string;
	/** How many Atomics calls have become scheduling points. */
	readonly atomics: number;
	/** How many plain accesses to the ring's data have, when they were asked for. */
	readonly plain: number;
}

/** Counts `Atomics.x(` in the tokens of `source`, without comments and without the syntax tree that {@link rewrite} uses. */
export function countAtomics(source: string): number {
	const scanner = ts.createScanner(ts.ScriptTarget.ES2023, true, ts.LanguageVariant.Standard, source);
	let count = 0;
	let last: string[] = [];
	while (scanner.scan() !== ts.SyntaxKind.EndOfFileToken) {
		last = [...last, scanner.getTokenText()].slice(-4);
		if (last[0] === 'Atomics' && last[1] === '.' && last[3] === '(') count += 1;
	}
	return count;
}

/** @param atPlainAccesses stops before each plain read and write of the data as well */
export function rewrite(typescript: string, atPlainAccesses: boolean): Rewritten {
	const { outputText } = ts.transpileModule(typescript, {
		compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
	});
	const file = ts.createSourceFile('shipped.js', outputText, ts.ScriptTarget.ES2023, true, ts.ScriptKind.JS);
	const tally = { atomics: 0, plain: 0 };
	const { transformed } = ts.transform(file, [(context) => (root) => new Rewriter(context, atPlainAccesses, tally).file(root)]);
	return { code: ts.createPrinter({ removeComments: true }).printFile(transformed[0] as ts.SourceFile), ...tally };
}

class Rewriter {
	readonly #context: ts.TransformationContext;
	readonly #factory: ts.NodeFactory;
	readonly #atPlainAccesses: boolean;
	readonly #tally: { atomics: number; plain: number };
	/** Names of the class at hand that are called, or read, as generators. */
	#methods = new Set<string>();
	#getters = new Set<string>();

	constructor(context: ts.TransformationContext, atPlainAccesses: boolean, tally: { atomics: number; plain: number }) {
		this.#context = context;
		this.#factory = context.factory;
		this.#atPlainAccesses = atPlainAccesses;
		this.#tally = tally;
	}

	file(root: ts.SourceFile): ts.SourceFile {
		const kept = root.statements.filter((statement) => !ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement));
		return this.#factory.updateSourceFile(
			root,
			kept.map((statement) => this.#statement(statement)),
		);
	}

	#statement(statement: ts.Statement): ts.Statement {
		const factory = this.#factory;
		if (ts.isClassDeclaration(statement)) {
			this.#methods = new Set(statement.members.filter(ts.isMethodDeclaration).map((member) => member.name.getText()));
			this.#getters = new Set(statement.members.filter(ts.isGetAccessor).map((member) => member.name.getText()));
			const members = statement.members.map((member) => this.#member(member));
			return factory.updateClassDeclaration(statement, [], statement.name, undefined, statement.heritageClauses, members);
		}
		if (countAtomics(statement.getText()) > 0) throw new Error('Atomics outside a class are not rewritten');
		if (ts.isVariableStatement(statement)) return factory.updateVariableStatement(statement, [], statement.declarationList);
		if (ts.isFunctionDeclaration(statement)) {
			const { asteriskToken, name, parameters, body } = statement;
			return factory.updateFunctionDeclaration(statement, [], asteriskToken, name, undefined, parameters, undefined, body);
		}
		throw new Error(`${ts.SyntaxKind[statement.kind]} at top level is not rewritten`);
	}

	#member(member: ts.ClassElement): ts.ClassElement {
		if (ts.isConstructorDeclaration(member)) return this.#generator('construct', member);
		if (ts.isMethodDeclaration(member) || ts.isGetAccessor(member)) return this.#generator(member.name, member);
		if (ts.isPropertyDeclaration(member) && countAtomics(member.getText()) === 0) return member;
		throw new Error(`${ts.SyntaxKind[member.kind]} in a class is not rewritten`);
	}

	#generator(
		name: ts.PropertyName | string,
		member: ts.ConstructorDeclaration | ts.MethodDeclaration | ts.GetAccessorDeclaration,
	) {
		const { parameters, body } = member;
		const asterisk = this.#factory.createToken(ts.SyntaxKind.AsteriskToken);
		const steps = ts.visitNode(body, (node) => this.#node(node)) as ts.Block;
		return this.#factory.createMethodDeclaration([], asterisk, name, undefined, undefined, parameters, undefined, steps);
	}

	#node(node: ts.Node): ts.Node {
		const inner = (): ts.Node => ts.visitEachChild(node, (child) => this.#node(child), this.#context);
		if (ts.isFunctionLike(node)) throw new Error('functions within methods are not rewritten');
		if (ts.isCallExpression(node)) {
			const { expression } = node;
			if (isMember(expression, 'Atomics')) {
				this.#tally.atomics += 1;
				return this.#stopBefore(expression.name.text, inner());
			}
			if (isMember(expression, 'this') && this.#methods.has(expression.name.text)) return this.#delegate(inner());
			if (isMember(expression, 'sink')) return this.#delegate(inner());
			if (expression.getText().endsWith('.data.set')) return this.#stopBeforePlain(inner());
		}
		if (isMember(node, 'this') && this.#getters.has(node.name.text)) {
			return this.#delegate(this.#factory.createCallExpression(node, undefined, []));
		}
		if (isAssignment(node) && isDataWord(node.left)) {
			return this.#stopBeforePlain(inner());
		}
		if (isDataWord(node) && !isAssigned(node)) return this.#stopBeforePlain(inner());
		return inner();
	}

	#stopBefore(point: string, action: ts.Node): ts.Expression {
		const stop = this.#factory.createYieldExpression(undefined, this.#factory.createStringLiteral(point));
		return this.#factory.createParenthesizedExpression(this.#factory.createComma(stop, action as ts.Expression));
	}

	#stopBeforePlain(access: ts.Node): ts.Node {
		if (!this.#atPlainAccesses) return access;
		this.#tally.plain += 1;
		return this.#stopBefore('plain', access);
	}

	#delegate(call: ts.Node): ts.Expression {
		const asterisk = this.#factory.createToken(ts.SyntaxKind.AsteriskToken);
		return this.#factory.createParenthesizedExpression(this.#factory.createYieldExpression(asterisk, call as ts.Expression));
	}
}

/** `object.name`, where object is one word. */
function isMember(node: ts.Node, object: string): node is ts.PropertyAccessExpression {
	return ts.isPropertyAccessExpression(node) && node.expression.getText() === object;
}

/** `words[...]` and `this.#words[...]`: the ring's data as 32-bit words. */
function isDataWord(node: ts.Node): boolean {
	return ts.isElementAccessExpression(node) && /(^|#)words$/.test(node.expression.getText());
}

function isAssignment(node: ts.Node): node is ts.BinaryExpression {
	if (!ts.isBinaryExpression(node)) return false;
	const { kind } = node.operatorToken;
	return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function isAssigned(node: ts.Node): boolean {
	return isAssignment(node.parent) && node.parent.left === node;
}
