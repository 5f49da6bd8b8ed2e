import { followCalls } from './call-context.ts';
import { isStreaming } from './stream-mark.ts';
import type { FunctionInfo } from './wire.ts';

/** What helps to mend a result that cannot be sent. */
export interface Repair {
	/** Why a value cannot be sent; undefined when it can. */
	refusal(value: unknown): unknown;
	/** What can be sent of an error. */
	portable(error: unknown): unknown;
}

/** A function that the worker answers calls of. */
export interface ServedFunction extends FunctionInfo {
	readonly run: (...args: unknown[]) => unknown;
	/** Makes a result that cannot be sent one that can; without it, the call fails. */
	readonly mend?: (result: unknown, repair: Repair) => unknown;
	/** True when the last call gave back control at once. */
	isQuick: boolean;
}

/**
 * The functions among a module's exports. Those of a default export that is a plain object count too, under their own names:
 * that is how Node shows a CommonJS module whose exports it could not read in advance.
 */
export function functionsOf(exports: Readonly<Record<string, unknown>>): ServedFunction[] {
	const { default: all } = exports;
	const isObject = typeof all === 'object' && all !== null && Object.getPrototypeOf(all) === Object.prototype;
	const found = new Map<string, ServedFunction>();
	for (const [name, value] of [...Object.entries(exports), ...(isObject ? Object.entries(all) : [])]) {
		if (typeof value === 'function' && !isClass(value) && !found.has(name)) found.set(name, servedFunction(name, value));
	}
	return [...found.values()];
}

/** Makes a function one that can be called. Calls of one that names `currentCall`, or imports coproc when it runs, are followed. */
export function servedFunction(name: string, value: Function): ServedFunction {
	if (/\b(currentCall|coproc)\b/.test(Function.prototype.toString.call(value))) followCalls();
	return { name, streams: isStreaming(value), run: value as ServedFunction['run'], isQuick: false };
}

/** True for what can only be constructed. */
function isClass(value: Function): boolean {
	return /^class\b/.test(Function.prototype.toString.call(value));
}
