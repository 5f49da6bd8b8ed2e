import { describe, expect, it } from 'vitest';

import { DataCloneError, InvalidArgumentError, TypeNotRegisteredError } from '../../../src/errors/index.ts';
import { registerType, ValueDecoder } from '../../../src/messenger/codec/index.ts';
import { roundTrip, Wire } from './round-trip.ts';

class Money {
	readonly #amount: number;
	readonly currency: string;
	constructor(amount: number, currency: string) {
		this.#amount = amount;
		this.currency = currency;
	}
	get amount(): number {
		return this.#amount;
	}
}

class Discount extends Money {}

class Tree {
	children: unknown[] = [];
	extra: unknown;
}

class Stack extends Array<number> {}

class Failing {
	readonly kind = 'failing';
}

registerType(Money, {
	name: 'Money',
	encode: (m) => [m.amount, m.currency] as [number, string],
	decode: ([a, c]) => new Money(a, c),
});
registerType(Stack, { name: 'Stack', encode: (stack) => [...stack], decode: (items) => Stack.from(items) as Stack });
registerType(Tree, {
	name: 'Tree',
	encode: ({ children, extra }) => ({ children, extra }),
	decode: (data) => Object.assign(new Tree(), data),
});
registerType(Failing, {
	name: 'Failing',
	encode: () => ({ kept: true, at: 'failing' }),
	decode: (): Failing => {
		throw new RangeError('decode failed');
	},
});

describe('registerType()', () => {
	it('lets instances travel', () => {
		const received = roundTrip({ price: new Money(5, 'EUR') });
		expect([received.price instanceof Money, received.price.amount, received.price.currency]).toEqual([true, 5, 'EUR']);
		expect(roundTrip(new Money(1, 'USD')).amount).toBe(1);
	});

	it('takes instances of a subclass for the nearest class that is registered', () => {
		const received = roundTrip(new Discount(5, 'EUR'));
		expect(Object.getPrototypeOf(received)).toBe(Money.prototype);
	});

	it('comes before what built-in classes would do', () => {
		const received = roundTrip({ stack: Stack.from([1, 2]) });
		expect([received.stack instanceof Stack, [...received.stack]]).toEqual([true, [1, 2]]);
	});

	it('keeps one instance one, among others and inside others', () => {
		const money = new Money(1, 'EUR');
		const tree = Object.assign(new Tree(), { children: [money, Object.assign(new Tree(), { children: [money] })], extra: money });
		const received = roundTrip({ tree, money, list: [money, tree] });
		const inner = received.tree.children[1] as unknown as Tree;
		expect([received.tree.children[0], inner.children[0], received.tree.extra, received.list[0]]).toEqual(
			Array(4).fill(received.money),
		);
		expect(inner.children[0]).toBe(received.money);
		expect(received.list[1]).toBe(received.tree);
	});

	it('keeps a reference to what surrounds an instance', () => {
		const data: { tree: Tree; name: string } = { tree: new Tree(), name: 'outer' };
		data.tree.extra = data;
		const received = roundTrip(data);
		expect(received.tree.extra).toBe(received);
	});

	it('refuses an instance whose data leads back to it', () => {
		const tree = new Tree();
		tree.children.push({ parent: tree });
		const wire = new Wire();
		const text =
			'`data.list[1].encode().children[0].parent` cannot be sent: it is an instance of a registered type whose own data leads back to it';
		expect(() => wire.pass({ list: [0, tree] })).toThrow(text);
		expect(wire.pass([1])).toEqual([1]);
	});

	it('tells the path of what is wrong in the data', () => {
		const tree = Object.assign(new Tree(), { extra: [Symbol('s')] });
		expect(() => new Wire().pass({ tree })).toThrow('`data.tree.encode().extra[0]` cannot be sent: it is a symbol');
	});

	it('passes what encode() throws', () => {
		class Refusing {
			readonly kind = 'refusing';
		}
		registerType(Refusing, {
			name: 'Refusing',
			encode: () => {
				throw new TypeError('not now');
			},
			decode: () => new Refusing(),
		});
		expect(() => new Wire().pass([new Refusing()])).toThrow(new TypeError('not now'));
	});

	it('takes classes that are nested hundreds of levels deep, and refuses thousands', () => {
		const chain = (levels: number): Tree => {
			let tree = new Tree();
			for (let level = 1; level < levels; level++) tree = Object.assign(new Tree(), { extra: tree });
			return tree;
		};
		let depth = 0;
		for (let tree: unknown = roundTrip(chain(240)); tree instanceof Tree; tree = tree.extra) depth++;
		expect(depth).toBe(240);
		expect(() => new Wire().pass(chain(5000))).toThrow(DataCloneError);
	});

	it('replaces what is registered for a class, and frees its former name', () => {
		class First {
			readonly kind = 'first';
		}
		class Second {
			readonly kind = 'second';
		}
		registerType(First, { name: 'Name', encode: () => 1, decode: () => new First() });
		registerType(First, { name: 'Other', encode: () => 2, decode: (data) => Object.assign(new First(), { data }) });
		registerType(Second, { name: 'Name', encode: () => 3, decode: () => new Second() });
		expect(roundTrip(new First())).toEqual(Object.assign(new First(), { data: 2 }));
		expect(roundTrip(new Second())).toBeInstanceOf(Second);
	});

	it.each([
		['a name that another class has', Tree, { name: 'Money' }],
		['no name', Tree, { name: '' }],
		['no decode()', Tree, { decode: undefined }],
		['Object itself', Object, {}],
		['Array itself', Array, {}],
		['what is no class', 5, {}],
		['an arrow function', () => 1, {}],
	])('refuses %s', (_what, type, change) => {
		const codec = { name: 'Unused', encode: () => 1, decode: () => ({}), ...change };
		expect(() => registerType(type as typeof Tree, codec as never)).toThrow(InvalidArgumentError);
	});
});

