import { type Kind, Process, RestartLimitError, Supervisor, whereis } from 'coproc/process';
import { expect, vi } from 'vitest';

import { childrenOf } from '../../support/leftovers.ts';
import { adopt, probe, UNITS } from './kinds.ts';

/** A leaf of the tree, and the supervisor that it is a child of. */
const LEAVES: readonly (readonly [supervisor: string, leaf: string, kind: Kind])[] = [
	['a', 'a1', 'process'],
	['a', 'a2', 'thread'],
	['b', 'b1', 'process'],
	['b', 'b2', 'thread'],
	['b', 'b3', 'local'],
];

/** Supervisors in the middle: one in a process, one in a thread. */
const MIDDLES: readonly (readonly [name: string, kind: Kind, strategy: 'oneForAll' | 'restForOne'])[] = [
	['a', 'process', 'restForOne'],
	['b', 'thread', 'oneForAll'],
];

/** Worker processes of the tree when it is complete: a, a1 and b1. */
const WORKER_PROCESSES = 3;

/** A tree of depth 3: a supervisor here, two in workers, and leaves of all kinds. */
export async function plant(max: number): Promise<{ readonly root: Process; readonly to: Process }> {
	const to = probe();
	const intensity = { max, within: 60_000 };
	const children = MIDDLES.map(([name, kind, strategy]) => ({
		target: UNITS,
		options: { name, kind, export: 'supervisor', args: [{ strategy, intensity, children: leavesOf(name, to) }] },
	}));
	return { root: adopt(await Supervisor.start({ name: 'root', children, intensity })), to };
}

/** Kills something of the tree, again and again, while `goesOn` says so, and fails unless all of it comes back each time. Resolves to how often. */
export async function storm(to: Process, goesOn: (kills: number) => boolean): Promise<number> {
	let kills = 0;
	while (goesOn(kills)) {
		await allUp(to);
		const names = [...LEAVES.map(([, leaf]) => leaf), ...MIDDLES.map(([middle]) => middle)];
		const target = await whereis(names[Math.floor(Math.random() * names.length)] as string);
		if (!target) continue;
		if (target.kind === 'process') process.kill(target.pid as number, 'SIGKILL');
		// What a supervisor does not know ends it.
		else target.send(Math.random() < 0.5 ? 'crash' : 'exit');
		await target.wait();
		kills += 1;
	}
	await allUp(to);
	return kills;
}

/** Waits until every leaf answers, and then fails if there is any worker process that is none of the tree. */
export async function allUp(to: Process): Promise<void> {
	// One that is to be replaced may still answer, or be on its way out; an orphan would stay.
	await vi.waitFor(
		async () => {
			const pids = new Set<number>();
			for (const [, name] of LEAVES) pids.add(await answering(name, to));
			pids.delete(process.pid);
			expect(childrenOf(process.pid)).toHaveLength(WORKER_PROCESSES);
			expect(childrenOf(process.pid)).toEqual(expect.arrayContaining([...pids]));
		},
		{ timeout: 60_000, interval: 5 },
	);
}

/** Fails unless the supervisor gave up, and nobody of its tree is left. */
export async function expectGivenUp(root: Process, to: Process): Promise<void> {
	expect(await root.wait()).toBe(true);
	expect(root.error).toBeInstanceOf(RestartLimitError);
	// The leaves of a supervisor that was killed end by their link to it, on their own.
	await vi.waitFor(
		async () => {
			for (const [, name] of LEAVES) expect(await whereis(name)).toBe(undefined);
		},
		{ timeout: 30_000, interval: 5 },
	);
	expect(to.isAlive).toBe(true);
}

/** The pid of the leaf of that name, once one answers. */
async function answering(name: string, to: Process): Promise<number> {
	for (;;) {
		const leaf = await whereis(name);
		if (!leaf) {
			await to.next(['up', name, Process], { timeout: 50 }).catch(() => {});
			continue;
		}
		leaf.send('ping', to);
		// A leaf that dies before it answers has one that comes after it.
		const ended = new AbortController();
		void leaf.wait().then(() => ended.abort());
		const answer = await to.next(['pong', name, Number], { signal: ended.signal }).catch(() => undefined);
		if (answer) return answer[2];
	}
}

function leavesOf(supervisor: string, to: Process): unknown[] {
	return LEAVES.filter(([parent]) => parent === supervisor).map(([, name, kind]) => ({
		options: { name, kind, export: 'leaf', args: [to] },
	}));
}
