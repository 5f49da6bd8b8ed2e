/*
 * coproc: CPU work in other processes and threads, over shared memory.
 *
 * The public API, in alphabetical order; no code lives here.
 */
export {
	BlockingNotAllowedError,
	CoprocError,
	DataCloneError,
	type ErrorCode,
	type ExitInfo,
	InvalidArgumentError,
	MessageNotRecognizedError,
	MessageTooLargeError,
	MessengerClosedError,
	OptionError,
	ProtocolError,
	QueueFullError,
	ResourceRequestedClose,
	TimeoutError,
	TransportUnavailableError,
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
	type EndOptions,
	type StartArguments,
	type StdioOption,
	type StdioOptions,
	type Target,
	WorkerResource,
	type WorkerResourceOptions,
} from './resource/index.ts';
export type { Latency, TransportInfo, TransportKind } from './transport/index.ts';
export { BaseWorkerProcess } from './worker/index.ts';