describe('a message that only user code cannot decode', () => {
	/** Bytes that hold a type which nobody here has registered: the name of another one, changed. */
	function unknown(wire: Wire, value: unknown): () => unknown {
		const { codec, payload } = wire.encode(value);
		const at = payload.indexOf('Money');
		payload.write('Mouse', at, 'latin1');
		return () => wire.decoder.decode(codec, payload, 0, payload.length);
	}

	it('throws TypeNotRegisteredError, which says what to do', () => {
		const decode = unknown(new Wire(), { a: new Money(1, 'EUR') });
		expect(decode).toThrow(TypeNotRegisteredError);
		expect(decode).toThrow(
			'a message was not received: it holds an instance of type "Mouse", which is not registered on this side. ' +
				'Call registerType() with that name here too, before the message can come.',
		);
	});

	it('still teaches the link the shapes that come after the failure', () => {
		const wire = new Wire();
		const rows = [
			{ id: 1, label: 'a' },
			{ id: 2, label: 'b' },
		];
		expect(unknown(wire, [new Money(1, 'EUR'), ...rows, { more: new Money(2, 'EUR') }])).toThrow(TypeNotRegisteredError);
		expect(wire.pass(rows)).toEqual(rows);
	});

	it('throws what decode() throws, once the rest is read', () => {
		const wire = new Wire();
		const failing = new Failing();
		const tree = Object.assign(new Tree(), { extra: failing });
		const rows = [
			{ id: 1, text: 'a' },
			{ id: 2, text: 'b' },
		];
		expect(() => wire.pass([tree, failing, ...rows, tree])).toThrow(new RangeError('decode failed'));
		expect(wire.pass(rows)).toEqual(rows);
	});

	it('is told when decode() wants to receive', () => {
		class Greedy {
			readonly kind = 'greedy';
		}
		const decoder = new ValueDecoder();
		const wire = new Wire();
		const { codec, payload } = wire.encode([1]);
		registerType(Greedy, {
			name: 'Greedy',
			encode: () => 1,
			decode: () => decoder.decode(codec, payload, 0, payload.length) as Greedy,
		});
		const greedy = wire.encode(new Greedy());
		expect(() => decoder.decode(greedy.codec, greedy.payload, 0, greedy.payload.length)).toThrow(InvalidArgumentError);
		expect(decoder.decode(codec, payload, 0, payload.length)).toEqual([1]);
	});
});
