/*
 * Which files the job works on: a sorted list that is the same on every run over the same tree.
 */
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';

import { UsageError } from './arguments.js';

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/i;

/** Larger files are reported, not parsed: their tree alone would fill the heap and end the whole run. */
const MAX_FILE_BYTES = 64e6;

/**
 * @typedef {object} SourceFile
 * @property {string} path Path below the folder, with `/` on every platform.
 * @property {string} absolutePath
 * @property {number} bytes
 */

/**
 * @typedef {object} Problem
 * @property {string} path Path below the folder.
 * @property {string} reason Why it is not among the files.
 */

/**
 * Collects every source below a folder, sorted by path. Symbolic links are not followed: one that leads to a place in the tree
 * would count its target twice or never end, one that leads out of it is none of ours. Sources that are broken links are
 * reported, as are folders that cannot be listed.
 *
 * @param {string} dir
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<{ root: string, files: SourceFile[], problems: Problem[] }>} `root` is the folder's real path.
 * @throws {UsageError} When `dir` is no folder or cannot be listed.
 */
export async function findSources(dir, { signal } = {}) {
	const root = await openRoot(dir);
	/** @type {SourceFile[]} */
	const files = [];
	/** @type {Problem[]} */
	const problems = [];
	const folders = [root];
	for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
		signal?.throwIfAborted();
		for (const entry of await list(folder, root, problems)) {
			const absolutePath = join(folder, entry.name);
			if (entry.isDirectory()) folders.push(absolutePath);
			else if (SOURCE.test(entry.name)) await take(entry, { absolutePath, root, files, problems });
		}
	}
	return { root, files: files.sort(byPath), problems: problems.sort(byPath) };
}

/**
 * Keeps to a budget: in the order of the list, every file that still fits.
 *
 * @param {readonly SourceFile[]} files
 * @param {{ maxFiles: number, maxBytes: number }} budget
 * @returns {{ selected: SourceFile[], left: SourceFile[] }}
 */
export function selectSources(files, { maxFiles, maxBytes }) {
	/** @type {SourceFile[]} */
	const selected = [];
	/** @type {SourceFile[]} */
	const left = [];
	let bytes = 0;
	for (const file of files) {
		const fits = selected.length < maxFiles && bytes + file.bytes <= maxBytes;
		(fits ? selected : left).push(file);
		if (fits) bytes += file.bytes;
	}
	return { selected, left };
}

/**
 * Reads every file once and throws the content away. Otherwise the second pass would find in the file cache what the first
 * had to fetch from the disk, and the comparison would flatter it.
 *
 * @param {readonly SourceFile[]} files
 * @param {AbortSignal} signal
 */
export async function warmFileCache(files, signal) {
	for (const file of files) {
		signal.throwIfAborted();
		// What cannot be read is reported by the passes themselves.
		await readFile(file.absolutePath, { signal }).catch(() => undefined);
	}
	signal.throwIfAborted();
}

/** @param {string} dir */
async function openRoot(dir) {
	try {
		const root = await realpath(resolve(dir));
		await readdir(root);
		return root;
	} catch (error) {
		throw new UsageError(`cannot search "${dir}": ${errorText(error)}`, { cause: error });
	}
}

/**
 * @param {string} folder
 * @param {string} root
 * @param {Problem[]} problems
 */
async function list(folder, root, problems) {
	try {
		return await readdir(folder, { withFileTypes: true });
	} catch (error) {
		problems.push({ path: below(root, folder), reason: `folder cannot be listed: ${errorText(error)}` });
		return [];
	}
}

/**
 * @param {import('node:fs').Dirent} entry
 * @param {{ absolutePath: string, root: string, files: SourceFile[], problems: Problem[] }} into
 */
async function take(entry, { absolutePath, root, files, problems }) {
	const path = below(root, absolutePath);
	try {
		if (entry.isSymbolicLink()) await stat(absolutePath);
		if (!entry.isFile()) return;
		const { size: bytes } = await lstat(absolutePath);
		if (bytes > MAX_FILE_BYTES) throw new Error(`larger than ${MAX_FILE_BYTES / 1e6} MB`);
		files.push({ path, absolutePath, bytes });
	} catch (error) {
		const what = entry.isSymbolicLink() ? 'broken symbolic link: ' : '';
		problems.push({ path, reason: what + errorText(error) });
	}
}

/**
 * @param {string} root
 * @param {string} absolutePath
 */
function below(root, absolutePath) {
	const path = relative(root, absolutePath);
	return sep === '/' ? path : path.replaceAll(sep, '/');
}

/**
 * By code units: `localeCompare` would order the same tree differently on another machine.
 *
 * @param {{ path: string }} a
 * @param {{ path: string }} b
 */
function byPath(a, b) {
	return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** @param {unknown} error */
function errorText(error) {
	const { code } = /** @type {NodeJS.ErrnoException} */ (error);
	if (code === 'ENOENT') return 'no such file or folder';
	if (code === 'ENOTDIR') return 'not a folder';
	if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
	if (code === 'ELOOP') return 'it leads back to itself';
	return error instanceof Error ? error.message : String(error);
}
