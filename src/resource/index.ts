/*
 * The host's side of workers: starts a process or a thread, pairs it with a messenger, and sees it to its end.
 *
 * It does not know what runs inside beyond its target. Its promises: a start that fails leaves nothing behind; however a worker
 * ends, everyone who waits for it is told, after what it had sent; disposal leaves no process, thread, descriptor or timer.
 */
export { abortSignal, milliseconds, optionCheck, partTasks, resourceOptionShape, type Zod } from './option-schema.ts';
export type { EndOptions, StdioOption, StdioOptions, WorkerResourceOptions } from './options.ts';
export { type CallResourceOptions, type ImportOptions, type RemoteResource, type Serving } from './remote-resource.ts';
export { checkTypeScript, describeTarget, type StartArguments, type Target } from './target.ts';
export { WorkerResource } from './worker-resource.ts';
