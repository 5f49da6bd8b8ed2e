/*
 * Calls of functions over a link: call, cancel, stream, progress, and errors across the boundary.
 *
 * This layer does not know where workers come from: it is given a link, and says when a worker ought to be ended. Its promises:
 * - every call settles, once, and every stream ends: with what the worker answers, with the reason it was given up for, or with
 *   how the worker ended, after everything that had arrived;
 * - progress, items and result of a call arrive in the order in which they were sent; calls pass each other;
 * - a call can take in its own cancel, without ever yielding;
 * - a stream is never more ahead of its consumer than its window, and ending it early finalises the worker's generator.
 *
 * CallClient is the host's side and CallServer the worker's; RemoteCalls is the face of the one, CurrentCall that of the other.
 */
export { followCalls } from './call-context.ts';
export { CallClient } from './call-client.ts';
export type { CallClientOptions } from './call-client-options.ts';
export type { CallOptions } from './call-options.ts';
export { rejectToCaller, RemoteFailure } from './caller-stack.ts';
export { CHUNK_FUNCTION, type ChunkArguments, type ChunkReply, type InlineFunction } from './chunk-wire.ts';
export { armGiveUp, givenUpBefore } from './give-up.ts';
export { CallServer, type CallServerOptions } from './call-server.ts';
export { defineTask, type Task, type TaskDefinition, type TaskResult } from './define-task.ts';
export { type Answerable, findAnswerable, findCurrentCall } from './find-current-call.ts';
export type { CurrentCall } from './live-call.ts';
export { PendingCall, type RemoteMethod, type Settle } from './pending-call.ts';
export { ProgressListener } from './progress-listener.ts';
export { relabel } from './relabel.ts';
export type {
	AnyFunction,
	Remote,
	RemoteCallable,
	RemoteFunction,
	RemoteResult,
	UntypedModule,
	UntypedResult,
} from './remote.ts';
export { type Caller, RemoteCalls } from './remote-calls.ts';
export { CallStream, type RemoteStream } from './remote-stream.ts';
export type { InputOf, OutputOf, Schema } from './schema.ts';
export { functionsOf, type Repair, type ServedFunction, servedFunction } from './served-functions.ts';
export { StreamCall, type StreamKeeper } from './stream-call.ts';
export { keepSettlers, rejectLast, resolveLast } from './settlers.ts';
export { stream, type StreamMark } from './stream-mark.ts';
export type { TaskSchemas } from './task-input.ts';
export { isThenable } from './thenable.ts';
export type { FunctionInfo, ServeOrder } from './wire.ts';
