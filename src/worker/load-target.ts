import type { StartFailure, WireTarget } from '../messenger/index.ts';
import { functionsOf, type InlineFunction, type ServedFunction, servedFunction } from '../rpc/index.ts';
import { BaseWorkerProcess } from './base-worker-process.ts';
import { compilerHelpers, evaluateInline, explainMissingName } from './inline-target.ts';
import { inlineScope } from './inline-scope.ts';
import { registerTsxInThread } from './tsx-in-threads.ts';

/** A target that was loaded: runs it with its messenger, or what it has in the place of one, and the arguments of `start()`. */
export type LoadedTarget = (messenger: object, args: readonly unknown[]) => unknown;

/** Why a target cannot be run. */
export class TargetError extends Error implements StartFailure {
	readonly why: string;

	constructor(why: string, cause?: unknown) {
		super(why, { cause });
		this.why = why;
	}
}

type Callable = (...args: unknown[]) => unknown;
/** A module that holds another one: whoever awaits one that exports a function `then` takes it for a promise, and waits for ever. */
interface Holder {
	readonly exports: Readonly<Record<string, unknown>>;
}
type Constructable = new (...args: unknown[]) => { run?: unknown };

/**
 * Loads what the host asked for. Inline targets find the names of `scope` too. Throws TargetError, naming what is wrong with it.
 */
export async function loadTarget(target: WireTarget, scope: Readonly<Record<string, unknown>> = {}): Promise<LoadedTarget> {
	await registerTsxInThread();
	if (target.type === 'module') return runnable(await loadExport(target), `export \`${target.exportName}\` of ${target.url}`);
	const run = runnable(loadInline(target, scope), labelOf(target));
	return async (messenger, args) => {
		try {
			return await run(messenger, args);
		} catch (error) {
			throw explainMissingName(error, target.name);
		}
	};
}

/** Loads the functions that a host may call: all exports of a module, or the one function that was shipped. */
export async function loadFunctions(target: WireTarget): Promise<ServedFunction[]> {
	await registerTsxInThread();
	if (target.type === 'module') {
		const functions = functionsOf((await loadModule(target.url)).exports);
		if (functions.length > 0) return functions;
		throw new TargetError(`module ${target.url} exports no functions, so there is nothing to call`);
	}
	return [loadInlineFunction(target)];
}

/** Makes a function that was shipped one that can be called. Throws TargetError. */
export function loadInlineFunction(target: InlineFunction): ServedFunction {
	const value = loadInline(target);
	if (typeof value !== 'function' || isClass(value))
		throw new TargetError(`${labelOf(target)} is no function, and a call takes a function`);
	const served = servedFunction(target.name || 'anonymous', value);
	const explain = (error: unknown): never => {
		throw explainMissingName(error, target.name);
	};
	const run = (...args: unknown[]): unknown => {
		try {
			const result = served.run(...args);
			return result instanceof Promise ? result.catch(explain) : result;
		} catch (error) {
			return explain(error);
		}
	};
	return { ...served, run };
}

function loadInline(target: InlineFunction, scope: Readonly<Record<string, unknown>> = {}): unknown {
	try {
		return evaluateInline(target.source, target.name, { ...compilerHelpers(), ...inlineScope, ...scope });
	} catch (error) {
		throw new TargetError(`${labelOf(target)} could not be evaluated in the worker: ${textOf(error)}`, error);
	}
}

async function loadModule(url: string): Promise<Holder> {
	try {
		return (await import(holderOf(url))) as Holder;
	} catch (error) {
		throw new TargetError(
			isMissing(error, url) ? `module ${url} does not exist` : `module ${url} threw while it was loaded: ${textOf(error)}`,
			error,
		);
	}
}

function holderOf(url: string): string {
	return `data:text/javascript,${encodeURIComponent(`export * as exports from ${JSON.stringify(url)};`)}`;
}

async function loadExport({ url, exportName }: WireTarget & { type: 'module' }): Promise<unknown> {
	const { exports } = await loadModule(url);
	if (exportName in exports) return exports[exportName];
	const names = Object.keys(exports);
	const there = names.length > 0 ? `it exports ${names.map((name) => `\`${name}\``).join(', ')}` : 'it exports nothing';
	throw new TargetError(`module ${url} has no export \`${exportName}\`: ${there}. Choose one by the option \`export\`.`);
}

function labelOf({ name }: InlineFunction): string {
	return `inline target "${name || 'anonymous'}"`;
}

/** True when the module itself is missing, as opposed to one that it imports: its path is what was not found, not who asked. */
function isMissing(error: unknown, url: string): boolean {
	// Deno has no code for it.
	if (error instanceof TypeError && error.message.startsWith(`Module not found "${url}"`)) return true;
	const { code, url: missing } = (error ?? {}) as { code?: unknown; url?: unknown };
	return code === 'ERR_MODULE_NOT_FOUND' && (missing === url || textOf(error).includes(`Cannot find module '${pathOf(url)}'`));
}

function runnable(value: unknown, label: string): LoadedTarget {
	if (typeof value !== 'function') {
		throw new TargetError(`${label} is ${value === null ? 'null' : `of type ${typeof value}`}, not a function or a class`);
	}
	if (!isClass(value)) return (messenger, args) => (value as Callable)(messenger, ...args);
	return (messenger, args) => {
		const instance = new (value as unknown as Constructable)(messenger, ...args);
		if (typeof instance.run !== 'function')
			throw new TypeError(`${label} is a class without a run() method; extend BaseWorkerProcess`);
		return (instance.run as Callable).call(instance);
	};
}

function isClass(value: object): boolean {
	return (
		(value as { prototype?: unknown }).prototype instanceof BaseWorkerProcess ||
		/^class\b/.test(Function.prototype.toString.call(value))
	);
}

function pathOf(url: string): string {
	try {
		return decodeURIComponent(new URL(url).pathname);
	} catch {
		return url;
	}
}

function textOf(error: unknown): string {
	return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
