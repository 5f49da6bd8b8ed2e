import { UnknownFunctionError, WorkerIsDeadError } from '../errors/index.ts';
import { nearestName } from '../internal/nearest-name.ts';
import type { CallClient } from './call-client.ts';
import { type CallOptions, checkCallOptions } from './call-options.ts';
import type { RemoteMethod } from './pending-call.ts';
import { checkInput, type TaskSchemas } from './task-input.ts';
import type { FunctionInfo } from './wire.ts';

type RemoteEntry = ((...args: unknown[]) => unknown) & { with: (options: CallOptions<never>) => (...args: unknown[]) => unknown };

/** Runs one call: a {@link CallClient} does, or what chooses between several. */
export type Caller = Pick<CallClient, 'call' | 'stream'>;

/** Names that the language looks for in any object: they are not answered by a function that fails. */
const NOT_FUNCTIONS = new Set(['then', 'toJSON', 'constructor', 'asymmetricMatch', 'nodeType', '$$typeof']);

/**
 * What `resource.call` is: an object with a function for each function of the worker. It outlives the worker: after a restart,
 * the same object calls the new one.
 *
 * Known names are own properties, so that a call costs no trap; unknown ones meet the proxy behind them, and give a function
 * that rejects and names the nearest known one.
 */
export class RemoteCalls {
	/** The worker's name in errors. */
	#worker = '';
	readonly #tasks: TaskSchemas;
	readonly #methods = new Map<string, RemoteMethod>();
	readonly #entries: Record<string, RemoteEntry>;
	#caller: Caller | undefined;

	/** @param tasks schemas that the host checks before it sends */
	constructor(tasks: TaskSchemas = {}) {
		this.#tasks = tasks;
		const get = (_target: object, name: string | symbol): unknown =>
			typeof name === 'symbol' || NOT_FUNCTIONS.has(name) ? undefined : this.#unknown(name);
		this.#entries = Object.create(new Proxy(Object.create(null) as object, { get })) as Record<string, RemoteEntry>;
	}

	/** The functions by name. */
	get functions(): object {
		return this.#entries;
	}

	/** The only function of a worker that was made of one. */
	get only(): RemoteEntry {
		return Object.values(this.#entries)[0] as RemoteEntry;
	}

	/** Calls go to `caller` from now on; its worker, so named in errors, has announced these functions. */
	connect(worker: string, caller: Caller, functions: readonly FunctionInfo[]): void {
		this.#worker = worker;
		this.#caller = caller;
		for (const method of this.#methods.values()) method.number = -1;
		functions.forEach(({ name, streams }, number) => {
			const known = this.#methods.get(name);
			if (known) Object.assign(known, { number, streams });
			else this.#add({ name, number, streams });
		});
	}

	/** What is known about a function. Throws UnknownFunctionError. */
	method(name: string): RemoteMethod {
		const method = this.#methods.get(name);
		if (!method || method.number < 0) throw this.#unknownError(name);
		return method;
	}

	#add(method: RemoteMethod): void {
		const { name } = method;
		this.#methods.set(name, method);
		// An object with a function `then` would be called by whoever awaits it.
		if (name === 'then') return;
		const value = this.#entry((args, options) => this.#invoke(method, args, options));
		Object.defineProperty(this.#entries, name, { value, enumerable: true, configurable: true });
	}

	#entry(invoke: (args: unknown[], options?: CallOptions<never>) => unknown): RemoteEntry {
		const entry = (...args: unknown[]): unknown => invoke(args);
		return Object.assign(entry, {
			with: (options: CallOptions<never>) => {
				checkCallOptions(options);
				return (...args: unknown[]): unknown => invoke(args, options);
			},
		});
	}

	#invoke(method: RemoteMethod, args: unknown[], options?: CallOptions<never>): unknown {
		const caller = this.#caller;
		if (!caller) return Promise.reject(new WorkerIsDeadError(this.#worker, `call of ${method.name}()`));
		if (method.number < 0) return Promise.reject(this.#unknownError(method.name));
		const schema = this.#tasks[method.name]?.input;
		if (method.streams) {
			// What only a promise could tell is left to the worker.
			const problem = schema && checkInput(method.name, schema, args[0]);
			return caller.stream(method, args, options, problem instanceof Promise ? undefined : problem);
		}
		const problem = schema && checkInput(method.name, schema, args[0]);
		if (problem === undefined) return caller.call(method, args, options);
		if (!(problem instanceof Promise)) return Promise.reject(problem);
		return problem.then((late) => (late ? Promise.reject(late) : caller.call(method, args, options)));
	}

	#unknown(name: string): RemoteEntry {
		return this.#entry(() => Promise.reject(this.#unknownError(name)));
	}

	#unknownError(name: string): UnknownFunctionError {
		const known = [...this.#methods.values()].filter(({ number }) => number >= 0).map((method) => method.name);
		return new UnknownFunctionError({ worker: this.#worker, name, nearest: nearestName(name, known), known });
	}
}
