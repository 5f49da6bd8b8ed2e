import { nearestName } from '../internal/nearest-name.ts';

/** A function of the user's. */
export type UserFunction = (...args: readonly unknown[]) => unknown;

/** Why a function cannot be run: a text for whoever has named it, after the name of its module. */
export class LoadProblem extends Error {
	override readonly name = 'LoadProblem';
}

/** Imports a module. Throws LoadProblem, naming what is wrong. */
export async function loadModule(url: string): Promise<Readonly<Record<string, unknown>>> {
	try {
		// Through a module that holds it: one that exports a function `then` would be taken for a promise.
		const holder = `data:text/javascript,${encodeURIComponent(`export * as exports from ${JSON.stringify(url)};`)}`;
		return ((await import(holder)) as { exports: Readonly<Record<string, unknown>> }).exports;
	} catch (error) {
		const { code } = (error ?? {}) as NodeJS.ErrnoException;
		if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[cm]?tsx?$/.test(url))
			throw new LoadProblem(
				`is TypeScript, and Node ${process.versions.node} does not run that. Use Node 22.18 or later, set NODE_OPTIONS="--import tsx", or name the built .js`,
			);
		throw new LoadProblem(`threw while it was loaded: ${textOf(error)}`, { cause: error });
	}
}

/** Finds the function that is meant. Throws LoadProblem, with the nearest name, where there is none. */
export function findExport(exports: Readonly<Record<string, unknown>>, name: string | undefined): UserFunction {
	const found = name === undefined ? findUnnamed(exports) : findNamed(exports, name);
	if (typeof found !== 'function') {
		const kind = found === null ? 'null' : `of type ${typeof found}`;
		throw new LoadProblem(`has an export \`${name ?? 'default'}\` that is no function: it is ${kind}. ${listOf(exports)}`);
	}
	if (isClass(found))
		throw new LoadProblem(`has an export \`${name ?? 'default'}\` that is a class, and only a function can be run`);
	return found as UserFunction;
}

function findUnnamed(exports: Readonly<Record<string, unknown>>): unknown {
	if (typeof exports['default'] === 'function') return exports['default'];
	const names = functionNames(exports);
	if (names.length === 1) return exports[names[0] as string] ?? commonExports(exports)[names[0] as string];
	throw new LoadProblem(`has no default export that is a function, so name one, as in MODULE#name. ${listOf(exports)}`);
}

function findNamed(exports: Readonly<Record<string, unknown>>, name: string): unknown {
	if (Object.hasOwn(exports, name)) return exports[name];
	const common = commonExports(exports);
	if (Object.hasOwn(common, name)) return common[name];
	const nearest = nearestName(name, functionNames(exports));
	throw new LoadProblem(`has no export \`${name}\`. ${nearest === undefined ? listOf(exports) : `Did you mean \`${nearest}\`?`}`);
}

/** Names that an import of CommonJS does not show are properties of its default export. */
function commonExports(exports: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	const all = exports['default'];
	return typeof all === 'object' && all !== null ? (all as Readonly<Record<string, unknown>>) : {};
}

function functionNames(exports: Readonly<Record<string, unknown>>): string[] {
	const all: Readonly<Record<string, unknown>> = { ...commonExports(exports), ...exports };
	return Object.keys(all).filter((name) => typeof all[name] === 'function' && !isClass(all[name]));
}

function isClass(value: Function): boolean {
	return /^class\b/.test(Function.prototype.toString.call(value));
}

function listOf(exports: Readonly<Record<string, unknown>>): string {
	const names = functionNames(exports);
	return names.length > 0 ? `Its functions: ${names.map((name) => `\`${name}\``).join(', ')}` : 'It exports no functions';
}

function textOf(error: unknown): string {
	return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
