import { createRequire } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { InvalidArgumentError, WorkerStartError } from '../errors/index.ts';
import { isBeingLoaded } from '../internal/loading-modules.ts';
import type { WireTarget } from '../messenger/index.ts';

/**
 * Code that a worker runs: its first argument is the messenger, then come those of `start()`.
 *
 * A module's arguments are not known here, so they may be anything.
 */
export type Target<M = never, A extends readonly unknown[] = never[]> =
	| URL
	| string
	| ((messenger: M, ...args: A) => unknown)
	| (new (
			messenger: M,
			...args: A
	  ) => { run(): unknown });

/** The arguments that `start()` takes for a target: those after the messenger; anything for a module. */
export type StartArguments<T> = T extends (messenger: never, ...args: infer A) => unknown
	? A
	: T extends new (
				messenger: never,
				...args: infer A
			) => unknown
		? A
		: unknown[];

const TYPESCRIPT = /\.[cm]?tsx?$/;

/** What to call a worker whose options give no name. */
export function nameOf(target: Target): string {
	if (typeof target === 'function') return target.name || 'anonymous';
	const path = String(target);
	return path.startsWith('data:') ? 'data module' : (path.split('/').at(-1)?.split('?')[0] ?? path);
}

/** Refuses what cannot be a target. */
export function checkTarget(target: unknown): asserts target is Target {
	if (typeof target === 'function' || (typeof target === 'string' && target !== '') || target instanceof URL) return;
	const got = target === null ? 'null' : typeof target;
	throw new InvalidArgumentError(
		`WorkerResource was not made: its target must be a URL, a path, a function or a class, not ${got || "''"}`,
	);
}

/**
 * Says what the worker is to load. Throws WorkerStartError for a module that cannot be found, one that a worker is loading and that starts
 * itself, and a source that cannot be had.
 */
export function describeTarget(worker: string, target: Target, exportName: string): WireTarget {
	if (typeof target !== 'function') {
		const url = resolveModule(worker, target);
		if (isBeingLoaded(url))
			throw new WorkerStartError(
				worker,
				`module ${url} starts itself as a worker when it is loaded, so each worker would start the next one. Put what the worker runs into a module of its own`,
			);
		return { type: 'module', url, exportName };
	}
	const source = Function.prototype.toString.call(target);
	if (source.includes('[native code]')) {
		throw new WorkerStartError(
			worker,
			`target "${target.name}" is native or bound, so it has no source to ship. Pass a function written out, or a module's URL`,
		);
	}
	return { type: 'inline', source, name: target.name };
}

function resolveModule(worker: string, target: URL | string): string {
	const text = String(target);
	if (target instanceof URL || /^(file|data|node|https?):/.test(text)) return text;
	if (isAbsolute(text)) return pathToFileURL(text).href;
	if (text.startsWith('.')) return pathToFileURL(join(process.cwd(), text)).href;
	try {
		const path = createRequire(join(process.cwd(), 'target.js')).resolve(text);
		return isAbsolute(path) ? pathToFileURL(path).href : path;
	} catch (error) {
		throw new WorkerStartError(
			worker,
			`module "${text}" was not found from ${process.cwd()}. Give a URL (new URL('./x.js', import.meta.url)) or a path`,
			{ cause: error },
		);
	}
}

/** Throws WorkerStartError when the target is TypeScript and the worker's Node will not run it. */
export function checkTypeScript(worker: string, target: WireTarget, execArgv: readonly string[]): void {
	if (target.type !== 'module' || !TYPESCRIPT.test(target.url.split(/[?#]/)[0] as string)) return;
	const stripsTypes =
		Boolean((process.features as { typescript?: unknown }).typescript) && !execArgv.includes('--no-experimental-strip-types');
	const loader = [...execArgv, process.env['NODE_OPTIONS'] ?? ''].some((option) =>
		/tsx|ts-node|swc|esbuild|strip-types|transform-types/.test(option),
	);
	if (stripsTypes || loader) return;
	throw new WorkerStartError(
		worker,
		`module ${target.url} is TypeScript, and Node ${process.versions.node} does not run that. Use Node 22.18 or later, start the host under tsx, or build the module and pass the .js`,
	);
}
