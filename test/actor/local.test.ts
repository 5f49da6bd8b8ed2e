import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { Actor, ActorNotStartedError, Bridge, handles, OtherMessage, Stop } from '../../src/actor/index.ts';
import { Exit, here, Process, spawn, UnhandledChildExit, whereis } from '../../src/process/index.ts';

const NEVER = 60_000;

class Ask {}
class Ignore {}

class Answering extends Actor {
	said: unknown[] = [];
}
Answering.handles
	.add(Ask, function (this: Answering, _message, sender) {
		sender?.send('answer', this);
	})
	.add(Ignore, () => {})
	.add(OtherMessage, function (this: Answering, message) {
		if (message instanceof Error) throw message;
		this.said.push(message);
	});

function started(): Answering {
	const actor = Answering.spawn();
	onTestFinished(() => void actor.process.terminate());
	return actor;
}

const warnings: string[] = [];
const onWarning = vi.fn<(warning: Error) => void>((warning) => void warnings.push(warning.message));
process.on('warning', onWarning);
afterEach(() => void warnings.splice(0));

/** What was warned of so far; warnings come a turn later. */
async function warned(): Promise<string[]> {
	await new Promise(setImmediate);
	return warnings.splice(0);
}

describe('an actor that was made with new', () => {
	it('throws ActorNotStartedError for whatever needs its mailbox', async () => {
		class Curious extends Actor {
			async take(): Promise<unknown> {
				return this.receive();
			}
		}
		const actor = new Curious();
		expect(() => actor.send('text', null)).toThrow(new ActorNotStartedError('Curious', 'send()'));
		await expect(actor.take()).rejects.toThrow(new ActorNotStartedError('Curious', 'receive()'));
		expect(() => actor.process).toThrow(new ActorNotStartedError('Curious', 'process'));
		await expect(new Bridge().call(actor, 'text', NEVER)).rejects.toBeInstanceOf(ActorNotStartedError);
		expect(actor.equals(actor)).toBe(true);
	});

	it('is so inside the constructor of another one', () => {
		class Inner extends Actor {}
		class Outer extends Actor {
			inner = new Inner();
		}
		const outer = Outer.spawn();
		expect(outer.process.isAlive).toBe(true);
		expect(() => outer.inner.process).toThrow(ActorNotStartedError);
		outer.process.terminate();
	});
});

describe('Actor.spawn()', () => {
	it('gives the actor, which can be sent messages in its constructor already', async () => {
		class Eager extends Answering {
			constructor(...greetings: string[]) {
				super();
				for (const greeting of greetings) this.send(greeting, null);
			}
		}
		const actor = Eager.spawn('hello', 'there');
		expect(await new Bridge().call(actor, new Ask(), NEVER)).toBe('answer');
		expect(actor.said).toEqual(['hello', 'there']);
		actor.process.terminate();
	});

	it('throws what the constructor throws, and leaves nothing', () => {
		const before = here().table.locals.size;
		class Broken extends Actor {
			constructor() {
				super();
				throw new RangeError('broken');
			}
		}
		expect(() => Broken.spawn()).toThrow(new RangeError('broken'));
		expect(here().table.locals.size).toBe(before);
	});

	it('refuses what is no class of actors', () => {
		class Nothing {}
		expect(() => Actor.spawn.call(Nothing as never)).toThrow(/class Nothing does not extend Actor/);
	});

	it('starts ten thousand of them, and nothing is left when they have stopped', async () => {
		const before = here().table.locals.size;
		const actors = Array.from({ length: 10_000 }, () => Answering.spawn());
		const bridge = new Bridge();
		const replies = await Promise.all(actors.map((actor) => bridge.call(actor, new Ask(), NEVER)));
		expect(new Set(replies)).toEqual(new Set(['answer']));
		expect(await bridge.stop(actors, NEVER)).toHaveLength(10_000);
		expect(here().table.locals.size).toBe(before);
	});
});

