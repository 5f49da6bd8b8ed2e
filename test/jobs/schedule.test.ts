import { describe, expect, it } from 'vitest';

import type { FileResult } from '../../jobs/parse-sources/parse-file.js';
import { type ParseWorker, schedule } from '../../jobs/parse-sources/schedule.js';

const sources = (...sizes: number[]) => sizes.map((bytes, i) => ({ path: `${i}.js`, absolutePath: `/${i}.js`, bytes }));
const parsed = (path: string) =>
	({ bytes: 1, tokens: Number(/\d+/.exec(path)?.[0]), lines: 1, nesting: 0, syntaxErrors: 0, ms: 1 }) satisfies FileResult;

/** Workers that answer one request at a time and die, with all that waits before them, of files that `kills` names. */
class Crew {
	readonly order: string[] = [];
	readonly waiting = new Map<string, number>();
	alive = 0;
	started = 0;
	readonly kills: (path: string, worker: string) => boolean;

	constructor(kills: (path: string, worker: string) => boolean = () => false) {
		this.kills = kills;
	}

	start = async (name: string): Promise<ParseWorker> => {
		this.started += 1;
		this.alive += 1;
		let dead = false;
		let last = Promise.resolve();
		return {
			parse: async (path) => {
				this.waiting.set(name, (this.waiting.get(name) ?? 0) + 1);
				const mine = last.then(() => new Promise<void>((resolve) => setImmediate(resolve)));
				last = mine;
				await mine;
				this.waiting.set(name, (this.waiting.get(name) ?? 0) - 1);
				this.order.push(path);
				dead ||= this.kills(path, name);
				if (dead) throw new Error(`worker "${name}" exited (signal SIGKILL)`);
				return parsed(path);
			},
			end: async () => {
				this.alive -= 1;
				if (dead) throw new Error('told again');
			},
		};
	};
}

function run(crew: Crew, { files = sources(1, 2, 3), workers = 2, signal = new AbortController().signal } = {}) {
	const done: number[] = [];
	const outcome = schedule(files, { workers, start: crew.start, signal, onResult: (index) => done.push(index) });
	return { done, outcome };
}

describe('schedule', () => {
	it('returns results in the order of the files, whatever the order they were parsed in', async () => {
		const crew = new Crew();
		const { done, outcome } = run(crew, { files: sources(10, 30, 20, 0, 0), workers: 1 });
		const { results, ms, startMs, incidents } = await outcome;
		expect(results.map((result) => (result as { tokens: number }).tokens)).toEqual([0, 1, 2, 3, 4]);
		expect(crew.order).toEqual(['/1.js', '/2.js', '/0.js', '/3.js', '/4.js']);
		expect(done.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
		expect(ms).toBeGreaterThanOrEqual(startMs);
		expect(incidents).toEqual([]);
		expect(crew.alive).toBe(0);
	});

	it('keeps several requests before each worker, and no more', async () => {
		const crew = new Crew();
		let most = 0;
		const counting = async (name: string) => {
			const worker = await crew.start(name);
			return {
				...worker,
				parse: (path: string) => {
					const result = worker.parse(path);
					most = Math.max(most, ...crew.waiting.values());
					return result;
				},
			};
		};
		const { signal } = new AbortController();
		await schedule(sources(...Array.from({ length: 100 }, () => 1)), { workers: 3, start: counting, signal, onResult() {} });
		expect(most).toBe(4);
	});

	it('gives the next file to the worker with the fewest bytes before it', async () => {
		const taken: Record<string, string[]> = {};
		const start = async (name: string): Promise<ParseWorker> => ({
			parse: async (path) => {
				(taken[name] ??= []).push(path);
				return parsed(path);
			},
			end: async () => undefined,
		});
		const { signal } = new AbortController();
		await schedule(sources(100, 10, 10, 10), { workers: 2, start, signal, onResult() {} });
		expect(taken).toEqual({ 'parser 1': ['/0.js'], 'parser 2': ['/1.js', '/2.js', '/3.js'] });
	});

	it('moves the files of a worker that dies to another one', async () => {
		let deaths = 0;
		const crew = new Crew((path) => path === '/3.js' && deaths++ === 0);
		const { results, incidents } = await run(crew, { files: sources(...Array.from({ length: 30 }, () => 1)) }).outcome;
		expect(results.every((result) => result.error === undefined)).toBe(true);
		expect(incidents).toEqual([expect.stringMatching(/^worker "parser \d" exited \(signal SIGKILL\)$/)]);
		expect(crew.started).toBe(3);
		expect(crew.alive).toBe(0);
	});

	it('reports a file that kills every worker, and only that one', async () => {
		const crew = new Crew((path) => path === '/3.js' || path === '/7.js');
		const { done, outcome } = run(crew, { files: sources(...Array.from({ length: 12 }, () => 1)) });
		const { results, incidents } = await outcome;
		const failed = results.flatMap((result, index) => (result.error === undefined ? [] : [index]));
		expect(failed).toEqual([3, 7]);
		expect(results[3]?.error).toMatch(/^its worker was lost twice: worker "parser \d" exited \(signal SIGKILL\)$/);
		expect(incidents.length).toBeGreaterThanOrEqual(3);
		expect(done).toHaveLength(12);
		expect(crew.alive).toBe(0);
	});

	it('gives up on a tree that kills every worker', async () => {
		const crew = new Crew(() => true);
		const { results } = await run(crew, { files: sources(...Array.from({ length: 300 }, () => 1)) }).outcome;
		expect(results.every((result) => result.error !== undefined)).toBe(true);
		expect(crew.started).toBe(102);
		expect(crew.alive).toBe(0);
	});

	it('goes on with those workers that start', async () => {
		const crew = new Crew();
		const start = (name: string) => (name === 'parser 2' ? Promise.reject(new Error('no room')) : crew.start(name));
		const { signal } = new AbortController();
		const { results, incidents } = await schedule(sources(1, 1), { workers: 3, start, signal, onResult() {} });
		expect(results).toHaveLength(2);
		expect(incidents).toEqual(['no room']);
	});

	it('rejects if none starts', async () => {
		const start = () => Promise.reject(new Error('no room'));
		const { signal } = new AbortController();
		await expect(schedule(sources(1), { workers: 2, start, signal, onResult() {} })).rejects.toThrow('no room');
	});

	it('ends all workers at an abort and rejects with its reason', async () => {
		const crew = new Crew();
		const controller = new AbortController();
		const start = async (name: string) => {
			const worker = await crew.start(name);
			return {
				...worker,
				parse: async (path: string) => {
					const result = await worker.parse(path);
					if (path === '/5.js') controller.abort(new Error('enough'));
					if (controller.signal.aborted) throw new Error('request given up');
					return result;
				},
			};
		};
		const files = sources(...Array.from({ length: 50 }, () => 1));
		const outcome = schedule(files, { workers: 2, start, signal: controller.signal, onResult() {} });
		await expect(outcome).rejects.toThrow('enough');
		expect(crew.alive).toBe(0);
	});

	it('ends at once without files', async () => {
		const { results } = await run(new Crew(), { files: [] }).outcome;
		expect(results).toEqual([]);
	});
});
