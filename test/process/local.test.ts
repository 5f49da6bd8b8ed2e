import { channel } from 'node:diagnostics_channel';

import { describe, expect, it, onTestFinished } from 'vitest';

import { Any, etc, Exit, here, Process, spawn, UnhandledChildExit, UnhandledMessage } from '../../src/process/index.ts';
import { stopwatch } from './support/stopwatch.ts';

/** Lets everything run that is due: processes run in microtasks, and give way to the event loop in between. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** A process that keeps what matches `pattern`, and its end. */
function recorder(...patterns: unknown[]): { readonly process: Process; readonly got: unknown[][] } {
	const got: unknown[][] = [];
	const process = spawn((self) => {
		for (const pattern of patterns) self.receive(pattern as object, (...message: unknown[]) => void got.push(message));
	});
	return { process, got };
}

/** Why it ended. */
async function errorOf(process: Process): Promise<unknown> {
	expect(await process.wait()).toBe(true);
	return process.error;
}

/** The exit in the first message. */
const exitIn = ([first]: unknown[][]): Exit => (first as [Exit])[0];

const causeOf = (process: Process | undefined): unknown => (process as { error: Error }).error.cause;

const silent = (): void => {};

describe('a message', () => {
	it('goes to the first registered handler that matches', async () => {
		const calls: string[] = [];
		const process = spawn((self) => {
			self.receive([String, Number], () => void calls.push('first'));
			self.receive(['a', Number], () => void calls.push('second'));
			self.receive(etc, () => void calls.push('rest'));
		});
		process.send('a', 1);
		process.send('a');
		await settle();
		expect(calls).toEqual(['first', 'rest']);
	});

	it('does not match a predicate that throws', async () => {
		const thrower = (): boolean => {
			throw new Error('no');
		};
		const { process, got } = recorder([thrower], [Any]);
		process.send(1);
		await settle();
		expect(got).toEqual([[1]]);
		expect(process.isAlive).toBe(true);
	});

	it('waits until an async handler has ended', async () => {
		const steps: unknown[] = [];
		const process = spawn((self) => {
			self.receive(Number, async (n) => {
				steps.push(n);
				await settle();
				steps.push(`after ${n}`);
			});
		});
		process.send(1);
		process.send(2);
		process.terminate();
		await process.wait();
		expect(steps).toEqual([1, 'after 1', 2, 'after 2']);
	});

	it('that nobody takes ends the process with UnhandledMessage', async () => {
		const { process } = recorder([String]);
		const watcher = recorder([Exit, Process]);
		watcher.process.monitor(process);
		process.send('ok');
		process.send(1, 2);
		const error = await errorOf(process);
		expect(error).toBeInstanceOf(UnhandledMessage);
		expect((error as UnhandledMessage).received).toEqual([1, 2]);
	});

	it("that nobody takes goes to the dead letters with unhandled: 'dead-letter'", async () => {
		const letters: unknown[] = [];
		const note = (letter: unknown): void => void letters.push(letter);
		const deadLetters = channel('coproc:dead-letter');
		deadLetters.subscribe(note);
		onTestFinished(() => {
			deadLetters.unsubscribe(note);
		});
		const process = spawn(silent, { unhandled: 'dead-letter' });
		process.send('lost', 1);
		await settle();
		expect(letters).toEqual([{ process, message: ['lost', 1] }]);
		expect(process.isAlive).toBe(true);
	});

	it('is refused by send() once the end is known', async () => {
		const { process } = recorder(etc);
		expect(process.send(1)).toBe(true);
		process.terminate();
		await process.wait();
		expect(process.send(2)).toBe(false);
		expect(process.terminate()).toBe(false);
	});
});

describe('terminate()', () => {
	it('queues behind earlier messages, and later ones are not handled', async () => {
		const { process, got } = recorder([Number]);
		for (const n of [0, 1, 2, 3]) process.send(n);
		process.terminate();
		process.send(99);
		expect(await errorOf(process)).toBe(undefined);
		expect(got).toEqual([[0], [1], [2], [3]]);
	});

	it('makes an Error of a text', async () => {
		const process = spawn(silent);
		process.terminate('enough');
		recorder([Exit, Process]).process.monitor(process);
		const error = await errorOf(process);
		expect(error).toBeInstanceOf(Error);
		expect((error as Error).message).toBe('enough');
	});

	it('is seen by a handler of [Exit], which cannot veto it', async () => {
		const { process, got } = recorder([Exit]);
		process.terminate();
		expect(await errorOf(process)).toBe(undefined);
		expect(got).toHaveLength(1);
	});

	it('unwraps an Exit in an Exit', () => {
		const error = new RangeError('inner');
		expect(new Exit(new Exit(error)).error).toBe(error);
	});
});

