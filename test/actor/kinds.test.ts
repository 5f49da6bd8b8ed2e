import { Actor, type ActorHandle, Bridge, registerMessage, Stopped } from 'coproc/actor';
import { Exit, type Process, spawn as spawnProcess } from 'coproc/process';
import { beforeAll, describe, expect, it } from 'vitest';

import {
	Answer,
	Bare,
	Broken,
	Counter,
	Echo,
	Fail,
	GetForeign,
	GetLog,
	GetReceipt,
	GetSecret,
	Hold,
	Ignore,
	Letter,
	Memo,
	Note,
	Receipt,
	Relay,
	Secret,
	Subject,
} from '../fixtures/actor/subject.js';
import { expectNothingLeftSince, holdings } from '../support/leftovers.ts';

const module = new URL('../fixtures/actor/subject.js', import.meta.url);

/** Registered in this thread, and in no worker. */
class OnlyHere {}
registerMessage(OnlyHere);

/** Longer than any test may take: what waits for it fails. */
const NEVER = 60_000;
const KINDS = ['local', 'thread', 'process'] as const;
const WORKERS = ['thread', 'process'] as const;
type Kind = (typeof KINDS)[number];

// What the tree keeps until the program ends is made by its first worker.
beforeAll(async () => {
	const { process } = (Subject as unknown as typeof Actor).spawnOn({ kind: 'thread', module });
	process.terminate();
	await process.wait();
});

/** Runs a test with actors of one kind, stops them, and sees that nothing is left. */
async function withActors(
	kind: Kind,
	test: (spawn: <A extends readonly unknown[]>(type: new (...args: A) => Actor, ...args: A) => ActorHandle) => Promise<void>,
): Promise<void> {
	const before = holdings();
	const spawned: ActorHandle[] = [];
	try {
		await test((type, ...args) => {
			const actor = (type as unknown as typeof Actor).spawnOn({ kind, module }, ...(args as unknown as []));
			spawned.push(actor);
			return actor;
		});
	} finally {
		for (const { process } of spawned) process.terminate();
		await Promise.all(spawned.map(({ process }) => process.wait()));
	}
	await expectNothingLeftSince(before);
}

