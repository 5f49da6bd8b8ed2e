import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { UsageError } from './usage.ts';

/** A function of a module, as it is named on the command line. */
export interface FunctionName {
	/** What a worker imports. */
	readonly url: string;
	/** The export; undefined: the default export, or else the only function there is. */
	readonly exportName: string | undefined;
	/** What to call it in messages. */
	readonly label: string;
}

const EXPORT = /^(.+)#([\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*)$/u;
const SCHEME = /^(file|data|node):/;

/**
 * Finds a module: a path from the working folder, a URL, or a package that can be found from there. Throws UsageError.
 *
 * What follows the last `#` is the export if it can be a name, so that `a#b.js` is a file.
 */
export function findFunction(text: string, cwd: string): FunctionName {
	const [, module = text, exportName] = EXPORT.exec(text) ?? [];
	if (exportName === undefined && text.endsWith('#') && !existsSync(resolve(cwd, text)))
		throw new UsageError(`module ${text} names no export after its #`);
	const label = module.startsWith('data:') ? 'the data: module' : module;
	return { url: urlOf(module, cwd), exportName, label };
}

function urlOf(module: string, cwd: string): string {
	if (module.startsWith('file:')) return existing(fileURLToPath(module), module);
	if (SCHEME.test(module)) return module;
	const path = resolve(cwd, module);
	if (existsSync(path)) return existing(path, module);
	if (!isAbsolute(module) && !module.startsWith('.')) {
		const found = findPackage(module, cwd);
		if (found !== undefined) return found;
	}
	const isBare = /^[\w@]/.test(module) && !/\.[cm]?[jt]sx?$/.test(module);
	throw new UsageError(
		`module ${module} does not exist: there is no ${path}${isBare ? ', and no package of that name can be found from there' : ''}`,
	);
}

function existing(path: string, module: string): string {
	if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
		throw new UsageError(`module ${module} is a folder: name the file in it`);
	if (existsSync(path)) return pathToFileURL(path).href;
	throw new UsageError(`module ${module} does not exist`);
}

function findPackage(name: string, cwd: string): string | undefined {
	try {
		const path = createRequire(join(cwd, 'main.js')).resolve(name);
		return isAbsolute(path) ? pathToFileURL(path).href : `node:${path.replace(/^node:/, '')}`;
	} catch {
		return undefined;
	}
}
