import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What to do about a name that an inline target uses and the worker does not have. */
const ADVICE =
	'Only the source of an inline target is shipped, without the scope around it: use its parameters, `await import()` inside it, ' +
	'or names that coproc exports to workers. Otherwise put it in a module of its own and pass its URL. ' +
	'(Names such as `__vite_ssr_import_0__` come from a bundler or test runner that rewrote the source.)';

/** Turns the source of a function or class into the thing itself, with `scope` in scope under its own names. */
export function evaluateInline(source: string, name: string, scope: Readonly<Record<string, unknown>>): unknown {
	const names = Object.keys(scope);
	const label = `\n//# sourceURL=coproc:inline/${encodeURIComponent(name || 'anonymous')}`;
	const evaluate = (expression: string): unknown =>
		new Function(...names, `"use strict"; return ${expression};${label}`)(...Object.values(scope));
	try {
		return evaluate(`(${source})`);
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw explainMissingName(error, name);
		// A method's source (`run() { … }`) is no expression of its own, but it is one in an object.
		try {
			return Object.values(evaluate(`({${source}})`) as object)[0];
		} catch {
			throw error;
		}
	}
}

/** Says why a name is missing in an inline target; returns other errors as they are. */
export function explainMissingName(error: unknown, name: string): unknown {
	if (!(error instanceof ReferenceError) || !error.message.includes('is not defined')) return error;
	const explained = new ReferenceError(
		`${error.message} in the worker, where inline target "${name || 'anonymous'}" runs. ${ADVICE}`,
		{ cause: error },
	);
	if (error.stack) explained.stack = error.stack.replace(error.message, explained.message);
	return explained;
}

/**
 * Helpers that compilers call without defining them in the shipped source, and `require` for the folder the program runs in.
 *
 * esbuild names functions with `__name`, and lowers `using` to `__using` and `__callDispose`; Vite, and so Vitest, puts a
 * function of its own in the place of `import()`.
 */
export function compilerHelpers(): Record<string, unknown> {
	return {
		require: createRequire(join(process.cwd(), 'inline-target.js')),
		__name: (target: object, value: string): object => Object.defineProperty(target, 'name', { value, configurable: true }),
		__vite_ssr_dynamic_import__: (specifier: string): Promise<unknown> => import(specifier),
		__using: pushResource,
		__callDispose: disposeResources,
	};
}

type Resource = readonly [isAsync: boolean, dispose: (() => unknown) | undefined, value: unknown];

function pushResource(stack: Resource[], value: unknown, isAsync = false): unknown {
	if (value === null || value === undefined) {
		if (isAsync) stack.push([true, undefined, value]);
		return value;
	}
	const owner = value as Partial<Record<symbol, () => unknown>>;
	const dispose = (isAsync ? owner[Symbol.asyncDispose] : undefined) ?? owner[Symbol.dispose];
	if (typeof dispose !== 'function') throw new TypeError('Object not disposable');
	stack.push([isAsync, dispose, value]);
	return value;
}

/** Disposes in reverse order; an error of a disposal does not hide the one before it. */
function disposeResources(stack: Resource[], error: unknown, hasError: unknown): unknown {
	let pending = { has: Boolean(hasError), error };
	const fail = (later: unknown): void => {
		pending = { has: true, error: pending.has ? suppressed(later, pending.error) : later };
	};
	const step = (): unknown => {
		for (let resource = stack.pop(); resource; resource = stack.pop()) {
			const [isAsync, dispose, value] = resource;
			try {
				const result = dispose?.call(value);
				if (isAsync)
					return Promise.resolve(result).then(step, (later: unknown) => {
						fail(later);
						return step();
					});
			} catch (later) {
				fail(later);
			}
		}
		if (pending.has) throw pending.error;
		return undefined;
	};
	return step();
}

/** SuppressedError where the runtime has it (Node 24), an Error of that shape elsewhere. */
function suppressed(error: unknown, earlier: unknown): Error {
	const Suppressed = (globalThis as { SuppressedError?: new (error: unknown, suppressed: unknown, message: string) => Error })
		.SuppressedError;
	const message = 'An error was suppressed during disposal.';
	return Suppressed
		? new Suppressed(error, earlier, message)
		: Object.assign(new Error(message), { name: 'SuppressedError', error, suppressed: earlier });
}
