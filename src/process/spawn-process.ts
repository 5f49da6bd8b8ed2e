import type { Home } from './home.ts';
import { loadProcessTarget } from './load-process-target.ts';
import type { Process, ProcessTarget, SpawnOptions } from './process.ts';
import { type ResolvedSpawnOptions, resolveSpawnOptions } from './spawn-options.ts';

/** Starts a process from a thread, linked to `parent` and whoever else the options name before its target can run. */
export function spawnProcess(
	home: Home,
	target: ProcessTarget,
	options: SpawnOptions | undefined,
	parent: Process | undefined,
): Process {
	const resolved = resolveSpawnOptions(target, options);
	const spawned = resolved.kind === 'local' ? openHere(home, target, resolved) : home.services.spawn(home, target, resolved);
	if (resolved.name !== undefined) home.services.register(spawned);
	if (parent) home.link(spawned, parent);
	for (const other of resolved.linkTo) home.link(spawned, other);
	return spawned;
}

function openHere(home: Home, target: ProcessTarget, options: ResolvedSpawnOptions) {
	const { args } = options;
	if (typeof target === 'function')
		return home.open((process) => (target as (process: Process, ...args: unknown[]) => unknown)(process, ...args), options);
	return home.open(async (process) => {
		const run = await loadProcessTarget(process.name, target, options.exportName);
		return run(process, args);
	}, options);
}
