import { OptionError } from '../errors/index.ts';
import { nearestName } from '../internal/nearest-name.ts';
import { type Kind, Process } from '../process/index.ts';

/** Options of a new actor. */
export interface ActorSpawnOptions {
	/** Names it in errors and for `whereis()`; made up by default. */
	readonly name?: string;
	/** Processes to be linked to from the start. */
	readonly linkTo?: Process | readonly Process[];
	/** True: the normal end of a linked process does not end this one. */
	readonly ignoreNormalExits?: boolean;
}

/** Where an actor goes to, and how it is found there. */
export interface SpawnOn extends ActorSpawnOptions {
	/** `'local'`: this thread; `'thread'`: a worker thread of its own; `'process'`: a worker process of its own. */
	readonly kind: Kind;
	/**
	 * The module that exports the class: a URL, or a path; the static `module` of the class by default. A worker loads it, so it
	 * must not be the program itself.
	 */
	readonly module?: URL | string;
	/** Which export is the class; by default the one whose value has the name of the class. */
	readonly export?: string;
}

/** Options with every default filled in. */
export interface ResolvedActorOptions {
	readonly name: string | undefined;
	readonly linkTo: readonly Process[];
	readonly ignoresNormalExits: boolean;
}

/** What an option must be, and the sentence that says so. */
const CHECKS: Readonly<Record<keyof SpawnOn, readonly [isValid: (value: unknown) => boolean, problem: string]>> = {
	name: [isText, 'must be a string with something in it'],
	kind: [(value) => ['local', 'thread', 'process'].includes(value as string), "must be one of 'local', 'thread', 'process'"],
	module: [(value) => isText(value) || value instanceof URL, 'must be a URL or a path'],
	export: [isText, 'must be the name of an export'],
	linkTo: [(value) => [value].flat().every((each) => each instanceof Process), 'must be a process or an array of processes'],
	ignoreNormalExits: [(value) => typeof value === 'boolean', 'must be true or false'],
};

/**
 * Checks options of an actor and fills in defaults.
 *
 * @throws OptionError for the first option that is unknown or makes no sense
 */
export function resolveActorOptions(options: ActorSpawnOptions | SpawnOn): ResolvedActorOptions {
	for (const [option, value] of Object.entries(options)) checkOption(option, value);
	const { name, linkTo = [], ignoreNormalExits = false } = options;
	return { name, linkTo: linkTo instanceof Process ? [linkTo] : linkTo, ignoresNormalExits: ignoreNormalExits };
}

/** Throws OptionError for a kind that there is not. */
export function checkKind(kind: unknown): void {
	checkOption('kind', kind ?? null);
}

function checkOption(option: string, value: unknown): void {
	const known = Object.keys(CHECKS);
	if (!known.includes(option)) {
		const near = nearestName(option, known);
		throw refusedOption(
			option,
			near ? `is unknown. Did you mean \`${near}\`?` : `is unknown. Known options: ${known.join(', ')}`,
		);
	}
	const [isValid, problem] = CHECKS[option as keyof SpawnOn];
	if (value !== undefined && !isValid(value)) throw refusedOption(option, problem);
}

/** The error for an option of an actor. */
export function refusedOption(option: string, problem: string): OptionError {
	return new OptionError({ subject: 'actor', option, problem });
}

function isText(value: unknown): boolean {
	return typeof value === 'string' && value !== '';
}
