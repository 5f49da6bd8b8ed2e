import { InvalidArgumentError, OptionError } from '../errors/index.ts';
import { nearestName } from '../internal/nearest-name.ts';
import { Process, type ProcessTarget, type SpawnOptions } from './process.ts';

/** Options with every default filled in. */
export interface ResolvedSpawnOptions {
	readonly name: string | undefined;
	readonly kind: 'local' | 'thread' | 'process';
	readonly args: readonly unknown[];
	readonly linkTo: readonly Process[];
	readonly unhandled: 'exit' | 'dead-letter';
	readonly ignoresNormalExits: boolean;
	readonly exportName: string;
	/** URL of a module that a worker loads before it reads a message for its first process: it registers the types of these. */
	readonly preload?: string;
}

/** What an option must be, and the sentence that says so. zod would cost a worker more time than its start. */
const CHECKS: Readonly<Record<keyof SpawnOptions, readonly [isValid: (value: unknown) => boolean, problem: string]>> = {
	name: [(value) => typeof value === 'string' && value !== '', 'must be a string with something in it'],
	kind: [
		(value) => value === 'local' || value === 'thread' || value === 'process',
		"must be one of 'local', 'thread', 'process'",
	],
	args: [(value) => Array.isArray(value), 'must be an array'],
	linkTo: [(value) => [value].flat().every((each) => each instanceof Process), 'must be a process or an array of processes'],
	unhandled: [(value) => value === 'exit' || value === 'dead-letter', "must be one of 'exit', 'dead-letter'"],
	ignoreNormalExits: [(value) => typeof value === 'boolean', 'must be true or false'],
	export: [(value) => typeof value === 'string' && value !== '', 'must be the name of an export'],
};

/**
 * Checks a target and options, and fills in defaults.
 *
 * @throws InvalidArgumentError for what cannot be a target
 * @throws OptionError for the first option that is unknown or makes no sense
 */
export function resolveSpawnOptions(target: ProcessTarget, options: SpawnOptions = {}): ResolvedSpawnOptions {
	const isTarget = typeof target === 'function' || target instanceof URL || (typeof target === 'string' && target !== '');
	if (!isTarget)
		throw new InvalidArgumentError(
			`process was not spawned: its target must be a function, a URL or a path, not ${target === null ? 'null' : `of type ${typeof target}`}`,
		);
	for (const [option, value] of Object.entries(options)) checkOption(option, value);
	const { linkTo = [] } = options;
	return {
		name: options.name,
		kind: options.kind ?? 'local',
		args: options.args ?? [],
		linkTo: linkTo instanceof Process ? [linkTo] : linkTo,
		unhandled: options.unhandled ?? 'exit',
		ignoresNormalExits: options.ignoreNormalExits ?? false,
		exportName: options.export ?? 'default',
	};
}

function checkOption(option: string, value: unknown): void {
	const known = Object.keys(CHECKS);
	if (!known.includes(option)) {
		const near = nearestName(option, known);
		throw refuse(option, near ? `is unknown. Did you mean \`${near}\`?` : `is unknown. Known options: ${known.join(', ')}`);
	}
	const [isValid, problem] = CHECKS[option as keyof SpawnOptions];
	if (value !== undefined && !isValid(value)) throw refuse(option, problem);
}

function refuse(option: string, problem: string): OptionError {
	return new OptionError({ subject: 'process', option, problem });
}
