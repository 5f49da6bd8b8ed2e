import type { Exit } from '../errors/index.ts';
import type { Process, ProcessCard } from './process.ts';
import type { Surroundings } from './surroundings.ts';

/** What a process is made of. */
export interface LocalProcessOptions {
	readonly card: ProcessCard;
	readonly surroundings: Surroundings;
	readonly unhandled: 'exit' | 'dead-letter';
	readonly ignoresNormalExits: boolean;
	/** What it runs first; undefined for the main process, whose target is the program around it. */
	readonly target: ((process: Process) => unknown) | undefined;
}

/** What a process is doing. */
export type Phase =
	/** Its target was not called yet. */
	| { readonly type: 'new'; readonly target: (process: Process) => unknown }
	/** Its target runs; nothing is handled meanwhile, but `next()` takes messages. The main process stays here until it has handlers. */
	| { readonly type: 'target' }
	/** It handles messages as they come. */
	| { readonly type: 'ready' }
	/** An async handler runs; `exit`: the process ends after it. */
	| { readonly type: 'handling'; readonly exit: Exit | undefined }
	| { readonly type: 'ended' };

/** True for what has to be awaited. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
	return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
