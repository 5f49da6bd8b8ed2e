import { setImmediate as nextTurn } from 'node:timers/promises';

import { type Remote, WorkerResource } from 'coproc';
import { expect, it } from 'vitest';

import type * as current from '../fixtures/rpc/current.js';
import type * as mixed from '../fixtures/rpc/mixed.js';
import type * as streams from '../fixtures/rpc/streams.js';
import { killIfThere } from '../support/kill-if-there.ts';
import { leavingNothing } from '../support/leftovers.ts';

type Everything = typeof current & typeof mixed & typeof streams;

const SECONDS = 120;
const WAYS = [
	{ backend: 'thread', transport: 'ring' },
	{ backend: 'thread', transport: 'pipe' },
	{ backend: 'process', transport: 'ring' },
	{ backend: 'process', transport: 'pipe' },
] as const;

/** Numbers that look random and are the same for the same seed. */
function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

/** Takes all items, or some, and fails when they are not in order. */
async function consume(items: AsyncIterable<number>, count: number): Promise<void> {
	let expected = 0;
	for await (const item of items) {
		if (item !== expected) throw new Error(`item ${item} came where ${expected} was due`);
		expected += 1;
		if (expected === count) break;
	}
}

function makeCall(call: Remote<Everything>, random: () => number): Promise<unknown> {
	const kind = random();
	if (kind < 0.3) return call.now(1, 'x'.repeat(random() < 0.1 ? 3_000_000 : 100));
	if (kind < 0.5) return call.soon.with({ timeout: random() * 50, onProgress: () => {} })(4, '');
	if (kind < 0.6) return call.spin.with({ timeout: random() * 30 })();
	if (kind < 0.8) return consume(call.countSlowly(1000), random() < 0.5 ? 1000 : Math.ceil(random() * 100));
	return consume(call.count(20_000), random() < 0.5 ? 20_000 : Math.ceil(random() * 100));
}

/** One worker under many calls that is killed, ended, closed or left alone at any moment: how the calls settled. */
async function round(random: () => number): Promise<string[]> {
	const way = WAYS[Math.floor(random() * 4)] as (typeof WAYS)[number];
	const module = new URL('../fixtures/rpc/everything.js', import.meta.url);
	const worker = await WorkerResource.import<Everything>(module, { ...way, closeTimeout: 300, abortGrace: 100 });
	const outcomes: string[] = [];
	const calls = Array.from({ length: Math.floor(random() * 200) }, () =>
		makeCall(worker.call, random).then(
			() => outcomes.push('answered'),
			(error: unknown) => outcomes.push((error as Error).name),
		),
	);
	for (let turns = random() * 3000; turns > 0; turns -= 1) await nextTurn();
	const how = random();
	if (how < 0.4 && worker.pid !== undefined) killIfThere(worker.pid);
	else if (how < 0.6) void worker.terminate().catch(() => {});
	const disposals = random() < 0.5 ? [worker[Symbol.asyncDispose]()] : [];
	await Promise.all(calls);
	await Promise.allSettled([...disposals, worker[Symbol.asyncDispose]()]);
	expect(outcomes).toHaveLength(calls.length);
	return outcomes;
}

it('calls and streams settle once, in order and with a reason that is known, whoever is killed and when', async () => {
	const random = randomFrom(Number(process.env['SEED'] ?? 1));
	const end = Date.now() + SECONDS * 1000;
	await leavingNothing(async () => {
		while (Date.now() < end) {
			const known = ['answered', 'TimeoutError', 'WorkerExitedError'];
			expect((await round(random)).filter((outcome) => !known.includes(outcome))).toEqual([]);
		}
	});
});
