import { createRequire } from 'node:module';

import { OptionError } from '../errors/index.ts';
import { nearestName } from '../internal/nearest-name.ts';
import { type MessengerClass, MultiMessenger } from '../messenger/index.ts';
import { isRingBytes } from '../ringbuf/index.ts';
import type { TaskSchemas } from '../rpc/index.ts';

/** zod, loaded at the first resource: neither a worker nor a program that makes none should pay for it. */
export type Zod = typeof import('zod')['z'];

/** What options are checked by: an object schema that refuses unknown keys. */
export interface OptionSchema {
	readonly shape: object;
	safeParse(options: unknown): { success: true } | { success: false; error: { readonly issues: readonly OptionIssue[] } };
}

interface OptionIssue {
	readonly code?: string | undefined;
	readonly message: string;
	readonly path: readonly PropertyKey[];
	readonly keys?: readonly string[];
}

/** A check of options, made when it is first needed. Throws OptionError for the first one that is unknown or makes no sense. */
export function optionCheck(subject: string, make: (z: Zod) => OptionSchema): (options: unknown) => void {
	let schema: OptionSchema | undefined;
	return (options) => {
		checkObject(subject, 'options', options);
		schema ??= make((createRequire(import.meta.url)('zod') as typeof import('zod')).z);
		const result = schema.safeParse(options);
		if (result.success) return;
		const issue = result.error.issues[0] as OptionIssue;
		if (issue.code === 'unrecognized_keys') throw unknownOption(subject, issue, schema);
		const value = issue.path.reduce<unknown>((held, key) => (held as Record<PropertyKey, unknown>)[key], options);
		throw new OptionError({ subject, option: issue.path.join('.'), problem: `${issue.message}, not ${describe(value)}` });
	};
}

/** Parts the option `tasks` from those of the workers. Throws OptionError for what is no object. */
export function partTasks<O extends { readonly tasks?: TaskSchemas }>(
	subject: string,
	options: O | undefined,
): { tasks: TaskSchemas; others: Omit<O, 'tasks'> } {
	if (options === undefined) return { tasks: {}, others: {} as O };
	checkObject(subject, 'options', options);
	const { tasks = {}, ...others } = options;
	checkObject(subject, 'tasks', tasks);
	return { tasks, others };
}

function checkObject(subject: string, option: string, value: unknown): void {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
	const problem = `must be an object, not ${Array.isArray(value) ? 'an array' : describe(value)}`;
	throw new OptionError({ subject, option, problem });
}

function unknownOption(subject: string, issue: OptionIssue, schema: OptionSchema): OptionError {
	const key = issue.keys?.[0] as string;
	const known = Object.keys(schema.shape);
	// An unknown key within an option: its siblings are not listed here.
	const near = issue.path.length === 0 ? nearestName(key, known) : undefined;
	const advice = near ? ` Did you mean \`${near}\`?` : issue.path.length === 0 ? ` Known options: ${known.join(', ')}` : '';
	return new OptionError({ subject, option: [...issue.path, key].join('.'), problem: `is unknown.${advice}` });
}

/** A time in milliseconds. */
export const milliseconds = (z: Zod) => z.number('must be a number of milliseconds').min(0, 'must be 0 ms or more').optional();

/** An AbortSignal. */
export const abortSignal = (z: Zod) =>
	z.custom<AbortSignal>((value) => value instanceof AbortSignal, 'must be an AbortSignal').optional();

/** The options of a resource. */
export function resourceOptionShape(z: Zod) {
	const oneOf = (...values: [string, ...string[]]) =>
		z.enum(values, `must be one of ${values.map((value) => `'${value}'`).join(', ')}`).optional();
	const time = milliseconds(z);
	const bytes = z
		.number('must be a number of bytes')
		.int('must be a whole number of bytes')
		.min(1, 'must be 1 byte or more')
		.optional();
	const stream = z.enum(['inherit', 'pipe', 'ignore'], "must be one of 'inherit', 'pipe', 'ignore'");
	return {
		backend: oneOf('process', 'thread'),
		messenger: z
			.custom<MessengerClass>(
				(value) => value === MultiMessenger || (typeof value === 'function' && value.prototype instanceof MultiMessenger),
				'must be PriorityMessenger or MultiMessenger',
			)
			.optional(),
		transport: oneOf('auto', 'ring', 'pipe'),
		latency: oneOf('eco', 'balanced', 'low'),
		ringBytes: z
			.custom<number>((value) => isRingBytes(value as number), 'must be a power of two from 4096 to 67108864 bytes')
			.optional(),
		maxMessageBytes: bytes,
		highWaterMark: bytes,
		maxQueuedBytes: bytes,
		startTimeout: time,
		closeTimeout: time,
		killGrace: time,
		abortGrace: time,
		name: z.string('must be a string').min(1, 'must not be empty').optional(),
		env: z.record(z.string(), z.string('must be a string'), 'must be an object of strings').optional(),
		execArgv: z.array(z.string('must be a string'), 'must be an array of strings').optional(),
		resourceLimits: z.record(z.string(), z.number('must be a number'), 'must be an object of numbers').optional(),
		stdio: z
			.union(
				[stream, z.strictObject({ stdout: stream.or(z.literal('stderr')).optional(), stderr: stream.optional() })],
				"must be 'inherit', 'pipe', 'ignore' or { stdout, stderr } of those, and stdout may be 'stderr'",
			)
			.optional(),
		export: z.string('must be the name of an export').min(1, 'must not be empty').optional(),
		signal: abortSignal(z),
	};
}

function describe(value: unknown): string {
	if (typeof value === 'string') return `'${value}'`;
	return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
