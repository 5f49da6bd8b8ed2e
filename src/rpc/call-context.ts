import { AsyncLocalStorage } from 'node:async_hooks';

/** Where the one context of a thread is kept, so that a second copy of the package, bundled with a worker module, finds it. */
const PLACE = Symbol.for('coproc.callContext.1');

/**
 * Knows which call a piece of code in this thread belongs to: in its synchronous part, and across its awaits.
 *
 * Following a call across awaits takes an AsyncLocalStorage, and on Node 20 that makes every await of the thread two to three times
 * slower. So calls are followed only once somebody could ask: from when the module that holds `currentCall()` was loaded. Before,
 * nobody can. (docs/decisions/0005-current-call.md)
 */
export class CallContext<C extends object> {
	#storage: AsyncLocalStorage<C> | undefined;
	/** The call whose synchronous part is on the stack. */
	#onStack: C | undefined;

	/** Follows calls from now on, including the one on the stack. Idempotent. */
	follow(): void {
		if (this.#storage) return;
		this.#storage = new AsyncLocalStorage<C>();
		if (this.#onStack) this.#storage.enterWith(this.#onStack);
	}

	/** True once calls are followed. */
	get isFollowing(): boolean {
		return this.#storage !== undefined;
	}

	/** The call that the running code belongs to. */
	get current(): C | undefined {
		return this.#storage?.getStore() ?? this.#onStack;
	}

	/** Runs `action` on behalf of `call`. */
	run<R>(call: C, action: (call: C) => R): R {
		if (this.#storage) return this.#storage.run(call, action, call);
		const outer = this.#onStack;
		this.#onStack = call;
		try {
			return action(call);
		} finally {
			this.#onStack = outer;
		}
	}
}

/** The context of this thread. */
export function threadContext<C extends object>(): CallContext<C> {
	const global = globalThis as { [PLACE]?: CallContext<C> };
	return (global[PLACE] ??= new CallContext<C>());
}

/** Has calls followed across awaits from now on: somebody in this thread can ask for the current one. */
export function followCalls(): void {
	threadContext().follow();
}