describe('a handler', () => {
	it.each([
		[
			'sync',
			(): void => {
				throw new RangeError('boom');
			},
		],
		[
			'async',
			async (): Promise<void> => {
				await settle();
				throw new RangeError('boom');
			},
		],
	])('that throws (%s) ends its process with that error', async (_title, handler) => {
		const process = spawn((self) => void self.receive('go', handler));
		recorder([Exit, Process]).process.monitor(process);
		process.send('go');
		expect(await errorOf(process)).toEqual(new RangeError('boom'));
	});

	it('that throws an Exit ends its process as that says', async () => {
		const process = spawn(
			(self) =>
				void self.receive('go', () => {
					throw new Exit();
				}),
		);
		process.send('go');
		expect(await errorOf(process)).toBe(undefined);
	});

	it('can be added at any time', async () => {
		const { process, got } = recorder(['more']);
		process.receive(Number, (n) => void got.push([n]));
		process.send(5);
		await settle();
		expect(got).toEqual([[5]]);
	});
});

describe('an exit', () => {
	it.each([
		['normal', undefined],
		['with an error', new RangeError('x')],
	])('(%s) ends linked processes', async (_title, error) => {
		const [a, b] = [spawn(silent), spawn(silent)];
		a.link(b);
		recorder([Exit, Process]).process.monitor(b);
		a.terminate(error);
		const reason = await errorOf(b);
		expect(reason).toBeInstanceOf(UnhandledChildExit);
		expect((reason as UnhandledChildExit).process).toBe(a);
		expect((reason as UnhandledChildExit).cause).toBe(error);
	});

	it('goes both ways', async () => {
		const [a, b] = [spawn(silent), spawn(silent)];
		a.link(b);
		b.terminate();
		expect(await errorOf(a)).toBeInstanceOf(UnhandledChildExit);
	});

	it('does not end those that handle [Exit, Process]', async () => {
		const { process, got } = recorder([Exit, Process]);
		const child = spawn(silent, { linkTo: process });
		child.terminate('why');
		await settle();
		expect(process.isAlive).toBe(true);
		expect(got).toEqual([[expect.any(Exit), child]]);
		expect(exitIn(got).error).toEqual(new Error('why'));
	});

	it('does not end those with ignoreNormalExits when it is normal, and ends them when it is not', async () => {
		const process = spawn(silent, { ignoreNormalExits: true });
		const [calm, failing] = [spawn(silent, { linkTo: process }), spawn(silent, { linkTo: process })];
		calm.terminate();
		await settle();
		expect(process.isAlive).toBe(true);
		recorder([Exit, Process]).process.monitor(process);
		failing.terminate('bad');
		expect(await errorOf(process)).toBeInstanceOf(UnhandledChildExit);
	});

	it('of a process that has ended already is told to whoever links to it then', async () => {
		const ended = spawn(silent);
		ended.terminate();
		await ended.wait();
		const late = spawn(silent);
		late.link(ended);
		expect(await errorOf(late)).toBeInstanceOf(UnhandledChildExit);
	});

	it('does not come after unlink(), not even when it waits in the mailbox already', async () => {
		const [a, b] = [spawn(silent), spawn(silent)];
		a.link(b);
		b.unlink(a);
		a.terminate();
		await a.wait();
		await settle();
		expect(b.isAlive).toBe(true);

		const { process, got } = recorder([Exit, Process]);
		const child = spawn(silent, { linkTo: process });
		process.receive('busy', async () => {
			child.terminate();
			await child.wait();
			process.unlink(child);
		});
		process.send('busy');
		await settle();
		expect(got).toEqual([]);
	});

	it('of its target ends a process that throws there', async () => {
		const { process, got } = recorder([Exit, Process]);
		spawn(
			() => {
				throw new RangeError('at once');
			},
			{ linkTo: process },
		);
		await settle();
		expect(exitIn(got).error).toEqual(new RangeError('at once'));
	});
});