describe('Actor.spawnOn()', () => {
	it('starts an actor in this thread, by name, linked to others', async () => {
		const parent = spawn((self) => void self.receive([Exit, Process], () => {}));
		const actor = Answering.spawnOn({ kind: 'local', name: 'the one', linkTo: parent });
		expect(await whereis('the one')).toBe(actor.process);
		expect(actor).toBeInstanceOf(Answering);
		parent.terminate('why');
		await actor.process.wait();
		expect(actor.process.error).toBeInstanceOf(UnhandledChildExit);
	});

	it.each([
		['boat', /option `kind` must be one of 'local', 'thread', 'process'/],
		[undefined, /option `kind` must be one of/],
		[{ kind: 'local', nam: 'x' }, /option `nam` is unknown. Did you mean `name`\?/],
		[{ kind: 'local', name: '' }, /option `name` must be a string/],
		[{ kind: 'local', linkTo: 'x' }, /option `linkTo` must be a process/],
		[{ kind: 'thread' }, /option `module` is missing/],
		[{ kind: 'thread', module: 7 }, /option `module` must be a URL or a path/],
	])('refuses %j', (on, text) => {
		expect(() => Answering.spawnOn(on as never)).toThrow(text);
	});
});

describe('the end of an actor', () => {
	it('is warned of when nobody is told of its failure', async () => {
		const actor = started();
		actor.send(new Error('nobody knows'), null);
		await actor.process.wait().then(() => {});
		const silent = started();
		silent.send(new Error('nobody knows'), null);
		while (silent.process.isAlive) await new Promise(setImmediate);
		expect(await warned()).toEqual([expect.stringMatching(/process "Answering-\d+" ended, .*nobody knows/s)]);
	});

	it('is not warned of when the caller is told', async () => {
		const actor = started();
		await expect(new Bridge().call(actor, new Error('the caller knows'), NEVER)).rejects.toThrow('the caller knows');
		expect(await warned()).toEqual([]);
	});

	it('is warned of when a caller only gets the default', async () => {
		const actor = started();
		const bridge = new Bridge();
		const waiting = bridge.call(actor, new Ignore(), NEVER, 'default');
		actor.send(new Error('not of this call'), null);
		expect(await waiting).toBe('default');
		expect(await warned()).toEqual([expect.stringMatching(/not of this call/)]);
	});

	it('is told to a handler of Exit when a linked process ends', async () => {
		class Watching extends Answering {}
		Watching.handles.add(Exit, function (exit, from) {
			(this as Watching).said.push([exit.error, (from as unknown as Process).name]);
		});
		const actor = Watching.spawn();
		const child = spawn(() => {}, { name: 'child' });
		actor.process.link(child);
		child.terminate(new Error('gone'));
		await child.wait();
		expect(await new Bridge().call(actor, new Ask(), NEVER)).toBe('answer');
		expect(actor.said).toEqual([[new Error('gone'), 'child']]);
		actor.send(new Exit(), null);
		expect(await actor.process.wait()).toBe(true);
	});

	it('does not come by a handler of OtherMessage', async () => {
		const actor = Answering.spawn();
		const child = spawn(() => {});
		actor.process.link(child);
		child.terminate(new Error('gone'));
		await actor.process.wait();
		expect(actor.process.error).toBeInstanceOf(UnhandledChildExit);
		expect(actor.said).toEqual([]);
	});
});

