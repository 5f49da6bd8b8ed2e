import { setImmediate as nextTurn } from 'node:timers/promises';

import { WorkerPool } from 'coproc';
import { expect, vi } from 'vitest';

import type * as work from '../fixtures/pool/work.js';
import { killIfThere } from '../support/kill-if-there.ts';
import { leavingNothing } from '../support/leftovers.ts';

/** What is done to a pool, and how often. */
export interface TurmoilPlan {
	readonly backend: 'process' | 'thread';
	/** Kills, aborts and timeouts, as many of each. */
	readonly harms: number;
	readonly seed: number;
}

/** How calls settled: how many in which way. */
export type Outcomes = Record<string, number>;

const WORK = new URL('../fixtures/pool/work.js', import.meta.url);
/** Calls under way at the most. */
const MAX_OPEN = 60;
const KNOWN = ['answered', 'aborted', 'TimeoutError', 'WorkerExitedError'];

/** Numbers that look random and are the same for the same seed. */
function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

/** A pool of four under kills, aborts and timeouts at any moment. Fails unless each call settles once, as it may, and nothing is left. */
export async function turmoil(plan: TurmoilPlan): Promise<Outcomes> {
	return leavingNothing(async () => {
		const limits = { abortGrace: 20, killGrace: 20, restart: { max: 10 * plan.harms } };
		const pool = await WorkerPool.import<typeof work>(WORK, { backend: plan.backend, size: 4, ...limits });
		try {
			const scene = new Scene(pool, plan);
			await scene.play();
			await expectHealthy(pool);
			return scene.outcomes;
		} finally {
			await pool[Symbol.asyncDispose]();
		}
	});
}

async function expectHealthy(pool: WorkerPool<typeof work>): Promise<void> {
	const items = Array.from({ length: 200 }, (_, n) => n);
	await expect(pool.map('double', items)).resolves.toEqual(items.map((n) => 2 * n));
	await pool.drain();
	await vi.waitFor(() => expect(pool.stats().workers.map(({ state }) => state)).toEqual(Array(4).fill('serving')), 60_000);
	await vi.waitFor(() => expect(pool.stats()).toMatchObject({ queued: 0, inFlight: 0 }), 60_000);
}

class Scene {
	readonly outcomes: Outcomes = {};
	readonly #pool: WorkerPool<typeof work>;
	readonly #plan: TurmoilPlan;
	readonly #random: () => number;
	readonly #open = new Set<Promise<void>>();
	#made = 0;
	#settled = 0;
	/** What must not happen. */
	readonly #wrong: string[] = [];

	constructor(pool: WorkerPool<typeof work>, plan: TurmoilPlan) {
		this.#pool = pool;
		this.#plan = plan;
		this.#random = randomFrom(plan.seed);
	}

	async play(): Promise<void> {
		for (let harm = 0; harm < this.#plan.harms; harm += 1) {
			for (let calls = 1 + this.#random() * 5; calls > 0; calls -= 1) this.#callSomething();
			if (harm % 3 === 0) this.#kill();
			else if (harm % 3 === 1) this.#abort();
			else this.#timeOut();
			for (let turns = this.#random() * 20; turns > 0; turns -= 1) await nextTurn();
			while (this.#open.size > MAX_OPEN) await Promise.race(this.#open);
		}
		await Promise.all(this.#open);
		expect(this.#wrong).toEqual([]);
		expect(this.#settled).toBe(this.#made);
		expect(Object.keys(this.outcomes).filter((outcome) => !KNOWN.includes(outcome))).toEqual([]);
	}

	#callSomething(): void {
		const { call } = this.#pool;
		const kind = this.#random();
		const n = Math.floor(this.#random() * 1000);
		if (kind < 0.4) this.#watch(call.double(n), 2 * n);
		else if (kind < 0.7) this.#watch(call.doubleUnevenly(n), 2 * n);
		else if (kind < 0.85) this.#watch(this.#consume(n), undefined);
		else this.#watch(this.#pool.map('doubleUnevenly', [n, n + 1, n + 2], { retry: 1000 }), [2 * n, 2 * n + 2, 2 * n + 4]);
	}

	/** A process by its id; a thread has none, and ends itself. */
	#kill(): void {
		const all = this.#pool.stats().workers;
		const busy = all.filter(({ inFlight }) => inFlight > 0);
		// Mostly one that has something to do; sometimes one that starts, or waits.
		const workers = busy.length > 0 && this.#random() < 0.8 ? busy : all;
		const { pid } = workers[Math.floor(this.#random() * workers.length)] ?? {};
		if (this.#plan.backend === 'thread') this.#watch(this.#pool.call.exit(3), undefined);
		else if (pid !== undefined) killIfThere(pid);
	}

	/** Sooner or later: before it is sent, while it waits, while it runs; of one that hears it or does not. */
	#abort(): void {
		const controller = new AbortController();
		const { waitForAbort, hang } = this.#pool.call;
		const victim = this.#random() < 0.7 ? waitForAbort : hang;
		let hasSettled = false;
		const onProgress = (): void => void (hasSettled && this.#wrong.push('progress after the end'));
		const promise = victim.with({ signal: controller.signal, onProgress })();
		void promise.catch(() => (hasSettled = true));
		this.#watch(promise, undefined);
		void this.#later(() => controller.abort(new DOMException('enough', 'AbortError')));
	}

	#timeOut(): void {
		const { waitForAbort, hang } = this.#pool.call;
		const victim = this.#random() < 0.7 ? waitForAbort : hang;
		this.#watch(victim.with({ timeout: Math.floor(this.#random() * 30) })(), undefined);
	}

	async #later(action: () => void): Promise<void> {
		for (let turns = this.#random() * 30; turns > 0; turns -= 1) await nextTurn();
		action();
	}

	/** Takes all of a stream, or some. */
	async #consume(end: number): Promise<void> {
		const wanted = this.#random() < 0.5 ? end : Math.floor(this.#random() * end);
		let expected = 0;
		for await (const item of this.#pool.call.count(end)) {
			if (item !== expected) this.#wrong.push(`item ${item} came where ${expected} was due`);
			expected += 1;
			if (expected >= wanted) return;
		}
		if (expected !== end) this.#wrong.push(`a stream of ${end} ended after ${expected}`);
	}

	#watch(promise: Promise<unknown>, answer: unknown): void {
		this.#made += 1;
		let times = 0;
		const note = (outcome: string): void => {
			times += 1;
			if (times > 1) this.#wrong.push('a call settled twice');
			this.#settled += 1;
			this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
		};
		const take = (value: unknown): void => {
			if (JSON.stringify(value) !== JSON.stringify(answer))
				this.#wrong.push(`${JSON.stringify(value)} is not ${JSON.stringify(answer)}`);
			note('answered');
		};
		const refuse = (error: unknown): void => note((error as Error).name === 'AbortError' ? 'aborted' : (error as Error).name);
		const watched: Promise<void> = promise.then(take, refuse).finally(() => this.#open.delete(watched));
		this.#open.add(watched);
	}
}
