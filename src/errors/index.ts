/*
 * The errors of coproc: one base class, one class per thing that a caller can do something about.
 *
 * Constructors take facts and write the sentence (subject, what failed, why, the facts, what to do), so that call sites hold
 * no prose. Every code has its entry in docs/errors.md. This folder imports nothing of ours.
 */
export { CoprocError, type ErrorCode, InvalidArgumentError, nameErrorClass } from './base.ts';
export { AbortIgnoredError, NotInCallError, UnknownFunctionError, ValidationError, type ValidationIssue } from './calls.ts';
export { MailboxClosedError, MailboxFullError, MailboxUnavailableError, TagCapacityError } from './mailboxes.ts';
export {
	BlockingNotAllowedError,
	DataCloneError,
	MessageNotRecognizedError,
	MessageTooLargeError,
	MessengerClosedError,
	OptionError,
	ProtocolError,
	QueueFullError,
	ResourceRequestedClose,
	TimeoutError,
	TypeNotRegisteredError,
} from './messages.ts';
export { PoolClosedError, PoolFailedError } from './pools.ts';
export {
	ActorNotStartedError,
	Exit,
	type NamedProcess,
	NotMainProcessError,
	NotOwnProcessError,
	ProcessGoneError,
	RestartLimitError,
	UnhandledChildExit,
	UnhandledMessage,
	UnserializableExit,
} from './processes.ts';
export {
	type ExitInfo,
	TransportUnavailableError,
	WorkerExitedError,
	WorkerIsAlreadyAliveError,
	WorkerIsAlreadyDeadError,
	WorkerIsDeadError,
	WorkerStartError,
} from './workers.ts';
