import { here } from './here.ts';
import type { Process, ProcessTarget, SpawnOptions } from './process.ts';
import { main } from './main-process.ts';

/**
 * Starts a process that is linked to nobody, and returns its handle at once. If it cannot be started, that is why it ends. From
 * paragram's spawn.
 *
 * It ends with its handlers' errors, when it is asked to, or with whoever it is linked to; one in a worker also ends, for everyone who
 * has its handle, when that worker dies.
 *
 * @throws OptionError, InvalidArgumentError, or DataCloneError for arguments that cannot be sent to a worker
 */
export function spawn<A extends readonly unknown[]>(target: ProcessTarget<A>, options?: SpawnOptions<A>): Process {
	return here().spawn(target as ProcessTarget, options, undefined);
}

/**
 * As {@link spawn}, linked to {@link main}: if the process ends, and `main` has no handler for `[Exit, Process]`, `main` ends too.
 *
 * @throws NotMainProcessError in a worker; use the `spawnLink()` of the process at hand there
 */
export function spawnLink<A extends readonly unknown[]>(target: ProcessTarget<A>, options?: SpawnOptions<A>): Process {
	return main.spawnLink(target, options);
}

/**
 * Finds a living process of this tree by the name that `spawn()` was given; undefined when there is none. Of several of the same
 * name, the one that has had it longest.
 */
export function whereis(name: string): Promise<Process | undefined> {
	return here().services.whereis(name);
}
