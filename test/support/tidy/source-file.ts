import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

/** A file as the rules see it: `path` is relative to the root of the repository, with forward slashes. */
export interface SourceFile {
	readonly path: string;
	readonly text: string;
}

/** A rule looks at one file and returns a sentence for each violation, beginning with where it is. */
export type Rule = (file: SourceFile) => string[];

/** Folder of the repository, with a slash at the end. */
export const ROOT: string = fileURLToPath(new URL('../../../', import.meta.url));

const SKIPPED = new Set(['node_modules', 'dist', 'pages', '.vitepress']);

/** Reads every file below `folder` whose name ends in one of `endings`, in a stable order; none if there is no such folder. */
export function readFiles(folder: string, endings: readonly string[]): SourceFile[] {
	let entries;
	try {
		entries = readdirSync(ROOT + folder, { withFileTypes: true });
	} catch {
		return [];
	}
	const files: SourceFile[] = [];
	for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
		const path = `${folder}/${entry.name}`;
		if (entry.isDirectory() && !SKIPPED.has(entry.name)) files.push(...readFiles(path, endings));
		else if (entry.isFile() && endings.some((ending) => entry.name.endsWith(ending))) files.push(readFile(path));
	}
	return files;
}

/** Reads one file of the repository. */
export function readFile(path: string): SourceFile {
	return { path, text: readFileSync(ROOT + path, 'utf8') };
}

/** Parses a file into a tree whose nodes know their parents. */
export function parse(file: SourceFile): ts.SourceFile {
	return ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
}

/** Every node below `node`, outer before inner. */
export function* walk(node: ts.Node): Generator<ts.Node> {
	const children: ts.Node[] = [];
	ts.forEachChild(node, (child) => void children.push(child));
	for (const child of children) {
		yield child;
		yield* walk(child);
	}
}

/** Line of a position in the file, counted from 1. */
export function lineAt(tree: ts.SourceFile, position: number): number {
	return tree.getLineAndCharacterOfPosition(position).line + 1;
}

/** `path:line` of a node, as editors and terminals make it a link. */
export function where(tree: ts.SourceFile, node: ts.Node): string {
	return `${tree.fileName}:${lineAt(tree, node.getStart(tree))}`;
}
