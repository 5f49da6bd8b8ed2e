import { type Kind, type Process, spawn, type SpawnOptions } from 'coproc/process';
import { afterEach, beforeAll, beforeEach } from 'vitest';

import { expectNothingLeftSince, type Holdings, holdings } from '../../support/leftovers.ts';

export const KINDS: readonly Kind[] = ['local', 'thread', 'process'];

/** Every two kinds. */
export const PAIRS: readonly (readonly [Kind, Kind])[] = KINDS.flatMap((a) => KINDS.map((b) => [a, b] as const));

export const UNITS: URL = new URL('../../fixtures/process/units.js', import.meta.url);

/** What nobody sends: a process that waits for it keeps all messages, and ends when it is asked to. */
const NEVER: symbol = Symbol('never');

let started: Process[] = [];
let before: Holdings;

/** Ends what a test has started with {@link start} and {@link probe}, and fails if a worker is left of it. */
export function endsEverything(): void {
	// What the tree keeps until the program ends is made by its first worker.
	beforeAll(async () => {
		const first = spawn(UNITS, { kind: 'process', export: 'quiet' });
		first.terminate();
		await first.wait();
	});
	beforeEach(() => {
		before = holdings();
	});
	afterEach(async () => {
		for (const process of started) process.terminate();
		for (const process of started) await process.wait();
		started = [];
		await expectNothingLeftSince(before);
	});
}

/** A process of this thread whose messages the test takes with `next()`. */
export function probe(): Process {
	const process = spawn((self) => self.next(NEVER), { name: 'probe' });
	started.push(process);
	return process;
}

/** Starts an export of the fixture, which ends with the test. */
export function start(kind: Kind, name: string, args: readonly unknown[] = [], options: SpawnOptions = {}): Process {
	const process = spawn(UNITS, { ...options, kind, export: name, args });
	started.push(process);
	return process;
}

/** Has a process that somebody else started end with the test. */
export function adopt<P>(process: P): P {
	started.push(process as Process);
	return process;
}

/** Starts an agent, which does what it is told; resolves when it does. */
export async function startAgent(kind: Kind, to: Process, options: { survives?: boolean } = {}): Promise<Process> {
	const agent = start(kind, 'agent', [to, options]);
	await to.next(['ready', (value: unknown) => agent.equals(value)]);
	return agent;
}

/** How a process ended, once it has. */
export async function endOf(process: Process): Promise<unknown> {
	await process.wait();
	return process.error;
}
