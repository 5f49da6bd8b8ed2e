import { describe, expect, it, onTestFinished } from 'vitest';

import { Actor, Bridge, HandlerRegistry, handles, OtherMessage, Request, Stop, Stopped } from '../../src/actor/index.ts';

class Animal {}
class Dog extends Animal {}
class Puppy extends Dog {}

/** Long enough to fail the test. */
const NEVER = 60_000;

type ActorClass = (new () => Actor) & Pick<typeof Actor, 'spawn'>;

/** An actor of a class that is there as long as the test. */
function started<T extends Actor>(type: (new () => T) & Pick<typeof Actor, 'spawn'>): T {
	const actor = type.spawn();
	onTestFinished(() => void actor.process.terminate());
	return actor;
}

/** A handler that answers with its label. */
const saying = (label: string) =>
	function (this: Actor, _message: unknown, sender: { send(message: unknown, from: Actor): unknown } | null): void {
		sender?.send(label, this);
	};

/** What an actor of this class says to messages. */
async function answers(type: ActorClass, ...messages: unknown[]): Promise<unknown[]> {
	const actor = started(type);
	const bridge = new Bridge();
	return Promise.all(messages.map((message) => bridge.call(actor, message, NEVER)));
}

describe('Class.handles', () => {
	it('is a registry of each class, which has what its parent has', async () => {
		class Base extends Actor {}
		class Derived extends Base {}
		Base.handles.add(Animal, saying('base: animal')).add(Dog, saying('base: dog'));
		Derived.handles.add(Dog, saying('derived: dog'));
		expect(Derived.handles).not.toBe(Base.handles);
		expect(Base.handles).toBe(Base.handles);
		expect(await answers(Base, new Animal(), new Dog())).toEqual(['base: animal', 'base: dog']);
		expect(await answers(Derived, new Animal(), new Dog())).toEqual(['base: animal', 'derived: dog']);
	});

	it('does not change a parent that it was forgotten to make a registry of its own from', async () => {
		class Derived extends Actor {}
		class Sibling extends Actor {}
		Derived.handles.add(Animal, saying('derived'));
		Sibling.handles.add(OtherMessage, saying('other'));
		expect(await answers(Sibling, new Animal())).toEqual(['other']);
	});

	it('takes what is added later, also while an actor runs', async () => {
		class Late extends Actor {}
		Late.handles.add(OtherMessage, saying('other'));
		const actor = started(Late);
		const bridge = new Bridge();
		expect(await bridge.call(actor, new Dog(), NEVER)).toBe('other');
		Late.handles.add(Animal, saying('animal'));
		expect(await bridge.call(actor, new Dog(), NEVER)).toBe('animal');
		Late.handles.add(Dog, saying('dog'));
		expect(await bridge.call(actor, new Dog(), NEVER)).toBe('dog');
		Late.handles.add(Dog, saying('dog again'));
		expect(await bridge.call(actor, new Dog(), NEVER)).toBe('dog again');
	});

	it.each([
		['the nearest class', new Puppy(), 'dog'],
		['the class itself', new Dog(), 'dog'],
		['a class further up', new Animal(), 'animal'],
		['a primitive text', 'text', 'text'],
		['a text object', Object('text'), 'text'],
		['a number', 1, 'number'],
		['a bigint', 1n, 'bigint'],
		['a symbol', Symbol('s'), 'symbol'],
		['an array', [1], 'array'],
		['a function', () => {}, 'function'],
		['an error of a subclass', new TypeError('t'), 'error'],
		['null', null, 'other'],
		['undefined', undefined, 'other'],
		['an object without prototype', Object.create(null), 'other'],
		['an object of no class that is handled', { a: 1 }, 'other'],
		['a boolean', true, 'other'],
	])('finds the handler for %s', async (_, message, expected) => {
		class Zoo extends Actor {}
		Zoo.handles
			.add(Animal, saying('animal'))
			.add(Dog, saying('dog'))
			.add(String, saying('text'))
			.add(Number, saying('number'))
			.add(BigInt, saying('bigint'))
			.add(Symbol, saying('symbol'))
			.add(Array, saying('array'))
			.add(Function, saying('function'))
			.add(Error, saying('error'))
			.add(OtherMessage, saying('other'));
		expect(await answers(Zoo, message)).toEqual([expected]);
	});

	it('calls the method as the class of the actor has it', async () => {
		class Base extends Actor {
			label = 'base';
			speak(_message: unknown, sender: { send(message: unknown, from: Actor): unknown } | null): void {
				sender?.send(this.label, this);
			}
		}
		class Derived extends Base {
			override label = 'derived';
		}
		Base.handles.add(Animal, Base.prototype.speak);
		expect(await answers(Derived, new Animal())).toEqual(['derived']);
	});

	it.each([
		['null', null],
		['a text', 'Animal'],
		['an arrow function', () => {}],
		['an object', {}],
	])('refuses %s as a type', (_, type) => {
		class Refusing extends Actor {}
		expect(() => Refusing.handles.add(type as never, () => {})).toThrow(/must be for a class of messages or for OtherMessage/);
		expect(() => handles(type as never)).toThrow(/must be for a class of messages/);
	});

	it('refuses a handler that is no function', () => {
		expect(() => Actor.handles.add(Animal, 'no function' as never)).toThrow('a handler was refused: it is no function');
	});

	it('refuses a static `handles` that is no registry', () => {
		class Wrong extends Actor {
			static override handles = new Map() as never;
		}
		expect(() => Wrong.makeHandles()).toThrow(/class Wrong was refused: its static `handles` must be made by makeHandles/);
	});
});

