/*
 * Code that runs inside a worker: says hello to the host, loads the target, runs it, and ends the worker in order.
 *
 * It does not know host code. Its promises: whatever the target sent leaves before the worker ends; an uncaught error is told
 * to the host after it; a worker does not outlive its host, even in a tight loop.
 */
export { BaseWorkerProcess } from './base-worker-process.ts';
export { currentCall } from './current-call.ts';
export { type LoadedTarget, loadTarget, TargetError } from './load-target.ts';
