/*
 * Where do the figures go? One JSON file per run: machine, Node, commit, date, and every value of every round.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { CONDITIONS, QUESTIONS } from './arguments.mjs';

const folder = fileURLToPath(new URL('../results/', import.meta.url));

/** @returns {string} the file, as a user would type it */
export function writeResults(run) {
	const path = run.options.json === undefined ? folder + fileName(run) : resolve(run.options.json);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, `${JSON.stringify(run, undefined, '\t')}\n`);
	return relative(process.cwd(), path) || path;
}

/** Only a whole run gets a file of its own; the others overwrite one that git ignores. */
function fileName({ options, date, commit, isModified }) {
	const { isQuick, questions, subjects, conditions } = options;
	if (subjects.length > 0 || questions.length < QUESTIONS.length || conditions.length < CONDITIONS.length) return 'partial.json';
	if (isQuick) return 'quick.json';
	return `${date.slice(0, 10)}-${commit}${isModified ? '-modified' : ''}.json`;
}
