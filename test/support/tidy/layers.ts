import { posix } from 'node:path';

import ts from 'typescript';

import { lineAt, parse, type Rule, type SourceFile } from './source-file.ts';

const LEAVES = ['errors', 'internal'];
const UP_TO_TRANSPORT = [...LEAVES, 'ringbuf', 'transport'];
const UP_TO_RPC = [...UP_TO_TRANSPORT, 'messenger', 'rpc'];
const UP_TO_WORKERS = [...UP_TO_RPC, 'resource', 'worker'];
const EVERYTHING_BELOW_THE_DOOR = [...UP_TO_WORKERS, 'pool', 'mailbox', 'process', 'actor'];

/**
 * Which folders of src each folder may import. A new folder gets its line here, and its row in section "Layers" of ARCHITECTURE.md.
 *
 * `index` stands for the files right in src. resource (host side) and worker never see each other, nor do pool and the family
 * of mailbox, process and actor.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
	errors: [],
	internal: ['errors'],
	ringbuf: LEAVES,
	transport: [...LEAVES, 'ringbuf'],
	messenger: UP_TO_TRANSPORT,
	rpc: [...UP_TO_TRANSPORT, 'messenger'],
	resource: UP_TO_RPC,
	worker: UP_TO_RPC,
	pool: UP_TO_WORKERS,
	mailbox: UP_TO_WORKERS,
	process: [...UP_TO_WORKERS, 'mailbox'],
	actor: [...UP_TO_WORKERS, 'mailbox', 'process'],
	cli: EVERYTHING_BELOW_THE_DOOR,
	index: EVERYTHING_BELOW_THE_DOOR,
};

/** The one folder without a door: its files have nothing in common and are imported one by one. */
const WITHOUT_DOOR = 'internal';

/** Imports go to lower layers only, and enter a folder through its index.ts. */
export const importsOnlyLowerLayers: Rule = (file) => {
	const from = layerOf(file.path);
	if (!LAYERS[from]) return [`${file.path}: folder \`${from}\` has no line in test/support/tidy/layers.ts`];
	const violations: string[] = [];
	for (const { target, line } of relativeImports(file)) {
		const problem = findProblem(file.path, target);
		if (problem) violations.push(`${file.path}:${line}: imports ${target}: ${problem}`);
	}
	return violations;
};

function findProblem(path: string, target: string): string | undefined {
	if (!target.startsWith('src/')) return 'src imports nothing outside src';
	if (!target.endsWith('.ts')) return 'write the `.ts` ending';
	const from = layerOf(path);
	const to = layerOf(target);
	const allowed = LAYERS[from] ?? [];
	if (to !== from && !allowed.includes(to)) return `${from} may import ${allowed.join(', ') || 'nothing of ours'}, not ${to}`;
	const door = doorOf(path, target);
	return door && target !== door && to !== WITHOUT_DOOR ? `go through ${door}` : undefined;
}

/** The index.ts of the outermost folder that an import enters; undefined when it stays in its folder or goes to one around it. */
function doorOf(path: string, target: string): string | undefined {
	const fromFolders = posix.dirname(path).split('/');
	const toFolders = posix.dirname(target).split('/');
	const entered = toFolders.findIndex((folder, depth) => folder !== fromFolders[depth]);
	return entered === -1 ? undefined : `${toFolders.slice(0, entered + 1).join('/')}/index.ts`;
}

function layerOf(path: string): string {
	const [, folder, below] = path.split('/');
	return below === undefined ? 'index' : (folder ?? 'index');
}

/** Static, dynamic and type imports, and re-exports, of relative paths. */
function relativeImports(file: SourceFile): { target: string; line: number }[] {
	const tree = parse(file);
	return ts
		.preProcessFile(file.text, true, true)
		.importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
		.map(({ fileName, pos }) => ({
			target: posix.join(posix.dirname(file.path), fileName),
			line: lineAt(tree, pos),
		}));
}