describe('makeHandles()', () => {
	it('makes a registry of its own, which begins with the handlers of the class it is called on', async () => {
		class Base extends Actor {}
		Base.handles.add(Animal, saying('base'));
		class Derived extends Base {
			static override handles = Base.makeHandles<Derived>();
		}
		Derived.handles.add(Dog, saying('derived'));
		Base.handles.add(Puppy, saying('too late to be copied'));
		expect(Derived.handles).toBeInstanceOf(HandlerRegistry);
		expect(await answers(Derived, new Animal(), new Dog(), new Puppy())).toEqual(['base', 'derived', 'derived']);
		expect(await answers(Base, new Dog())).toEqual(['base']);
	});

	it('gives nothing of a parent that it is not called on', async () => {
		class Base extends Actor {}
		Base.handles.add(Animal, saying('base'));
		class Derived extends Base {
			static override handles = Actor.makeHandles<Derived>();
		}
		Derived.handles.add(OtherMessage, saying('other'));
		expect(await answers(Derived, new Animal())).toEqual(['other']);
	});

	it('mixes in the handlers of other classes, actors or not; the last one wins', async () => {
		class First extends Actor {}
		First.handles.add(Animal, saying('first')).add(Dog, saying('first: dog'));
		class Second {
			static handles = new HandlerRegistry();
		}
		Second.handles.add(Animal, saying('second') as never);
		class Mixed extends Actor {
			static override handles = Actor.makeHandles<Mixed>(First, Second);
		}
		expect(await answers(Mixed, new Animal(), new Dog())).toEqual(['second', 'first: dog']);
	});

	it('keeps Stop', async () => {
		class Made extends Actor {
			static override handles = Actor.makeHandles<Made>();
		}
		expect(await new Bridge().stop([Made.spawn()], NEVER)).toEqual([new Stopped()]);
	});

	it('can be given to a class after it was made', async () => {
		class Assigned extends Actor {}
		Assigned.handles = Assigned.makeHandles();
		Assigned.handles.add(Animal, saying('assigned'));
		expect(await answers(Assigned, new Animal())).toEqual(['assigned']);
		expect(Object.hasOwn(Actor, 'handles') && Actor.handles).not.toBe(Assigned.handles);
	});

	it('refuses what is no class', () => {
		expect(() => Actor.makeHandles('Mixin' as never)).toThrow(/makeHandles\(\) was refused/);
	});
});

describe('Stop', () => {
	it('ends an actor after what was sent before, and is answered', async () => {
		const said: number[] = [];
		class Noting extends Actor {}
		Noting.handles.add(Number, (n) => void said.push(n));
		const actor = Noting.spawn();
		for (const n of [1, 2, 3]) actor.send(n, null);
		const stopped = new Bridge().call(actor, new Stop(), NEVER);
		actor.send(4, null);
		expect(await stopped).toEqual(new Stopped());
		expect(said).toEqual([1, 2, 3]);
		expect([actor.process.isAlive, actor.process.error]).toEqual([false, undefined]);
	});

	it('needs no sender', async () => {
		const actor = Actor.spawn();
		actor.send(new Stop(), null);
		expect(await actor.process.wait()).toBe(true);
		expect(actor.process.error).toBe(undefined);
	});

	it('ends the actor in order when any handler throws it; its caller gets the default', async () => {
		class Quitting extends Actor {}
		Quitting.handles.add(Animal, async () => {
			throw new Stop();
		});
		const actor = Quitting.spawn();
		expect(await new Bridge().call(actor, new Animal(), NEVER, 'default')).toBe('default');
		expect([actor.process.isAlive, actor.process.error]).toEqual([false, undefined]);
	});

	it('can be handled in another way', async () => {
		class Tidying extends Actor {}
		Tidying.handles.add(Stop, function (stop, sender) {
			sender?.send(new Stopped(), null);
			throw stop;
		});
		expect(await new Bridge().stop([Tidying.spawn()], NEVER)).toEqual([new Stopped()]);
		class Staying extends Actor {}
		Staying.handles.add(Stop, () => {});
		const staying = started(Staying);
		expect(await new Bridge().stop([staying], 1)).toEqual([undefined]);
		expect(staying.process.isAlive).toBe(true);
	});

	it('has stop() tell of a handler that throws once all others have ended', async () => {
		class Failing extends Actor {}
		Failing.handles.add(Stop, () => {
			throw new Error('cannot stop');
		});
		const others = [Actor.spawn(), Actor.spawn()];
		const [first, last] = others as [Actor, Actor];
		await expect(new Bridge().stop([first, Failing.spawn(), last], NEVER)).rejects.toThrow('cannot stop');
		expect(others.map(({ process }) => process.isAlive)).toEqual([false, false]);
	});
});

describe('Request', () => {
	it('is nothing but a type', async () => {
		class Ask extends Request<string> {}
		class Answering extends Actor {}
		Answering.handles.add(Ask, saying('asked'));
		expect(await answers(Answering, new Ask())).toEqual(['asked']);
		expect(Object.keys(new Ask())).toEqual([]);
	});
});
