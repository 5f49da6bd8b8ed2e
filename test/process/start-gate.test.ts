import { availableParallelism } from 'node:os';

import { Supervisor } from 'coproc/process';
import { describe, expect, it } from 'vitest';

import { StartGate } from '../../src/process/start-gate.ts';
import { holdings } from '../support/leftovers.ts';
import { adopt, endOf, endsEverything, start, UNITS } from './support/kinds.ts';

/** Starts that the test ends, with what each of them and the gate did. */
class Starts {
	readonly gate: StartGate;
	readonly begun: string[] = [];
	readonly #ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();

	constructor(most: number) {
		this.gate = new StartGate(most);
	}

	ask(name: string, signal = new AbortController().signal): Promise<string> {
		const begin = async (): Promise<string> => {
			this.begun.push(name);
			await new Promise<void>((resolve, reject) => void this.#ends.set(name, { resolve, reject }));
			return name;
		};
		return this.gate.run(begin, signal);
	}

	async end(name: string, error?: Error): Promise<void> {
		const { resolve, reject } = this.#ends.get(name) as { resolve: () => void; reject: (error: Error) => void };
		if (error) reject(error);
		else resolve();
		await new Promise(setImmediate);
	}
}

describe('a gate of two', () => {
	it('lets two start, and the others in their order as places become free', async () => {
		const starts = new Starts(2);
		const all = ['a', 'b', 'c', 'd', 'e'].map((name) => starts.ask(name));
		expect(starts.begun).toEqual(['a', 'b']);
		await starts.end('b');
		expect(starts.begun).toEqual(['a', 'b', 'c']);
		await starts.end('a');
		await starts.end('c');
		expect(starts.begun).toEqual(['a', 'b', 'c', 'd', 'e']);
		await starts.end('d');
		await starts.end('e');
		await expect(Promise.all(all)).resolves.toEqual(['a', 'b', 'c', 'd', 'e']);
		void starts.ask('f');
		void starts.ask('g');
		void starts.ask('h');
		expect(starts.begun.slice(5)).toEqual(['f', 'g']);
	});

	it('has a place free again after a start that failed', async () => {
		const starts = new Starts(2);
		const first = starts.ask('a');
		void starts.ask('b');
		void starts.ask('c');
		const failed = expect(first).rejects.toThrow('no memory');
		await starts.end('a', new Error('no memory'));
		await failed;
		expect(starts.begun).toEqual(['a', 'b', 'c']);
	});

	it('forgets who is not wanted any more while it waits, and nobody else', async () => {
		const starts = new Starts(2);
		const unwanted = new AbortController();
		void starts.ask('a', unwanted.signal);
		void starts.ask('b');
		const waiting = starts.ask('c', unwanted.signal);
		void starts.ask('d');
		unwanted.abort(new Error('not any more'));
		await expect(waiting).rejects.toThrow('not any more');
		await expect(starts.ask('e', unwanted.signal)).rejects.toThrow('not any more');
		await starts.end('a');
		expect(starts.begun).toEqual(['a', 'b', 'd']);
	});
});

// On a machine with many processors these are many threads.
describe.runIf(availableParallelism() <= 8)('a tree of processes', { timeout: 60_000 }, () => {
	endsEverything();
	const most = 3 * availableParallelism();

	it('starts three workers at a time for each processor', async () => {
		const before = holdings().threads;
		const all = Array.from({ length: most + 6 }, () => start('thread', 'quiet'));
		let starting = 0;
		while (all.some(({ pid }) => pid === undefined)) {
			await new Promise(setImmediate);
			const started = all.filter(({ pid }) => pid !== undefined).length;
			starting = Math.max(starting, holdings().threads - before - started);
		}
		expect(starting).toBe(most);
	});

	it('ends by force who waits for a start', async () => {
		const others = Array.from({ length: 4 * most }, () => start('thread', 'quiet'));
		const child = { target: UNITS, options: { kind: 'thread', export: 'quiet' }, shutdown: 0 } as const;
		const supervisor = adopt(await Supervisor.start({ children: [child] }));
		supervisor.terminate();
		expect(await endOf(supervisor)).toBeUndefined();
		expect(others.some(({ pid }) => pid === undefined)).toBe(true);
	});
});
