/*
 * coproc/process: linked processes with pattern handlers, and supervisors.
 *
 * The public API, in alphabetical order; no code lives here.
 */
export {
	Any,
	type ChildSpec,
	etc,
	Exit,
	type Intensity,
	type Kind,
	main,
	type Matched,
	type MatchedMessage,
	NotMainProcessError,
	NotOwnProcessError,
	type Pattern,
	type Predicate,
	Process,
	ProcessGoneError,
	type ProcessTarget,
	type Restart,
	RestartLimitError,
	spawn,
	spawnLink,
	type SpawnOptions,
	type Strategy,
	Supervisor,
	type SupervisorSpec,
	UnhandledChildExit,
	UnhandledMessage,
	UnserializableExit,
	whereis,
} from './process/index.ts';
