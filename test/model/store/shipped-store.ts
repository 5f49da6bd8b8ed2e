/*
 * The store of mailboxes as it is shipped, loaded from its source, as it stands or with one thing broken.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

import * as errors from '../../../src/errors/index.ts';

export type ShippedStore = typeof import('../../../src/mailbox/store/index.ts');

/** A change to one of the files: `from` must be there exactly once. */
export interface Edit {
	readonly file: string;
	readonly from: string;
	readonly to: string;
}

const transpiled = new Map<string, string>();

/** Loads the store anew, after `edits`. */
export function loadStore(edits: readonly Edit[] = []): ShippedStore {
	const modules = new Map<string, object>();
	const load = (file: string): object => {
		const known = modules.get(file);
		if (known) return known;
		const exported = {};
		modules.set(file, exported);
		let source = readFileSync(path.join(storeFolder(), file), 'utf8');
		for (const edit of edits) if (edit.file === file) source = apply(source, edit);
		const require = (name: string): object => (name.startsWith('./') ? load(name.slice(2)) : errors);
		// The code is our own source.
		// oxlint-disable-next-line typescript/no-implied-eval, no-new-func
		(new Function('exports', 'require', transpile(source)) as (exports: object, require: unknown) => void)(exported, require);
		return exported;
	};
	const unknown = edits.find(({ file }) => !existsSync(path.join(storeFolder(), file)));
	if (unknown) throw new Error(`there is no ${unknown.file}`);
	return load('index.ts') as ShippedStore;
}

function transpile(source: string): string {
	const known = transpiled.get(source);
	if (known !== undefined) return known;
	const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.CommonJS, verbatimModuleSyntax: false };
	const { outputText } = ts.transpileModule(source, { compilerOptions });
	transpiled.set(source, outputText);
	return outputText;
}

function apply(source: string, { file, from, to }: Edit): string {
	const parts = source.split(from);
	if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times: ${from}`);
	return parts.join(to);
}

/** src/mailbox/store of the project, wherever this file was built to. */
function storeFolder(): string {
	let folder = path.dirname(fileURLToPath(import.meta.url));
	while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
	return path.join(folder, 'src/mailbox/store');
}
