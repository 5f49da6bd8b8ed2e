import { InvalidArgumentError } from '../errors/index.ts';
import { type InputOf, type OutputOf, parse, type Schema } from './schema.ts';
import { isStreaming, stream } from './stream-mark.ts';

/** What a task is made of. */
export interface TaskDefinition<I, O, R> {
	/** Checks the argument; `run` gets what it makes of it. */
	input?: I;
	/** Checks the result, or each item of a stream; the caller gets what it makes of it. */
	output?: O;
	/** Names the task in errors; the name of `run` by default. */
	name?: string;
	/** Does the work. A generator function streams. */
	run: (input: OutputOf<I>) => R;
}

/** What `run` may return, for its schema to look at. */
export type Produced<O> =
	| InputOf<O>
	| PromiseLike<InputOf<O>>
	| Generator<InputOf<O> | PromiseLike<InputOf<O>>, unknown, never>
	| AsyncGenerator<InputOf<O>, unknown, never>;

/** What a task gives: `R` as its schema `O` lets it through. */
export type TaskResult<R, O> = R extends AsyncGenerator<unknown, infer T, never> | Generator<unknown, infer T, never>
	? unknown extends OutputOf<O>
		? R
		: AsyncGenerator<OutputOf<O>, T, undefined>
	: Promise<unknown extends OutputOf<O> ? Awaited<R> : OutputOf<O>>;

/** A function of one argument with the schemas that guard it. It can be called where it is as well as from a host. */
export interface Task<I, O, R> {
	(input: InputOf<I>): TaskResult<R, O>;
	readonly input: I;
	readonly output: O;
}

/**
 * Makes a function of a worker module that checks what it is given and what it gives, by zod or any other standard schema.
 *
 * Who sends a value has it checked: the worker checks results before they leave; a host that is given the task by
 * `WorkerResource.import(module, { tasks: { name: task } })` checks arguments before they leave. The worker checks arguments
 * in any case, for not every host has the schema. What does not pass rejects the call with ValidationError.
 *
 * @example
 * export const resize = defineTask({
 * 	input: z.object({ path: z.string(), width: z.number().int().positive() }),
 * 	output: z.object({ bytes: z.number() }),
 * 	run: async ({ path, width }) => ({ bytes: await resizeFile(path, width) }),
 * });
 */
export function defineTask<
	R extends Produced<O>,
	I extends Schema | undefined = undefined,
	O extends Schema | undefined = undefined,
>(definition: TaskDefinition<I, O, R>): Task<I, O, R> {
	const { input, output, run } = definition;
	if (typeof run !== 'function') throw new InvalidArgumentError('defineTask() was refused: `run` must be a function');
	for (const [key, schema] of Object.entries({ input, output })) {
		if (schema !== undefined && typeof (schema as Partial<Schema>)['~standard']?.validate !== 'function')
			throw new InvalidArgumentError(`defineTask() was refused: \`${key}\` must be a schema of zod or another standard schema`);
	}
	const name = definition.name ?? (run.name || 'anonymous');
	const check = (subject: 'input' | 'output', schema: unknown, value: unknown): unknown =>
		schema === undefined ? value : parse(name, subject, schema as Schema, value);
	const work = run as (input: unknown) => unknown;
	const task = isStreaming(run)
		? stream(async function* (value: unknown): AsyncGenerator<unknown, unknown, undefined> {
				const items = work(await check('input', input, value)) as AsyncGenerator<unknown, unknown, undefined>;
				return yield* checkItems(items, (item) => check('output', output, item));
			})
		: async (value: unknown): Promise<unknown> => check('output', output, await work(await check('input', input, value)));
	Object.defineProperty(task, 'name', { value: name, configurable: true });
	return Object.assign(task, { input, output }) as unknown as Task<I, O, R>;
}

/** Passes items on as `check` gives them, and what the generator returns as it is. Ending early finalises `items`. */
async function* checkItems(
	items: AsyncIterable<unknown> | Iterable<unknown>,
	check: (item: unknown) => unknown,
): AsyncGenerator<unknown, unknown, undefined> {
	const source = items as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
	const iterator = (source[Symbol.asyncIterator]?.() ??
		(source as Iterable<unknown>)[Symbol.iterator]()) as AsyncIterator<unknown>;
	let isDone = false;
	try {
		for (;;) {
			const step = await iterator.next();
			isDone = step.done === true;
			if (step.done) return step.value;
			yield await check(step.value);
		}
	} finally {
		if (!isDone) await iterator.return?.();
	}
}