describe('monitor()', () => {
	it('delivers [Exit, process] once, however often it was called', async () => {
		const { process, got } = recorder([Exit, Process]);
		const other = spawn(silent);
		process.monitor(other);
		process.monitor(other);
		other.terminate('reason');
		await settle();
		expect(got).toEqual([[expect.any(Exit), other]]);
		expect(other.error).toEqual(new Error('reason'));
	});

	it('ends nobody when no handler takes it', async () => {
		const process = spawn(silent);
		const other = spawn(silent);
		process.monitor(other);
		other.terminate('reason');
		await other.wait();
		await settle();
		expect(process.isAlive).toBe(true);
	});
});

describe('next()', () => {
	/** A process that runs `code` in its target and tells what came of it. */
	const run = (code: (self: Process) => Promise<unknown>): { process: Process; result: Promise<unknown> } => {
		let process!: Process;
		const result = new Promise<unknown>((resolve) => {
			process = spawn(async (self) => resolve(await code(self).catch((error: unknown) => error)));
		});
		return { process, result };
	};

	it('resolves to the first message that matches, as an array, and leaves the others', async () => {
		const { process, result } = run(async (self) => [await self.next(['b', Any]), await self.next(Any), await self.next(etc)]);
		process.send('a');
		process.send('b', 1);
		process.send('c', 2);
		expect(await result).toEqual([['b', 1], ['a'], ['c', 2]]);
	});

	it('rejects with TimeoutError, at once with timeout 0', async () => {
		const { result } = run((self) => self.next('never', { timeout: 0 }));
		expect(await result).toMatchObject({ code: 'ERR_COPROC_TIMEOUT' });
	});

	it('rejects with the reason of the signal', async () => {
		const reason = new Error('not any more');
		const controller = new AbortController();
		const { process, result } = run((self) => self.next('never', { signal: controller.signal }));
		process.send('other');
		await settle();
		controller.abort(reason);
		expect(await result).toBe(reason);
	});

	it('rejects with Exit when the process is asked to end, and takes nothing that came after that', async () => {
		const { process, result } = run((self) => self.next('late'));
		process.terminate('over');
		process.send('late');
		expect(await result).toBeInstanceOf(Exit);
		expect(((await result) as Exit).error).toEqual(new Error('over'));
	});

	it('lets timers have their turn while two processes play ping-pong for ever', async () => {
		const play = async (self: Process): Promise<void> => {
			for (;;) {
				const [from] = await self.next(Process);
				from.send(self);
			}
		};
		const [a, b] = [spawn(play), spawn(play)];
		a.send(b);
		await new Promise((resolve) => setTimeout(resolve, 5));
		a.terminate();
		b.terminate();
		expect(await Promise.all([a.wait(), b.wait()])).toEqual([true, true]);
	});
});

describe('wait()', () => {
	it('tells whether the process has ended', async () => {
		const process = spawn(silent);
		expect(await process.wait({ timeout: 0 })).toBe(false);
		expect(await process.wait({ timeout: 1 })).toBe(false);
		process.terminate();
		expect(await process.wait()).toBe(true);
		expect(await process.wait({ timeout: 0 })).toBe(true);
	});
});

describe('10,000 processes in a linked chain', () => {
	it('all end within a second when one does, and nothing is left', async () => {
		const before = here().table.locals.size;
		const chain = Array.from({ length: 10_000 }, () => spawn(silent));
		chain.forEach((process, index) => chain[index - 1]?.link(process));
		expect(here().table.locals.size).toBe(before + 10_000);
		recorder([Exit, Process]).process.monitor(chain.at(-1) as Process);
		const elapsed = stopwatch();
		const first = new RangeError('the first');
		chain[5000]?.terminate(first);
		await Promise.all(chain.map((process) => process.wait()));
		expect(elapsed()).toBeLessThan(1000);
		expect(causeOf(chain[0])).toBe(first);
		expect(causeOf(chain.at(-1))).toBe(first);
		expect(here().table.locals.size).toBe(before + 1);
	});
});
