/*
 * The target of the workers that are started for a process: runs it, and whatever processes it spawns in this thread, until the
 * last of them has ended.
 */
import { whileLoading } from '../internal/loading-modules.ts';
import { extensionOfType, loadExtension } from '../messenger/index.ts';
import { openForked } from './here.ts';
import { loadWireTarget } from './load-process-target.ts';
import { unpack } from './packer.ts';
import type { Process } from './process.ts';
import type { SpawnOrder } from './spawn-order.ts';

/** Runs the process of an order. Resolves when no process is left in this worker. */
export async function runProcesses(_messenger: unknown, order: SpawnOrder): Promise<void> {
	const { name, kind, unhandled, ignoresNormalExits, requester } = order;
	await new Promise<void>((resolve) => {
		// Before its modules are loaded: they may make processes too, or ask for some.
		const home = openForked(order.home, resolve);
		const run = async (process: Process): Promise<void> => {
			const target = await load(order).finally(onLoaded);
			if (process.isAlive) await target(process);
		};
		home.open(run, { name, kind, unhandled, ignoresNormalExits }, [0, requester]);
		const onLoaded = home.keepEarlyFrames();
	});
}

/** Loads what an order names. Resolves to what the process runs. */
async function load(order: SpawnOrder): Promise<(process: Process) => unknown> {
	const { name, target, preload } = order;
	const loaded = await whileLoading(target.type === 'module' ? target.url : undefined, () => loadWireTarget(name, target));
	// Whoever needs it will load it too, and say why it cannot be.
	if (preload !== undefined) await whileLoading(preload, async () => import(preload)).catch(() => {});
	const args = await unpackArguments(order);
	return (process) => loaded(process, args);
}

/** Reads the arguments; what brings a type of coproc that is missing is loaded first. */
async function unpackArguments({ args }: SpawnOrder): Promise<readonly unknown[]> {
	const loaded = new Set<string>();
	for (;;) {
		try {
			return unpack(args) as readonly unknown[];
		} catch (error) {
			const extension = extensionOfType(error);
			if (extension === undefined || loaded.has(extension)) throw error;
			loaded.add(extension);
			await loadExtension(extension);
		}
	}
}
