import { registerMessengerEnds, type StartOrder } from '../messenger/index.ts';
import type { ServeOrder } from '../rpc/index.ts';
import { Incarnation } from './incarnation.ts';
import type { ResolvedOptions } from './options.ts';
import { processBackend } from './process-backend.ts';
import { checkTypeScript, describeTarget, type Target } from './target.ts';
import { threadBackend } from './thread-backend.ts';

/** Starts a worker and gives it its order; leaves nothing behind if that fails, or if `givenUp` rejects before it begins. */
export async function launch(
	target: Target,
	order: Omit<StartOrder, 'target'> & Partial<Pick<ServeOrder, 'serves'>>,
	options: ResolvedOptions,
	givenUp: Promise<never>,
): Promise<{ run: Incarnation; ready: unknown }> {
	const { name } = order;
	const abort = new AbortController();
	givenUp.catch((reason: unknown) => abort.abort(reason));
	options.signal?.throwIfAborted();
	const wireTarget = describeTarget(name, target, options.export);
	checkTypeScript(name, wireTarget, options.execArgv ?? process.execArgv);
	registerMessengerEnds();
	const backend = options.backend === 'thread' ? threadBackend : processBackend;
	let run: Incarnation | undefined;
	try {
		const worker = await backend.start({ ...options, name, signal: abort.signal });
		run = new Incarnation(name, worker, options);
		const ready = await Promise.race([run.begin({ ...order, target: wireTarget }), givenUp]);
		return { run, ready };
	} catch (error) {
		await run?.kill();
		throw error;
	}
}
