/*
 * Linked processes after paragram and Erlang: each has a mailbox and handles one message after another, matched by patterns, and when
 * one ends, those that are linked to it are told and end too, unless they handle that.
 *
 * A thread is the home of its processes. The thread that the program begins with is the root of the tree: it starts the workers of
 * all others, passes on what they say to each other, and knows names. Promises: messages from one process to another arrive in order; what
 * was sent before an end is delivered before the end is told; every end is told, that of a killed worker included.
 */
export {
	Exit,
	NotMainProcessError,
	NotOwnProcessError,
	ProcessGoneError,
	RestartLimitError,
	UnhandledChildExit,
	UnhandledMessage,
	UnserializableExit,
} from '../errors/index.ts';
export { reasonOf } from './exit-reason.ts';
export { here } from './here.ts';
export { LocalProcess } from './local-process.ts';
export { main } from './main-process.ts';
export { messageMatcher } from './match.ts';
export { type EndListener, ObservedProcess } from './observed-process.ts';
export { Any, etc, type Matched, type MatchedMessage, type Pattern, type PatternSchema, type Predicate } from './pattern.ts';
export { type Kind, Process, type ProcessTarget, type SpawnOptions } from './process.ts';
export { RemoteProcess } from './remote-process.ts';
export { spawn, spawnLink, whereis } from './spawning.ts';
export { type ChildSpec, Supervisor, type SupervisorSpec } from './supervisor.ts';
export type { Intensity, Restart, Strategy } from './supervision.ts';
