import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { Actor, Bridge, type Sender } from '../../src/actor/index.ts';
import { switchboard } from '../../src/actor/switchboard.ts';

const NEVER = 60_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Keeps who asks, and says what it is told to whoever asked first. */
class Clerk extends Actor {
	asking: Sender[] = [];
}
Clerk.handles
	.add(String, function (this: Clerk, text, sender) {
		if (text === 'ask') this.asking.push(sender as Sender);
		else this.asking.shift()?.send(text, this);
	})
	.add(Error, (error) => {
		throw error;
	});

function clerk(): Clerk {
	const actor = Clerk.spawn();
	onTestFinished(() => void actor.process.terminate());
	return actor;
}

/** Lets everything that is ready run. */
const turn = (): Promise<void> => new Promise(setImmediate);

describe('Bridge.call()', () => {
	it('brings replies to their requests, whatever their order', async () => {
		const actor = clerk();
		const bridge = new Bridge();
		const calls = [bridge.call(actor, 'ask', NEVER), bridge.call(actor, 'ask', NEVER)];
		await turn();
		actor.asking.reverse();
		actor.send('to the second', null);
		actor.send('to the first', null);
		expect(await Promise.all(calls)).toEqual(['to the first', 'to the second']);
	});

	it('takes the first reply only', async () => {
		const actor = clerk();
		const bridge = new Bridge();
		const call = bridge.call(actor, 'ask', NEVER);
		await turn();
		const [sender] = actor.asking as [Sender];
		expect([sender.send('once', actor), sender.send('twice', actor)]).toEqual([true, false]);
		expect(await call).toBe('once');
		expect(await bridge.receiveResponse(0, 'nothing')).toBe('nothing');
	});

	it('sends the request even when there is no time for a reply', async () => {
		const actor = clerk();
		expect(await new Bridge().call(actor, 'ask', 0, 'no time')).toBe('no time');
		await turn();
		expect(actor.asking).toHaveLength(1);
		expect(actor.asking[0]?.send('late', null)).toBe(false);
	});

	it('waits without end for Infinity', async () => {
		const actor = clerk();
		const call = new Bridge().call(actor, 'ask', Infinity);
		await turn();
		actor.send('at last', null);
		expect(await call).toBe('at last');
	});

	it('leaves no timer, and nothing at the actor', async () => {
		const timers = (): number => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
		const before = timers();
		const actor = clerk();
		const offEnd = vi.spyOn(actor.process as unknown as { offEnd(listener: unknown): void }, 'offEnd');
		const call = new Bridge().call(actor, 'ask', NEVER);
		await turn();
		actor.send('answer', null);
		await call;
		expect(timers()).toBe(before);
		expect(offEnd).toHaveBeenCalledTimes(1);
	});

	it.each([[-1], [Number.NaN], ['1000'], [null]])('refuses %o as a timeout', async (timeout) => {
		const actor = clerk();
		await expect(new Bridge().call(actor, 'ask', timeout as never)).rejects.toThrow(/`timeout` must be a number/);
		await expect(new Bridge().stop([actor], timeout as never)).rejects.toThrow(/`timeout` must be a number/);
		await expect(new Bridge().receiveResponse(timeout as never)).rejects.toThrow(/`timeout` must be a number/);
		expect(() => new Bridge().multiCall([], timeout as never)).toThrow(/`timeout` must be a number/);
		await turn();
		expect(actor.asking).toEqual([]);
	});

	it('can ask whatever has a send()', async () => {
		const echo: Sender = { send: (message, sender) => sender?.send(['echo', message]) };
		expect(await new Bridge().call(echo, 1, NEVER)).toEqual(['echo', 1]);
	});
});

