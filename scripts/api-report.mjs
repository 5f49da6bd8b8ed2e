#!/usr/bin/env node
/*
 * Writes down what each entry of the package exports, one file for each in etc/api, so that a change of the interface shows in review.
 *
 * Reads the built declarations: `npm run api` builds and writes, `npm run api -- --check` fails when a report is not what it would write.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(root, 'etc/api');
/** Lines that a failed check shows of each report. */
const SHOWN_LINES = 12;

/** The entries of the package with the files that declare them. @returns {[name: string, declarations: string][]} */
function entriesOf() {
	/** @type {{ exports: Record<string, string | { types?: string }> }} */
	const { exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
	return Object.entries(exports).flatMap(([name, entry]) =>
		typeof entry === 'object' && entry.types
			? [/** @type {[string, string]} */ ([path.posix.join('coproc', name), path.join(root, entry.types)])]
			: [],
	);
}

/** Prints declarations as they are, without comments and without what is private. */
class Reporter {
	#checker;
	#printer = ts.createPrinter({ removeComments: true });

	constructor(/** @type {ts.TypeChecker} */ checker) {
		this.#checker = checker;
	}

	/** The report of one entry. @type {(name: string, file: ts.SourceFile) => string} */
	report(name, file) {
		const module = this.#checker.getSymbolAtLocation(file);
		const exported = new Map(
			(module ? this.#checker.getExportsOfModule(module) : []).map((symbol) => [symbol.name, this.#resolve(symbol)]),
		);
		if (exported.size === 0) throw new Error(`${name} exports nothing`);
		const lines = [`# ${name}`, '', `What \`${name}\` exports. Written by \`npm run api\`; review its changes.`, '', '```ts'];
		for (const [exportName, symbol] of [...exported].toSorted(([a], [b]) => (a < b ? -1 : 1)))
			lines.push(...this.#print(symbol, exportName), '');
		const named = this.#namedOnly(new Set(exported.values()));
		if (named.length > 0) lines.push('// Not exported, but named by what is.', '');
		for (const symbol of named) lines.push(...this.#print(symbol, symbol.name), '');
		return `${lines.join('\n').trimEnd()}\n\`\`\`\n`;
	}

	/** What exported declarations name that is not exported itself. What those name in turn is inside. @type {(exported: Set<ts.Symbol>) => ts.Symbol[]} */
	#namedOnly(exported) {
		/** @type {Map<string, ts.Symbol>} */
		const found = new Map();
		for (const declaration of [...exported].flatMap((symbol) => this.#shown(symbol))) {
			this.#forEachName(declaration, (identifier) => {
				const at = this.#checker.getSymbolAtLocation(identifier);
				const named = at && this.#resolve(at);
				if (named && !exported.has(named) && this.#isOurs(named)) found.set(named.name, named);
			});
		}
		return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
	}

	/** @type {(node: ts.Node, visit: (identifier: ts.Identifier) => void) => void} */
	#forEachName(node, visit) {
		if (isHidden(node)) return;
		if (ts.isIdentifier(node)) visit(node);
		ts.forEachChild(node, (child) => this.#forEachName(child, visit));
	}

	/** @type {(symbol: ts.Symbol, name: string) => string[]} */
	#print(symbol, name) {
		const lines = this.#shown(symbol).flatMap((declaration) => {
			const text = this.#printer.printNode(ts.EmitHint.Unspecified, withoutHidden(declaration), declaration.getSourceFile());
			return text.replace(/^(export )?(declare )?/, '').split('\n');
		});
		return symbol.name === name ? lines : [`// as ${name}`, ...lines];
	}

	/** The declarations of a symbol, as statements. @type {(symbol: ts.Symbol) => ts.Node[]} */
	#shown(symbol) {
		return (symbol.declarations ?? []).map((declaration) =>
			ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration,
		);
	}

	/** True for what stands at the top of a file of the package. */
	#isOurs(/** @type {ts.Symbol} */ symbol) {
		return this.#shown(symbol).some(
			(node) => ts.isSourceFile(node.parent) && node.getSourceFile().fileName.startsWith(path.join(root, 'dist')),
		);
	}

	#resolve(/** @type {ts.Symbol} */ symbol) {
		return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
	}
}

/** True for private members, and for what is marked as internal. */
function isHidden(/** @type {ts.Node} */ node) {
	if (ts.isClassElement(node) && node.name && ts.isPrivateIdentifier(node.name)) return true;
	if (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)) return true;
	return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal');
}

/** The declaration without its hidden members. @template {ts.Node} T @param {T} declaration @returns {T} */
function withoutHidden(declaration) {
	const { factory } = ts;
	if (ts.isClassDeclaration(declaration)) {
		const { modifiers, name, typeParameters, heritageClauses, members } = declaration;
		const shown = members.filter((member) => !isHidden(member));
		return /** @type {T} */ (
			/** @type {unknown} */ (
				factory.updateClassDeclaration(declaration, modifiers, name, typeParameters, heritageClauses, shown)
			)
		);
	}
	if (ts.isInterfaceDeclaration(declaration)) {
		const { modifiers, name, typeParameters, heritageClauses, members } = declaration;
		const shown = members.filter((member) => !isHidden(member));
		return /** @type {T} */ (
			/** @type {unknown} */ (
				factory.updateInterfaceDeclaration(declaration, modifiers, name, typeParameters, heritageClauses, shown)
			)
		);
	}
	return declaration;
}

/** What changed, by line, without moving anything: lines that only one of the two has. @type {(before: string, after: string) => string[]} */
function changesOf(before, after) {
	const [old, fresh] = [before, after].map((text) => text.split('\n'));
	const gone = (old ?? []).filter((line) => !fresh?.includes(line)).map((line) => `- ${line}`);
	const come = (fresh ?? []).filter((line) => !old?.includes(line)).map((line) => `+ ${line}`);
	return [...gone, ...come];
}

const entries = entriesOf();
const missing = entries.find(([, file]) => !existsSync(file));
if (missing) throw new Error(`${missing[1]} is not there: run \`npm run build\` first`);
const program = ts.createProgram(
	entries.map(([, file]) => file),
	{
		module: ts.ModuleKind.NodeNext,
		target: ts.ScriptTarget.ES2023,
		lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
		types: ['node'],
		skipLibCheck: true,
	},
);
const reporter = new Reporter(program.getTypeChecker());
const reports = new Map(
	entries.map(([name, file]) => {
		const source = program.getSourceFile(file);
		if (!source) throw new Error(`${file} could not be read`);
		return [`${name.replaceAll('/', '-')}.md`, reporter.report(name, source)];
	}),
);
if (process.argv.includes('--check')) {
	const there = existsSync(folder) ? readdirSync(folder) : [];
	const names = new Set([...reports.keys(), ...there]);
	for (const name of names) {
		const before = there.includes(name) ? readFileSync(path.join(folder, name), 'utf8') : '';
		const after = reports.get(name) ?? '';
		if (before === after) continue;
		process.exitCode = 1;
		console.error(`etc/api/${name} is not what the package exports: run \`npm run api\`, and look at what changed`);
		console.error(changesOf(before, after).slice(0, SHOWN_LINES).join('\n'));
	}
	console.log(`${reports.size} entries compared`);
} else {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	for (const [name, text] of reports) writeFileSync(path.join(folder, name), text);
	console.log(`${reports.size} reports in etc/api`);
}
