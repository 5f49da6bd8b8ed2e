/*
 * The target of the workers that are started for a process: runs it, and whatever processes it spawns in this thread, until the
 * last of them has ended.
 */
import { whileLoading } from '../internal/loading-modules.ts';
import { extensionOfType, loadExtension, ValueDecoder } from '../messenger/index.ts';
import type { LoadedTarget } from '../worker/index.ts';
import { openForked } from './here.ts';
import { loadWireTarget } from './load-process-target.ts';
import type { SpawnOrder } from './spawn-order.ts';

/** Runs the process of an order. Resolves when no process is left in this worker. */
export async function runProcesses(_messenger: unknown, order: SpawnOrder): Promise<void> {
	const { name, kind, unhandled, ignoresNormalExits, requester } = order;
	// Messages are read as they come, so the types that the modules register must be there before this worker joins the tree.
	const load = await loading(order);
	await new Promise<void>((resolve) => {
		const home = openForked(order.home, resolve);
		home.open(
			async (process) => {
				const target = load();
				await target(process, await unpackArguments(order));
			},
			{ name, kind, unhandled, ignoresNormalExits },
			[0, requester],
		);
	});
}

/** Loads what an order names. The result gives the target, or throws why there is none. */
async function loading({ name, target, preload }: SpawnOrder): Promise<() => LoadedTarget> {
	try {
		const loaded = await whileLoading(target.type === 'module' ? target.url : undefined, () => loadWireTarget(name, target));
		// Whoever needs it will load it too, and say why it cannot be.
		if (preload !== undefined) await whileLoading(preload, async () => import(preload)).catch(() => {});
		return () => loaded;
	} catch (error) {
		return () => {
			throw error;
		};
	}
}

/** Reads the arguments; what brings a type of coproc that is missing is loaded first. */
async function unpackArguments({ args: { codec, bytes } }: SpawnOrder): Promise<readonly unknown[]> {
	const unpack = (): unknown => new ValueDecoder().decode(codec, Buffer.from(bytes), 0, bytes.length, { localShapes: true });
	const loaded = new Set<string>();
	for (;;) {
		try {
			return unpack() as readonly unknown[];
		} catch (error) {
			const extension = extensionOfType(error);
			if (extension === undefined || loaded.has(extension)) throw error;
			loaded.add(extension);
			await loadExtension(extension);
		}
	}
}
