import { defineTask, OptionError, ValidationError, WorkerResource } from 'coproc';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import type * as tasks from '../fixtures/rpc/tasks.js';
import { describeEveryWay, rejection, withWorker } from './support/with-worker.ts';

type Tasks = typeof tasks;

const WAY = { backend: 'thread', transport: 'ring' } as const;

describeEveryWay('a task', (way) => {
	it('gets what its schema makes of the argument, and gives what it makes of the result', async () => {
		await withWorker<Tasks>('tasks', way, async (call) => {
			await expect(call.resize({ width: 5 })).resolves.toBe('5px');
			await expect(call.resize({ width: 5, unit: 'em' })).resolves.toBe('5em');
			await expect(call.unchecked('anything')).resolves.toBe('anything');
		});
	});

	it('rejects with ValidationError for an argument that its schema refuses, and does not run', async () => {
		await withWorker<Tasks>('tasks', way, async (call) => {
			const error = (await rejection(call.resize({ width: -1 }))) as ValidationError;
			expect(error).toBeInstanceOf(ValidationError);
			expect(error).toMatchObject({ code: 'ERR_COPROC_VALIDATION', subject: 'input', issues: [{ path: ['width'] }] });
			expect(error.message).toMatch(/^input of task "run" was refused by its schema: input\.width: /);
			expect(await call.countRuns()).toBe(0);
		});
	});

	it('rejects with ValidationError for a result that its schema refuses', async () => {
		await withWorker<Tasks>('tasks', way, async (call) => {
			const error = (await rejection(call.resize({ width: 5, unit: 'a very long unit' }))) as ValidationError;
			expect(error).toBeInstanceOf(ValidationError);
			expect(error.subject).toBe('output');
		});
	});

	it('that streams has each item checked', async () => {
		await withWorker<Tasks>('tasks', way, async (call) => {
			const seen: number[] = [];
			const consume = async (): Promise<void> => {
				for await (const half of call.halves(8)) seen.push(half);
			};
			await expect(consume()).rejects.toMatchObject({ code: 'ERR_COPROC_VALIDATION', subject: 'output' });
			expect(seen).toEqual([8, 4, 2, 1]);
		});
	});
});

describe('a host that holds the schema of a task', () => {
	const schema = z.object({ width: z.number().int().positive() });

	it('checks the argument before anything is sent', async () => {
		await withWorker<Tasks>('tasks', { ...WAY, tasks: { resize: { input: schema } } }, async (call, worker) => {
			const error = (await rejection(call.resize({ width: 0.5 }))) as ValidationError;
			expect(error.message).toMatch(/^input of task "resize" was refused/);
			await expect(call.resize({ width: 5 })).resolves.toBe('5px');
			await worker.terminate();
			await expect(call.resize({ width: 0.5 })).rejects.toBeInstanceOf(ValidationError);
		});
	});

	it('refuses tasks and options that are no object', async () => {
		const module = new URL('../fixtures/rpc/tasks.js', import.meta.url);
		for (const options of [null, 5, { tasks: null }, { tasks: [] }])
			await expect(WorkerResource.import(module, options as object)).rejects.toBeInstanceOf(OptionError);
	});

	it('awaits a schema that answers later', async () => {
		const later = schema.refine(async ({ width }) => width < 100, 'too wide');
		await withWorker<Tasks>('tasks', { ...WAY, tasks: { resize: { input: later } } }, async (call) => {
			await expect(call.resize({ width: 5 })).resolves.toBe('5px');
			await expect(call.resize({ width: 500 })).rejects.toThrow('too wide');
		});
	});

	it('checks the argument of a stream when the first item is asked for', async () => {
		await withWorker<Tasks>('tasks', { ...WAY, tasks: { halves: { input: z.number() } } }, async (call) => {
			const items = call.halves('many' as unknown as number);
			await expect(items.next()).rejects.toBeInstanceOf(ValidationError);
			expect(await items.next()).toEqual({ value: undefined, done: true });
		});
	});
});

describe('defineTask()', () => {
	it('makes a function that can be called where it is', async () => {
		const twice = defineTask({ name: 'twice', input: z.number(), output: z.number(), run: (n) => 2 * n });
		expect(await twice(2)).toBe(4);
		expect(twice.name).toBe('twice');
		await expect(twice('2' as unknown as number)).rejects.toThrow(/^input of task "twice" was refused by its schema: /);
	});

	it('refuses what is no function and what is no schema', () => {
		expect(() => defineTask({ run: 5 as unknown as () => void })).toThrow('`run` must be a function');
		expect(() => defineTask({ input: {} as z.ZodNumber, run: (n) => n })).toThrow(
			'`input` must be a schema of zod or another standard schema',
		);
	});
});
