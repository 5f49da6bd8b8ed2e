/*
 * What `coproc map` runs in every worker: one path in, the figures of that file out.
 */
import { parseFile } from './parse-file.js';

/**
 * @param {string} path Absolute path of a source.
 * @returns {{ path: string } & import('./parse-file.js').FileResult} The path as well, for results come as they are ready.
 */
export function parseItem(path) {
	return { path, ...parseFile(path) };
}
