import { WorkerStartError } from '../errors/index.ts';
import { relabel } from '../rpc/index.ts';
import type { Home } from './home.ts';
import { wireTarget } from './load-process-target.ts';
import type { ProcessTarget } from './process.ts';
import type { RemoteProcess } from './remote-process.ts';
import type { ResolvedSpawnOptions } from './spawn-options.ts';
import type { SpawnOrder } from './spawn-order.ts';

/** Numbers of homes that each home can make up, so that all are different. */
export const HOMES_EACH: number = 2 ** 32;

/**
 * Orders a worker for a process and returns the handle of the process. A target that cannot be found is why the process ends.
 *
 * @throws DataCloneError for arguments that cannot be sent
 */
export function spawnElsewhere(
	home: Home,
	target: ProcessTarget,
	options: ResolvedSpawnOptions,
	order: (order: SpawnOrder) => void,
): RemoteProcess {
	const { tree, seq } = home.identity;
	const count = home.countChild();
	const child = seq * HOMES_EACH + count;
	const kind = options.kind as 'thread' | 'process';
	const name = options.name ?? `${kind}-${seq === 0 ? '' : `${seq}.`}${count}`;
	const args = packArguments(home, options.args);
	const handle = home.table.remote({ tree, home: child, serial: 1, name, kind, pid: undefined }, () => {}).own();
	const { unhandled, ignoresNormalExits, exportName, preload } = options;
	try {
		const wire = wireTarget(name, target, exportName);
		home.expect(child);
		order({ home: child, requester: home.identity.home, name, kind, unhandled, ignoresNormalExits, target: wire, preload, args });
	} catch (error) {
		if (!(error instanceof WorkerStartError)) throw error;
		// Not within the call: whoever is to be linked to it is not yet.
		queueMicrotask(() => handle.ended(error));
	}
	return handle;
}

/** Throws DataCloneError for arguments that cannot be sent. */
function packArguments(home: Home, args: readonly unknown[]): SpawnOrder['args'] {
	try {
		const { codec, bytes } = home.packer.pack(args);
		return { codec, bytes: new Uint8Array(bytes) };
	} catch (error) {
		throw relabel(error, 'args');
	}
}
