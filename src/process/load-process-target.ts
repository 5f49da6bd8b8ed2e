import { WorkerStartError } from '../errors/index.ts';
import type { WireTarget } from '../messenger/index.ts';
import { describeTarget, checkTypeScript } from '../resource/index.ts';
import { type LoadedTarget, loadTarget, TargetError } from '../worker/index.ts';
import { Any, etc } from './pattern.ts';
import { Process, type ProcessTarget } from './process.ts';

/** What inline targets find in scope beside what all workers' targets do. */
const scope = { Any, etc, Process };

/** Says what a process is to load. Throws WorkerStartError for a module that cannot be found or a source that cannot be had. */
export function wireTarget(name: string, target: ProcessTarget, exportName: string): WireTarget {
	const described = describeTarget(name, target, exportName);
	checkTypeScript(name, described, process.execArgv);
	return described;
}

/** Loads the target of a process in the thread that it runs in. Rejects with WorkerStartError, which says what is wrong with it. */
export async function loadProcessTarget(name: string, target: ProcessTarget, exportName: string): Promise<LoadedTarget> {
	return loadWireTarget(name, wireTarget(name, target, exportName));
}

/** Loads a target that was described elsewhere. */
export async function loadWireTarget(name: string, target: WireTarget): Promise<LoadedTarget> {
	try {
		return await loadTarget(target, scope);
	} catch (error) {
		if (!(error instanceof TargetError)) throw error;
		throw new WorkerStartError(name, error.why, error.cause === undefined ? undefined : { cause: error.cause });
	}
}
