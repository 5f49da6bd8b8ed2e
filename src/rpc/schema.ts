import { ValidationError } from '../errors/index.ts';

/**
 * A schema as zod, valibot, arktype and others have it (standardschema.dev): coproc asks for no more, so it loads none of them.
 */
export interface Schema<I = unknown, O = unknown> {
	readonly '~standard': {
		readonly version: 1;
		readonly vendor: string;
		readonly validate: (value: unknown) => SchemaResult<O> | Promise<SchemaResult<O>>;
		readonly types?: { readonly input: I; readonly output: O } | undefined;
	};
}

/** What a schema says about a value. */
export type SchemaResult<O> = { readonly value: O; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong with a value. */
export interface SchemaIssue {
	readonly message: string;
	readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema takes. */
export type InputOf<S> = S extends Schema<infer I, infer _> ? I : unknown;
/** What a schema gives. */
export type OutputOf<S> = S extends Schema<infer _, infer O> ? O : unknown;

/** Gives what the schema makes of a value, or throws ValidationError; a promise if the schema gives one. */
export function parse<O>(task: string, subject: 'input' | 'output', schema: Schema<unknown, O>, value: unknown): O | Promise<O> {
	const result = schema['~standard'].validate(value);
	const accept = (checked: SchemaResult<O>): O => {
		if (checked.issues === undefined) return checked.value;
		const issues = checked.issues.map(({ message, path = [] }) => ({
			message,
			path: path.map((part) => (typeof part === 'object' ? part.key : part)),
		}));
		throw new ValidationError({ task, subject, issues });
	};
	return result instanceof Promise ? result.then(accept) : accept(result);
}