describe('Actor.receive() and act()', () => {
	it('take the next message in a handler, before it would have been handled', async () => {
		class Pairing extends Answering {}
		Pairing.handles.add(Number, async function (this: Actor, first, sender) {
			const [second] = await (this as unknown as { receive(): Promise<unknown[]> }).receive();
			sender?.send([first, second], this);
		});
		const actor = Pairing.spawn();
		const bridge = new Bridge();
		const pair = bridge.call(actor, 1, NEVER);
		actor.send('other', null);
		expect(await pair).toEqual([1, 'other']);
		expect(actor.said).toEqual([]);
		await bridge.stop([actor], NEVER);
	});

	it('wait no longer than they are told', async () => {
		class Waiting extends Actor {
			protected override async act(): Promise<void> {
				await this.receive({ timeout: 0 });
			}
		}
		const actor = Waiting.spawn();
		await actor.process.wait();
		expect(actor.process.error).toMatchObject({ code: 'ERR_COPROC_TIMEOUT' });
	});

	it('can do something before and after handling messages', async () => {
		const said: string[] = [];
		class Framed extends Answering {
			protected override async act(): Promise<void> {
				said.push('before');
				await super.act();
				said.push('after');
			}
		}
		const actor = Framed.spawn();
		const bridge = new Bridge();
		expect(await bridge.call(actor, new Ask(), NEVER)).toBe('answer');
		await bridge.stop([actor], NEVER);
		expect(said).toEqual(['before', 'after']);
		expect(actor.process.error).toBe(undefined);
		const failing = Framed.spawn();
		await expect(bridge.call(failing, new Error('within'), NEVER)).rejects.toThrow('within');
		expect(said).toEqual(['before', 'after', 'before']);
	});

	it('leave timers and input their turn while messages never end', async () => {
		class Busy extends Actor {
			count = 0;
			protected override async act(): Promise<void> {
				for (;;) {
					await this.receive();
					this.count += 1;
					this.send('again', null);
				}
			}
		}
		const actor = Busy.spawn();
		actor.send('go', null);
		await new Promise((resolve) => setTimeout(resolve, 1));
		expect(actor.count).toBeGreaterThan(0);
		actor.process.terminate();
		await actor.process.wait();
	});

	it('end when the actor is asked to', async () => {
		class Looping extends Actor {
			protected override async act(): Promise<void> {
				for (;;) await this.receive();
			}
		}
		const actor = Looping.spawn();
		actor.process.terminate(new Error('asked'));
		await actor.process.wait();
		expect(actor.process.error).toEqual(new Error('asked'));
		const [stopping] = [Looping.spawn()];
		expect(await new Bridge().call(stopping, new Stop(), 1, 'does not know Stop')).toBe('does not know Stop');
		stopping.process.terminate();
	});
});

describe('send()', () => {
	it.each([['text'], [7], [{}], [{ send: 'no function' }]])('refuses %o as a sender', (sender) => {
		expect(() => started().send('message', sender as never)).toThrow(
			/its sender must be null or something with a send\(\) method/,
		);
	});

	it('asks the actor to end when the message is an exit', async () => {
		const actor = started();
		expect(actor.send(new Exit('so be it'), null)).toBe(true);
		await actor.process.wait();
		expect(actor.process.error).toEqual(new Error('so be it'));
	});

	it('from a process comes with whatever has a send(), or null', async () => {
		const actor = started();
		actor.process.send('alone');
		actor.process.send('strange', 'no sender');
		actor.process.send();
		expect(await new Bridge().call(actor, new Ask(), NEVER)).toBe('answer');
		expect(actor.said).toEqual(['alone', 'strange']);
	});
});

describe('@handles()', () => {
	it('says what it needs of a compiler', () => {
		const decorate = handles(Ask) as unknown as (...args: unknown[]) => void;
		expect(() => decorate({}, 'onAsk', {})).toThrow(/unset `experimentalDecorators`/);
		expect(() => decorate(undefined, { kind: 'field', name: 'onAsk', metadata: {} })).toThrow(/`onAsk` is a field/);
		expect(() => decorate(() => {}, { kind: 'method', static: true, name: 'onAsk', metadata: {} })).toThrow(/is static/);
		expect(() => decorate(() => {}, { kind: 'method', static: false, name: 'onAsk' })).toThrow(/no metadata/);
	});
});