describe.each(KINDS)('an actor of kind %s', (kind) => {
	it('is constructed with its arguments and handles messages first in, first out, one at a time', () =>
		withActors(kind, async (spawn) => {
			const actor = spawn(Subject, 'hello');
			for (let n = 0; n < 100; n += 1) actor.send(new Note(n), null);
			const expected = ['hello', ...Array.from({ length: 100 }, (_, n) => `Note ${n} from nobody`)];
			expect(await new Bridge().call(actor, new GetLog(), NEVER)).toEqual(expected);
		}));

	it('knows the sender: nobody, an actor, a bridge', () =>
		withActors(kind, async (spawn) => {
			const [actor, other] = [spawn(Subject), spawn(Subject)];
			const bridge = new Bridge();
			actor.send(new Note(1), null);
			actor.send(new Note(2), bridge);
			actor.send(new Note(3), other);
			expect(await bridge.call(actor, new GetLog(), NEVER)).toEqual([
				'ready',
				'Note 1 from nobody',
				'Note 2 from a bridge',
				'Note 3 from an actor',
			]);
			// An actor that wrote got an answer, and knows from whom.
			await expect.poll(() => bridge.call(other, new GetLog(), NEVER)).toEqual(['ready', 'Letter back from an actor']);
		}));

	it('takes the handler of the nearest class, then that of OtherMessage', () =>
		withActors(kind, async (spawn) => {
			const actor = spawn(Subject);
			for (const message of [new Note(1), new Memo(2), new Letter(3), 'text', 7, null, undefined, [1, 2], { a: 1 }])
				actor.send(message, null);
			expect(await new Bridge().call(actor, new GetLog(), NEVER)).toEqual([
				'ready',
				'Note 1 from nobody',
				'memo 2',
				'Letter 3 from nobody',
				'other string text',
				'other number 7',
				'other object null',
				'other undefined undefined',
				'other object 1,2',
				'other object [object Object]',
			]);
		}));

	it('ignores what has no handler', () =>
		withActors(kind, async (spawn) => {
			const actor = spawn(Bare);
			expect(actor.send('anything', null)).toBe(true);
			expect(actor.send(new Note(1), null)).toBe(true);
			expect(await new Bridge().stop([actor], NEVER)).toEqual([new Stopped()]);
			expect(actor.process.error).toBe(undefined);
		}));

	it('has its replies answer their own requests: a late one never answers the next call', () =>
		withActors(kind, async (spawn) => {
			const actor = spawn(Subject);
			const bridge = new Bridge();
			expect(await bridge.call(actor, new Hold(), 1, 'late')).toBe('late');
			expect(await bridge.call(actor, new Answer('too late'), NEVER)).toBe('answered');
			expect(await bridge.call(actor, new Echo('mine'), NEVER)).toBe('mine');
			expect(await bridge.receiveResponse(0, 'nothing')).toBe('nothing');
		}));

	it('gives undefined when there is no default', () =>
		withActors(kind, async (spawn) => {
			expect(await new Bridge().call(spawn(Subject), new Ignore(), 1)).toBe(undefined);
		}));

	it.each([false, true])('rejects its caller at once when a handler throws, and ends with that error (async %s)', (isAsync) =>
		withActors(kind, async (spawn) => {
			const actor = spawn(Subject);
			const error = new RangeError('out of stock');
			const waiting = new Bridge().call(actor, new Hold(), NEVER, 'gone');
			await expect(new Bridge().call(actor, new Fail(error, isAsync), NEVER, 'default')).rejects.toEqual(error);
			expect(await actor.process.wait()).toBe(true);
			expect(actor.process.error).toEqual(error);
			// Who asked before and has no answer yet gets the default.
			expect(await waiting).toBe('gone');
		}),
	);

	it('rejects its caller with what is thrown, an error or not', () =>
		withActors(kind, async (spawn) => {
			await expect(new Bridge().call(spawn(Subject), new Fail({ code: 7 }), NEVER)).rejects.toEqual({ code: 7 });
			await expect(new Bridge().call(spawn(Subject), new Fail('text'), NEVER)).rejects.toEqual(new Error('text'));
			await expect(new Bridge().call(spawn(Subject), new Fail(undefined), NEVER)).rejects.toThrow('undefined was thrown');
		}));

	it('gives the default at once when it is dead', () =>
		withActors(kind, async (spawn) => {
			const actor = spawn(Subject);
			actor.process.terminate();
			await actor.process.wait();
			expect(await new Bridge().call(actor, new Echo(1), NEVER, 'default')).toBe('default');
			expect(await new Bridge().call(actor, new Echo(1), NEVER)).toBe(undefined);
			expect(actor.send(new Note(1), null)).toBe(false);
		}));

	it('gives the default at once when it ends meanwhile, after the replies it has sent', () =>
		withActors(kind, async (spawn) => {
			const actor = spawn(Subject);
			const bridge = new Bridge();
			const calls = [new Echo(1), new Ignore(), new Echo(2)].map((request) => bridge.call(actor, request, NEVER, 'default'));
			actor.process.terminate();
			expect(await Promise.all(calls)).toEqual([1, 'default', 2]);
		}));

	it('yields the replies of multiCall in the order of their arrival', () =>
		withActors(kind, async (spawn) => {
			const [slow, quick, dead] = [spawn(Subject), spawn(Subject), spawn(Subject)];
			dead.process.terminate();
			await dead.process.wait();
			const bridge = new Bridge();
			const replies = bridge.multiCall(
				[
					[slow, new Hold()],
					[quick, new Echo('quick')],
					[dead, new Echo('?')],
				] as const,
				NEVER,
				'none',
			);
			expect(await replies.next()).toEqual({ done: false, value: 'none' });
			expect(await replies.next()).toEqual({ done: false, value: 'quick' });
			slow.send(new Answer('slow'), null);
			expect(await replies.next()).toEqual({ done: false, value: 'slow' });
			expect(await replies.next()).toEqual({ done: true, value: undefined });
		}));

	it('is stopped by bridge.stop(), with one reply for each, at once for those that are dead', () =>
		withActors(kind, async (spawn) => {
			const actors = [spawn(Subject), spawn(Bare), spawn(Subject)];
			actors[1]?.process.terminate();
			await actors[1]?.process.wait();
			const bridge = new Bridge();
			expect(await bridge.stop(actors, NEVER)).toEqual([new Stopped(), undefined, new Stopped()]);
			expect(await bridge.stop(actors, NEVER)).toEqual([undefined, undefined, undefined]);
			expect(actors.map(({ process }) => [process.isAlive, process.error])).toEqual(actors.map(() => [false, undefined]));
		}));

	it('answers requests whose replies are received later', () =>
		withActors(kind, async (spawn) => {
			const [actor, dead, failing] = [spawn(Subject), spawn(Subject), spawn(Subject)];
			dead.process.terminate();
			await dead.process.wait();
			const bridge = new Bridge();
			bridge.sendRequest(dead, new Echo(0));
			expect(await bridge.receiveResponse(NEVER, 'dead')).toBe('dead');
			bridge.sendRequest(actor, new Echo(1));
			bridge.sendRequest(actor, new Echo(2));
			expect([await bridge.receiveResponse(NEVER), await bridge.receiveResponse(NEVER)]).toEqual([1, 2]);
			bridge.sendRequest(failing, new Fail(new Error('no')));
			await expect(bridge.receiveResponse(NEVER, 'default')).rejects.toThrow('no');
			expect(await bridge.receiveResponse(1, 'nothing')).toBe('nothing');
		}));

	it('can be asked by another actor, which waits for the reply in its handler', () =>
		withActors(kind, async (spawn) => {
			const [asking, asked] = [spawn(Subject), spawn(Subject)];
			expect(await new Bridge().call(asking, new Relay(asked, new Echo('there')), NEVER)).toBe('there');
			asked.process.terminate();
			// What two others tell each other may overtake what this thread tells one of them.
			await asked.process.wait();
			expect(await new Bridge().call(asking, new Relay(asked, new Echo('there')), NEVER)).toBe('no reply');
		}));

	it('may have a loop of its own, which ends it when it is done or throws', () =>
		withActors(kind, async (spawn) => {
			const bridge = new Bridge();
			const [ending, failing] = [spawn(Counter), spawn(Counter)];
			expect([await bridge.call(ending, 'count', NEVER), await bridge.call(ending, 'count', NEVER)]).toEqual([0, 1]);
			expect(await bridge.call(ending, 'end', NEVER, 'ended')).toBe('ended');
			expect(ending.process.error).toBe(undefined);
			await expect(bridge.call(failing, 'fail', NEVER)).rejects.toThrow('failed at 0');
			await failing.process.wait();
			expect(failing.process.error).toEqual(new Error('failed at 0'));
		}));

	it('is a process: it can be linked and monitored, and ends by an exit', () =>
		withActors(kind, async (spawn) => {
			const [actor, linked] = [spawn(Subject), spawn(Subject)];
			linked.process.link(actor.process);
			expect(await new Bridge().call(linked, new Echo('linked'), NEVER)).toBe('linked');
			actor.process.terminate(new Error('why'));
			await linked.process.wait();
			expect(linked.process.error).toMatchObject({ code: 'ERR_COPROC_UNHANDLED_CHILD_EXIT', cause: new Error('why') });
			expect(actor.process.kind).toBe(kind);
		}));

	it('may be asked by a process, and answers it as its sender', () =>
		withActors(kind, async (spawn) => {
			const actor = spawn(Subject);
			const told = new Promise<unknown[]>((resolve) => {
				spawnProcess(async (self) => {
					actor.send(new Echo('to a process'), self);
					const [text, from] = await self.next(['to a process', Object]);
					resolve([text, actor.equals(from)]);
					throw new Exit();
				});
			});
			expect(await told).toEqual(['to a process', true]);
		}));
});

