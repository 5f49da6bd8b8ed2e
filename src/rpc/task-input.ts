import { ValidationError } from '../errors/index.ts';
import { parse, type Schema } from './schema.ts';

/** Schemas of tasks by name, as the host holds them: tasks themselves, or what has their `input`. */
export type TaskSchemas = Readonly<Record<string, { readonly input?: Schema | undefined } | undefined>>;

/**
 * What is wrong with the input of a task, before it is sent; a promise of it if the schema gives one. What the schema makes of the
 * input is not sent: the worker, which parses it again, is to see what the caller gave.
 */
export function checkInput(
	task: string,
	schema: Schema,
	input: unknown,
): ValidationError | undefined | Promise<ValidationError | undefined> {
	try {
		const parsed = parse(task, 'input', schema, input);
		return parsed instanceof Promise ? parsed.then(() => undefined, onlyValidation) : undefined;
	} catch (error) {
		return onlyValidation(error);
	}
}

function onlyValidation(error: unknown): ValidationError {
	if (error instanceof ValidationError) return error;
	throw error;
}