describe('Bridge.multiCall()', () => {
	it('sends when it is first asked, and gives each reply as it comes', async () => {
		const [first, second] = [clerk(), clerk()];
		const replies = new Bridge().multiCall(
			[
				[first, 'ask'],
				[second, 'ask'],
			] as const,
			NEVER,
		);
		await turn();
		expect(first.asking).toEqual([]);
		const next = [replies.next(), replies.next(), replies.next()];
		await turn();
		second.send('second', null);
		first.send('first', null);
		expect(await Promise.all(next)).toEqual([
			{ done: false, value: 'second' },
			{ done: false, value: 'first' },
			{ done: true, value: undefined },
		]);
	});

	it('takes as long as one call, not as long as all of them', async () => {
		const actors = Array.from({ length: 50 }, clerk);
		const requests = actors.map((actor) => [actor, 'ask'] as const);
		const begun = performance.now();
		const replies: unknown[] = [];
		for await (const reply of new Bridge().multiCall(requests, 100, 'none')) replies.push(reply);
		expect(replies).toEqual(actors.map(() => 'none'));
		expect(performance.now() - begun).toBeLessThan(50 * 100);
	});

	it('can be taken up again after one that failed', async () => {
		const [failing, waiting] = [clerk(), clerk()];
		const replies = new Bridge().multiCall<unknown>(
			[
				[failing, new Error('no')],
				[waiting, 'ask'],
			],
			NEVER,
		);
		await expect(replies.next()).rejects.toThrow('no');
		waiting.send('yes', null);
		expect(await replies.next()).toEqual({ done: false, value: 'yes' });
		expect((await replies.next()).done).toBe(true);
	});

	it('counts a request that cannot be sent as one that failed', async () => {
		const actor = clerk();
		const replies = new Bridge().multiCall(
			[
				[new Clerk(), 'ask'],
				[actor, 'ask'],
			] as const,
			NEVER,
		);
		await expect(replies.next()).rejects.toMatchObject({ code: 'ERR_COPROC_ACTOR_NOT_STARTED' });
		actor.send('yes', null);
		expect(await replies.next()).toEqual({ done: false, value: 'yes' });
	});

	it('gives up the requests that are left when it is ended early', async () => {
		const [quick, slow] = [clerk(), clerk()];
		const bridge = new Bridge();
		const iterating = (async () => {
			for await (const reply of bridge.multiCall(
				[
					[quick, 'ask'],
					[slow, 'ask'],
				] as const,
				NEVER,
			))
				return reply;
			return undefined;
		})();
		await turn();
		quick.send('enough', null);
		expect(await iterating).toBe('enough');
		expect(slow.asking[0]?.send('too late', null)).toBe(false);
	});

	it('ends at once without any request', async () => {
		expect(await new Bridge().multiCall([], NEVER).next()).toEqual({ done: true, value: undefined });
	});
});

describe('Bridge.receiveResponse()', () => {
	it('gives what was sent to the bridge, to those who ask in their order', async () => {
		const bridge = new Bridge();
		const asking = [bridge.receiveResponse(NEVER), bridge.receiveResponse(NEVER)];
		bridge.send('one', null);
		bridge.send('two');
		bridge.send('three');
		expect(await Promise.all(asking)).toEqual(['one', 'two']);
		expect(await bridge.receiveResponse(0)).toBe('three');
		expect(await bridge.receiveResponse(0)).toBe(undefined);
	});

	it('does not lose a message to one whose time was up', async () => {
		const bridge = new Bridge();
		expect(await bridge.receiveResponse(1, 'nothing')).toBe('nothing');
		bridge.send('kept');
		expect(await bridge.receiveResponse(NEVER)).toBe('kept');
	});

	it('gives TimeoutErrors that were sent as messages', async () => {
		const bridge = new Bridge();
		const failing = clerk();
		const { TimeoutError } = await import('../../src/errors/index.ts');
		const error = new TimeoutError({ what: 'x', timeout: 1 });
		bridge.sendRequest(failing, error);
		await expect(bridge.receiveResponse(NEVER, 'default')).rejects.toBe(error);
	});
});

describe('a bridge', () => {
	it('is forgotten when nobody has it, but not while somebody waits at it', async () => {
		const waiting = (() => {
			const bridge = new Bridge();
			const { card } = bridge;
			return { line: card.line, response: bridge.receiveResponse(NEVER), gone: new WeakRef(bridge) };
		})();
		const forgotten = (() => new Bridge().card.line)();
		await expect
			.poll(() => {
				collectGarbage();
				return switchboard.ownerOf(forgotten) === undefined;
			})
			.toBe(true);
		expect(switchboard.take(waiting.line, 'reply', 'still there')).toBe(true);
		expect(await waiting.response).toBe('still there');
	});

	it('does not keep a worker: its process is none that counts', async () => {
		const { here } = await import('../../src/process/index.ts');
		void new Bridge().card;
		const actor = clerk();
		expect(here().table.isEmpty).toBe(false);
		actor.process.terminate();
		await actor.process.wait();
		await expect.poll(() => here().table.isEmpty).toBe(true);
	});
});
