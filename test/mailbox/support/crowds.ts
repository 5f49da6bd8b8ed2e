import { MailboxFullError, WorkerResource } from 'coproc';
import { drain, ready, receive, send } from 'coproc/mailbox';
import { expect } from 'vitest';

/** Where a worker runs and what it has in common with its host; `piped`: a process that has only the pipe. */
export type Kind = 'thread' | 'process' | 'piped';

/** Of each kind some. */
export const MIXED: readonly Kind[] = ['thread', 'process', 'piped'];

const OFFICE = new URL('../../fixtures/mailbox/post-office.js', import.meta.url);
const LIMIT_MS = 120_000;

/** Starts a worker that runs a function of the post office. */
export function startOffice(kind: Kind, name: string, ...args: readonly unknown[]): Promise<WorkerResource> {
	const options = kind === 'piped' ? ({ backend: 'process', transport: 'pipe' } as const) : { backend: kind };
	return WorkerResource.start(OFFICE, { ...options, export: name }, ...args);
}

/** The next message on a tag; fails rather than waits for ever. */
export async function next(tag: string): Promise<unknown> {
	return (await receive(tag, { timeout: LIMIT_MS, after: (): never => expect.fail(`nothing came on ${tag}`) }))[1];
}

/** Has `producers` of these kinds in turn send `count` numbers each to one tag, and checks that each came once and in order. */
export async function checkOrder(kinds: readonly Kind[], producers: number, count: number): Promise<void> {
	const ids = Array.from({ length: producers }, (_, id) => id);
	const workers = await Promise.all(
		ids.map((id) => startOffice(kinds[id % kinds.length] as Kind, 'produce', 'ordered', id, count)),
	);
	const seen = ids.map(() => 0);
	for (let total = 0; total < producers * count; total += 1) {
		const [id, number] = (await next('ordered')) as [number, number];
		if (number !== seen[id]) expect.fail(`${number} came from producer ${id} in the place of ${seen[id]}`);
		seen[id] = number + 1;
	}
	for (const worker of workers) await worker[Symbol.asyncDispose]();
	expect(drain('ordered')).toBe(0);
}

/** Has workers of these kinds in turn compete for `count` numbers, and checks that each was taken once. */
export async function checkCompetition(kinds: readonly Kind[], receivers: number, count: number): Promise<void> {
	const workers = await Promise.all(
		Array.from({ length: receivers }, (_, id) =>
			startOffice(kinds[id % kinds.length] as Kind, 'tally', ['jobs', 'others'], 'seen'),
		),
	);
	for (let job = 0; job < count; ) {
		try {
			send(job % 2 === 0 ? 'jobs' : 'others', job);
			job += 1;
		} catch (error) {
			if (!(error instanceof MailboxFullError)) throw error;
			await ready(error.tag);
		}
	}
	for (let left = receivers; left > 0; left -= 1) send('jobs', 'stop');
	const seen = new Map<unknown, number>();
	for (let left = receivers; left > 0; left -= 1)
		for (const [job, times] of (await next('seen')) as Map<unknown, number>) seen.set(job, (seen.get(job) ?? 0) + times);
	for (const worker of workers) await worker[Symbol.asyncDispose]();
	// A 'stop' is taken in its turn, so what is left of 'others' was never anybody's.
	for (;;) {
		const [, job] = await receive(['jobs', 'others'], { timeout: 0 });
		if (job === undefined) break;
		seen.set(job, (seen.get(job) ?? 0) + 1);
	}
	expect(seen.size).toBe(count);
	expect([...seen.values()].every((times) => times === 1)).toBe(true);
}
