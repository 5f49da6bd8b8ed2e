import type { ObservedProcess } from './observed-process.ts';
import type { Process, ProcessTarget, SpawnOptions } from './process.ts';

/** What a process needs of the thread it lives in. */
export interface Surroundings {
	/** Tells other threads that the process has ended; true when somebody there wanted to know. */
	ended(process: ObservedProcess, error: unknown): boolean;
	/** Links two processes of which at least one lives here. */
	link(process: Process, other: Process): void;
	unlink(process: Process, other: Process): void;
	monitor(process: Process, other: Process): void;
	/** The handle that counts for another one: the process itself where it lives here. */
	resolve(process: Process): ObservedProcess;
	spawn(target: ProcessTarget, options: SpawnOptions | undefined, parent: Process | undefined): Process;
}
