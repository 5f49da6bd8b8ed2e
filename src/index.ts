/*
 * coproc: CPU work in other processes and threads, over shared memory.
 *
 * The public API, in alphabetical order; no code lives here.
 */
export {
	AbortIgnoredError,
	BlockingNotAllowedError,
	CoprocError,
	DataCloneError,
	type ErrorCode,
	type ExitInfo,
	InvalidArgumentError,
	MessageNotRecognizedError,
	MessageTooLargeError,
	MessengerClosedError,
	NotInCallError,
	OptionError,
	PoolClosedError,
	PoolFailedError,
	ProtocolError,
	QueueFullError,
	ResourceRequestedClose,
	TimeoutError,
	TransportUnavailableError,
	UnknownFunctionError,
	ValidationError,
	type ValidationIssue,
	TypeNotRegisteredError,
	WorkerExitedError,
	WorkerIsAlreadyAliveError,
	WorkerIsAlreadyDeadError,
	WorkerIsDeadError,
	WorkerStartError,
} from './errors/index.ts';
export type { WaitOptions } from './internal/wait.ts';
export {
	type ChannelId,
	type Message,
	MultiMessenger,
	type PairOptions,
	PriorityMessenger,
	registerType,
	type SendOptions,
	type TypeCodec,
} from './messenger/index.ts';
export {
	type ItemOf,
	type Items,
	type LatencySummary,
	type Mapped,
	type MapOptions,
	type MappableName,
	type MapProgress,
	type MapStream,
	type PoolImportOptions,
	type PoolStats,
	type ResultOf,
	type SettledItem,
	WorkerPool,
	type WorkerPoolOptions,
	WorkerResourcePool,
	type WorkerStats,
} from './pool/index.ts';
export {
	type CallResourceOptions,
	type EndOptions,
	type ImportOptions,
	type RemoteResource,
	type StartArguments,
	type StdioOption,
	type StdioOptions,
	type Target,
	WorkerResource,
	type WorkerResourceOptions,
} from './resource/index.ts';
export {
	type CallOptions,
	type CurrentCall,
	defineTask,
	type Remote,
	type RemoteCallable,
	type RemoteFunction,
	type RemoteResult,
	type RemoteStream,
	type Schema,
	stream,
	type Task,
	type TaskDefinition,
	type UntypedModule,
	type UntypedResult,
} from './rpc/index.ts';
export type { Latency, TransportInfo, TransportKind } from './transport/index.ts';
export { BaseWorkerProcess, currentCall } from './worker/index.ts';