describe.each(WORKERS)('an actor in a worker of kind %s', (kind) => {
	it('gives the default at once to whoever waits when it is killed', () =>
		withActors(kind, async (spawn) => {
			const bridge = new Bridge();
			const [actor, victim] = [spawn(Subject), spawn(Subject)];
			expect(await bridge.call(victim, new Echo('alive'), NEVER)).toBe('alive');
			const waiting = [
				bridge.call(victim, new Hold(), NEVER, 'default'),
				bridge.call(victim, new Ignore(), NEVER),
				bridge.call(actor, new Relay(victim, new Hold()), NEVER),
				bridge.multiCall([[victim, new Hold()]] as const, NEVER, 'of many').next(),
				bridge.stop([victim], NEVER),
			];
			const [first] = waiting;
			if (kind === 'process') process.kill(victim.process.pid as number, 'SIGKILL');
			else victim.process.terminate();
			await first;
			const begun = performance.now();
			expect((await Promise.all(waiting)).slice(0, 4)).toEqual([
				'default',
				undefined,
				'no reply',
				{ done: false, value: 'of many' },
			]);
			expect(performance.now() - begun).toBeLessThan(5000);
		}));

	it('keeps the classes of messages and replies', () =>
		withActors(kind, async (spawn) => {
			const actor = spawn(Subject, new Letter('to you'));
			const bridge = new Bridge();
			const log = (await bridge.call(actor, new GetLog(), NEVER)) as unknown[];
			expect(log[0]).toBeInstanceOf(Letter);
			expect(log[0]).toEqual(new Letter('to you'));
			const receipt = await bridge.call(actor, new GetReceipt(), NEVER);
			expect(receipt).toBeInstanceOf(Receipt);
			expect(receipt).toMatchObject({ total: 21, doubled: 42 });
			expect(await bridge.call(actor, new Echo(new Map([[1, new Memo('in a map')]])), NEVER)).toEqual(
				new Map([[1, new Memo('in a map')]]),
			);
		}));

	it('throws DataCloneError for an instance of a class that is registered nowhere, wherever it hides', () =>
		withActors(kind, async (spawn) => {
			const actor = spawn(Subject);
			const bridge = new Bridge();
			const refused = expect.objectContaining({ code: 'ERR_COPROC_DATA_CLONE' });
			for (const message of [new Secret(), [new Secret()], new Echo({ in: new Secret() })]) {
				expect(() => actor.send(message, null)).toThrow(refused);
				await expect(bridge.call(actor, message, NEVER)).rejects.toEqual(refused);
			}
			expect(() => spawn(Subject, new Secret())).toThrow(refused);
			// A reply of such a class fails the handler that sends it, and so the call.
			await expect(bridge.call(actor, new GetSecret(), NEVER)).rejects.toEqual(refused);
		}));

	it('has its caller told when the reply cannot be read there, and goes on', () =>
		withActors(kind, async (spawn) => {
			const actor = spawn(Subject);
			const bridge = new Bridge();
			await expect(bridge.call(actor, new GetForeign(), NEVER)).rejects.toMatchObject({
				code: 'ERR_COPROC_TYPE_NOT_REGISTERED',
				typeName: 'Foreign',
			});
			expect(await bridge.call(actor, new Echo('still there'), NEVER)).toBe('still there');
		}));

	it('ends when it is sent what it cannot read; its caller gets the default at once', () =>
		withActors(kind, async (spawn) => {
			const actor = spawn(Subject);
			expect(await new Bridge().call(actor, new OnlyHere(), NEVER, 'default')).toBe('default');
			expect(actor.process.error).toMatchObject({ code: 'ERR_COPROC_TYPE_NOT_REGISTERED', typeName: 'OnlyHere' });
		}));

	it('ends with why it could not be started, and gives its callers the default', () =>
		withActors(kind, async (spawn) => {
			const broken = spawn(Broken);
			expect(await new Bridge().call(broken, new Echo(1), NEVER, 'default')).toBe('default');
			expect(broken.process.error).toEqual(new RangeError('broken from the start'));
			const missing = class Missing extends Actor {}.spawnOn({ kind, module });
			expect(await new Bridge().call(missing, 1, NEVER, 'default')).toBe('default');
			expect(missing.process.error).toMatchObject({ code: 'ERR_COPROC_WORKER_START' });
			expect(String(missing.process.error)).toContain('exports no class of actors with the name Missing');
		}));

	it('arrives as a handle that works, and as itself at home', () =>
		withActors(kind, async (spawn) => {
			const here = Subject.spawn();
			const actor = spawn(Subject);
			const bridge = new Bridge();
			const [itself, other, ownBridge] = (await bridge.call(actor, new Echo([here, actor, bridge]), NEVER)) as unknown[];
			expect(itself).toBe(here);
			expect(other).toBe(actor);
			expect(ownBridge).toBe(bridge);
			expect(await bridge.call(actor, new Relay(here, new Echo('from here')), NEVER)).toBe('from here');
			here.process.terminate();
			await here.process.wait();
		}));

	it('takes a bridge as the place where messages go', () =>
		withActors(kind, async (spawn) => {
			const bridge = new Bridge();
			spawn(Subject).send(new Echo('into the mailbox'), bridge);
			expect(await bridge.receiveResponse(NEVER)).toBe('into the mailbox');
		}));

	it('may be given to a process that is spawned in a worker, which need not know of actors', () =>
		withActors(kind, async (spawn) => {
			const actor = spawn(Subject);
			const asking = spawnProcess(
				async (self: Process, target: ActorHandle) => {
					target.send('from a process', self);
					throw new Error('sent');
				},
				{ kind, args: [actor] },
			);
			await asking.wait();
			expect(asking.error).toEqual(new Error('sent'));
			await expect.poll(() => new Bridge().call(actor, new GetLog(), NEVER)).toEqual(['ready', 'other string from a process']);
		}));

	it('needs a module', () => {
		expect(() => Subject.spawnOn(kind)).toThrow(/option `module` is missing: a worker loads class Subject from the module/);
	});
});
