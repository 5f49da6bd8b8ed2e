import { type MultiMessenger, type PairOptions, WorkerResource, type WorkerResourceOptions } from 'coproc';

import type { Combination } from './combinations.ts';
import { putCoprocInScope } from './scope.ts';

/** A function that the other side runs with its own messenger. It sees nothing of the scope around it, but for `coproc`. */
type Script<A extends readonly unknown[], R> = (messenger: MultiMessenger, ...args: A) => R;

/** Two connected messengers: the one here, and the other one, which does what scripts say. */
export interface Peer extends AsyncDisposable {
	/** The messenger of this side. */
	readonly messenger: MultiMessenger;
	/** The worker on the other side; undefined for a pair. */
	readonly worker: WorkerResource<unknown[], MultiMessenger> | undefined;
	/** Runs a script there and resolves to what it returns. Scripts run one after the other. */
	run<A extends readonly unknown[], R>(script: Script<A, R>, ...args: A): Promise<Awaited<R>>;
	/** Runs a script there without waiting for it; an error of it ends the worker. */
	post<A extends readonly unknown[]>(script: Script<A, unknown>, ...args: A): void;
}

/** Opens the two sides of a link in one way or another. */
export type Open = (options?: PairOptions) => Promise<Peer>;

const SCRIPTED = new URL('../../fixtures/scripted-worker.js', import.meta.url);

putCoprocInScope();

/** Starts a worker that runs scripts. */
export async function startPeer(
	{ backend, transport }: Combination,
	messenger: typeof MultiMessenger,
	options?: WorkerResourceOptions,
): Promise<Peer & { readonly worker: WorkerResource<unknown[], MultiMessenger> }> {
	const worker = await WorkerResource.start(SCRIPTED, { backend, transport, ...options, messenger });
	return {
		messenger: worker.messenger,
		worker,
		run: (script, ...args) => worker.messenger.request({ source: sourceOf(script), args }, 'scripts') as Promise<never>,
		post: (script, ...args) => void worker.messenger.sendNorequest({ source: sourceOf(script), args }, 'scripts'),
		[Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
	};
}

/** Makes a pair; the scripts of its other end run here. */
export function openPeer(Messenger: typeof MultiMessenger, options?: PairOptions): Peer {
	const [messenger, other] = Messenger.pair(options);
	return {
		messenger,
		worker: undefined,
		run: async (script, ...args) => script(other, ...args) as never,
		post: (script, ...args) => void script(other, ...args),
		async [Symbol.asyncDispose]() {
			await messenger[Symbol.asyncDispose]();
			await other[Symbol.asyncDispose]();
		},
	};
}

/** vitest rewrites `import()` in what it loads. */
function sourceOf(script: (...args: never[]) => unknown): string {
	return script.toString().replaceAll('__vite_ssr_dynamic_import__', 'import');
}
