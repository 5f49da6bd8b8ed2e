import { Any, etc, type Kind, Process, UnhandledChildExit } from 'coproc/process';
import { describe, expect, it } from 'vitest';

import { adopt, endOf, endsEverything, KINDS, PAIRS, probe, start, startAgent } from './support/kinds.ts';

endsEverything();

/** Has `agent` do something to `other`, and waits until it has. */
async function order(agent: Process, to: Process, method: 'link' | 'unlink' | 'monitor', other: Process): Promise<void> {
	agent.send(method, other);
	expect(await to.next(['done', Any])).toEqual(['done', method]);
}

describe.each(PAIRS)('between a %s and a %s process', (kindA: Kind, kindB: Kind) => {
	it.each([
		['normal', undefined],
		['with an error', new RangeError('x')],
	])('an exit (%s) ends those that are linked, both ways', async (_title, error) => {
		const to = probe();
		for (const linker of [0, 1]) {
			const agents = [await startAgent(kindA, to), await startAgent(kindB, to)] as const;
			const [ending, other] = agents;
			await order(agents[linker] as Process, to, 'link', agents[1 - linker] as Process);
			ending.terminate(error);
			const reason = await endOf(other);
			expect(reason).toBeInstanceOf(UnhandledChildExit);
			expect(ending.equals((reason as UnhandledChildExit).process)).toBe(true);
			expect((reason as UnhandledChildExit).cause).toEqual(error);
			expect(ending.error).toEqual(error);
		}
	});

	it('an exit does not end those that handle [Exit, Process]; linking again is the same link', async () => {
		const to = probe();
		const ending = await startAgent(kindA, to);
		const other = await startAgent(kindB, to, { survives: true });
		await order(other, to, 'link', ending);
		await order(ending, to, 'link', other);
		ending.terminate('why');
		expect(await to.next(['told', Any, Process])).toEqual(['told', new Error('why'), ending]);
		other.send('echo', 'alive');
		expect(await to.next(etc)).toEqual(['echo', 'alive']);
	});

	it('a normal exit does not end one with ignoreNormalExits, an error does', async () => {
		const to = probe();
		const [calm, failing] = [await startAgent(kindA, to), await startAgent(kindA, to)];
		const other = start(kindB, 'agent', [to], { ignoreNormalExits: true });
		await to.next(['ready', Process]);
		await order(other, to, 'link', calm);
		await order(other, to, 'link', failing);
		calm.terminate();
		await calm.wait();
		other.send('await', calm);
		expect(await to.next(['ended', Any, Any])).toEqual(['ended', true, undefined]);
		other.send('echo', 'alive');
		expect(await to.next(etc)).toEqual(['echo', 'alive']);
		failing.terminate('bad');
		expect(await endOf(other)).toBeInstanceOf(UnhandledChildExit);
	});

	it('no exit is told after unlink()', async () => {
		const to = probe();
		const [ending, other] = [await startAgent(kindA, to), await startAgent(kindB, to, { survives: true })];
		await order(other, to, 'link', ending);
		await order(other, to, 'unlink', ending);
		ending.terminate('why');
		await ending.wait();
		other.send('await', ending);
		expect(await to.next(etc)).toEqual(['ended', true, new Error('why')]);
	});

	it('an exit that was before is told to whoever links then, or monitors', async () => {
		const to = probe();
		const ending = await startAgent(kindA, to);
		ending.terminate('before');
		await ending.wait();
		for (const method of ['link', 'monitor'] as const) {
			const other = await startAgent(kindB, to, { survives: true });
			other.send(method, ending);
			const messages = [await to.next(etc), await to.next(etc)];
			expect(messages).toContainEqual(['told', new Error('before'), ending]);
		}
	});

	it('a monitor is told once, and ends nobody', async () => {
		const to = probe();
		const ending = await startAgent(kindA, to);
		const teller = await startAgent(kindB, to, { survives: true });
		const silent = await startAgent(kindB, to);
		for (const agent of [teller, teller, silent]) await order(agent, to, 'monitor', ending);
		ending.terminate('why');
		expect(await to.next(etc)).toEqual(['told', new Error('why'), ending]);
		for (const agent of [teller, silent]) {
			agent.send('await', ending);
			expect(await to.next(etc)).toEqual(['ended', true, new Error('why')]);
		}
		expect([teller.isAlive, silent.isAlive]).toEqual([true, true]);
	});

	it('what was sent before an exit is delivered before it', async () => {
		const to = probe();
		const [ending, other] = [await startAgent(kindA, to), await startAgent(kindB, to, { survives: true })];
		await order(other, to, 'link', ending);
		for (let number = 0; number < 500; number += 1) ending.send('forward', other, 'echo', number);
		ending.terminate('over');
		const seen: unknown[] = [];
		for (;;) {
			const message = await to.next(etc);
			if (message[0] === 'echo') seen.push(message[1]);
			if (message[0] === 'told') break;
		}
		expect(seen).toEqual(Array.from({ length: 500 }, (_, number) => number));
	});

	it('a handle works wherever it has been, and equals every other of the same process', async () => {
		const to = probe();
		const [a, b] = [await startAgent(kindA, to), await startAgent(kindB, to)];
		// a tells b to tell a to tell `to`, with handles of all three on the way.
		a.send('forward', b, 'forward', a, 'forward', to, 'arrived', new Map([['who', [a, b, to]]]));
		const [, map] = await to.next(['arrived', Map]);
		const [a2, b2, to2] = (map as Map<string, [Process, Process, Process]>).get('who') as [Process, Process, Process];
		expect([a2 === a, b2 === b, to2 === to]).toEqual([true, true, true]);
		a.send('is', b, b);
		expect(await to.next(['is', Any, Any])).toEqual(['is', true, true]);
		b.send('is', b, a);
		expect(await to.next(['is', Any, Any])).toEqual(['is', false, false]);
	});

	it('spawnLink() links from the start: a child that ends at once ends its parent', async () => {
		const to = probe();
		const parent = await startAgent(kindA, to);
		parent.send('spawnLink', 'throwsAtOnce', { kind: kindB });
		const reason = await endOf(parent);
		expect(reason).toBeInstanceOf(UnhandledChildExit);
		expect((reason as UnhandledChildExit).cause).toEqual(new RangeError('at once'));
	});

	it('linkTo links to others from the start', async () => {
		const to = probe();
		const [parent, other] = [await startAgent(kindA, to), await startAgent(kindB, to)];
		parent.send('spawn', 'agent', { kind: kindB, args: [to], linkTo: [other, parent] });
		const [, child] = await to.next(['ready', Process]);
		adopt(child);
		other.terminate('end of all');
		expect(await endOf(child)).toBeInstanceOf(UnhandledChildExit);
		expect((await endOf(parent)) as UnhandledChildExit).toMatchObject({ cause: new Error('end of all') });
	});
});

describe('links', () => {
	it('in a ring over all kinds end everyone, once', async () => {
		const to = probe();
		const agents: Process[] = [];
		for (const kind of [...KINDS, ...KINDS]) agents.push(await startAgent(kind, to));
		for (const [index, agent] of agents.entries()) await order(agent, to, 'link', agents[(index + 1) % agents.length] as Process);
		agents[3]?.terminate('first');
		for (const agent of agents) expect((await endOf(agent)) as Error).toBeInstanceOf(Error);
		for (const agent of agents) if (agent !== agents[3]) expect((agent.error as Error).cause).toEqual(new Error('first'));
	});

	it('to itself mean nothing', async () => {
		const to = probe();
		for (const kind of KINDS) {
			const agent = await startAgent(kind, to);
			await order(agent, to, 'link', agent);
			agent.send('echo', 'alive');
			expect(await to.next(etc)).toEqual(['echo', 'alive']);
		}
	});
});
