/*
 * The target of the workers that are started for a process: runs it, and whatever processes it spawns in this thread, until the
 * last of them has ended.
 */
import { ValueDecoder } from '../messenger/index.ts';
import { openForked } from './here.ts';
import { loadWireTarget } from './load-process-target.ts';
import type { SpawnOrder } from './spawn-order.ts';

/** Runs the process of an order. Resolves when no process is left in this worker. */
export async function runProcesses(_messenger: unknown, order: SpawnOrder): Promise<void> {
	const { name, kind, unhandled, ignoresNormalExits, requester } = order;
	await new Promise<void>((resolve) => {
		const home = openForked(order.home, resolve);
		home.open(
			async (process) => {
				const target = await loadWireTarget(name, order.target);
				await target(process, unpackArguments(order));
			},
			{ name, kind, unhandled, ignoresNormalExits },
			[0, requester],
		);
	});
}

function unpackArguments({ args: { codec, bytes } }: SpawnOrder): readonly unknown[] {
	return new ValueDecoder().decode(codec, Buffer.from(bytes), 0, bytes.length, { localShapes: true }) as readonly unknown[];
}
