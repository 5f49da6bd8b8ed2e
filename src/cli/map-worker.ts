/*
 * What runs in the workers of `coproc map`: text in, the user's function, lines of JSON out; or, in one more worker, the fold.
 *
 * JSON is read and written here, so that this is done on all cores too. The terms are in the query of this module's URL.
 */
import type { FoldReply } from './fold.ts';
import { type ItemText, itemOf } from './item.ts';
import { findExport, LoadProblem, loadModule, type UserFunction } from './load-function.ts';
import { termsOf } from './map-terms.ts';
import { eachResult, lineOf } from './results.ts';

interface Functions {
	readonly run: UserFunction;
	readonly reduce: UserFunction | undefined;
}

const terms = termsOf(import.meta.url);
// Loading is a part of the start, so its time is bounded; that it failed is told by check(), in fewer words than a failed start.
const loaded: Functions | { readonly problem: string } = await load();
let accumulator: unknown = terms.initial === undefined ? undefined : JSON.parse(terms.initial);
let hasAccumulator = terms.initial !== undefined;

/** What is wrong with the module, as what follows its name; undefined when nothing is. */
export function check(): string | undefined {
	return 'problem' in loaded ? loaded.problem : undefined;
}

/** Runs the function over one item. Gives lines of JSON, each with its end, or a list of results that are to be folded. */
export function run(text: ItemText): unknown {
	const fn = functions().run;
	const result = fn(itemOf(text, terms.input));
	if (typeof (result as PromiseLike<unknown> | null | undefined)?.then === 'function')
		return Promise.resolve(result).then(collect);
	return collect(result);
}

/** Takes results, in their order. Resolves to how many were folded and what stopped it, if something did. */
export async function fold(results: readonly unknown[]): Promise<FoldReply> {
	const { reduce } = functions();
	let count = 0;
	try {
		for (const result of results) {
			const next = hasAccumulator ? reduce?.(accumulator, result) : result;
			accumulator = typeof (next as PromiseLike<unknown> | null | undefined)?.then === 'function' ? await next : next;
			hasAccumulator = true;
			count += 1;
		}
		return { folded: count, hasFailed: false };
	} catch (error) {
		return { folded: count, hasFailed: true, error };
	}
}

/** What came of the fold, as a line of JSON; null when there was nothing to fold. */
export function folded(): string {
	return `${lineOf(accumulator)}\n`;
}

function collect(result: unknown): unknown {
	if (terms.reduce !== undefined) {
		const values: unknown[] = [];
		return then(
			eachResult(result, (value) => values.push(value)),
			() => values,
		);
	}
	let lines = '';
	return then(
		eachResult(result, (value) => {
			lines += `${lineOf(value)}\n`;
		}),
		() => lines,
	);
}

function then<T>(done: void | Promise<void>, give: () => T): T | Promise<T> {
	return done ? done.then(give) : give();
}

function functions(): Functions {
	if ('problem' in loaded) throw new Error(`the module ${loaded.problem}`);
	return loaded;
}

async function load(): Promise<typeof loaded> {
	try {
		const exports = await loadModule(terms.module);
		return {
			run: findExport(exports, terms.exportName),
			reduce: terms.reduce === undefined ? undefined : findExport(exports, terms.reduce),
		};
	} catch (error) {
		if (error instanceof LoadProblem) return { problem: error.message };
		throw error;
	}
}
