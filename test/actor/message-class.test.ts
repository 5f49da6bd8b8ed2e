import { describe, expect, it } from 'vitest';

import { Actor, Bridge, registerMessage, Stop, Stopped } from '../../src/actor/index.ts';
import { ReplyAddress } from '../../src/actor/reply-address.ts';
import { ByteWriter } from '../../src/internal/byte-writer.ts';
import { registerType, ValueDecoder, ValueEncoder } from '../../src/messenger/index.ts';

/** A value as another worker gets it. */
function sent(value: unknown): unknown {
	const writer = new ByteWriter();
	writer.own();
	const codec = new ValueEncoder({ shapes: false, strict: true }).encode(writer, value);
	return new ValueDecoder().decode(codec, writer.buf, writer.start, writer.pos, { localShapes: true });
}

/** A class of a name that others may have too. */
const classNamed = (name: string): (new (value?: unknown) => { value?: unknown }) =>
	({
		[name]: class {
			value: unknown;
			constructor(value?: unknown) {
				this.value = value;
			}
		},
	})[name] as never;

describe('registerMessage()', () => {
	it('lets instances keep their class and own properties; the constructor does not run', () => {
		class Order {
			static made = 0;
			item = 'tea';
			count: number;
			constructor(count: number) {
				this.count = count;
				Order.made += 1;
			}
			get text(): string {
				return `${this.count} x ${this.item}`;
			}
		}
		registerMessage(Order);
		const arrived = sent({ orders: [new Order(2)] }) as { orders: Order[] };
		expect(arrived.orders[0]).toBeInstanceOf(Order);
		expect(arrived.orders[0]).toEqual(new Order(2));
		expect(arrived.orders[0]?.text).toBe('2 x tea');
		expect(Order.made).toBe(2);
	});

	it('runs no setter where a message arrives', () => {
		class Guarded {
			#value = 'untouched';
			get value(): string {
				return this.#value;
			}
			set value(value: string) {
				this.#value = value;
			}
		}
		registerMessage(Guarded);
		const instance = Object.defineProperty(new Guarded(), 'value', { value: 'own', enumerable: true });
		expect(Object.getOwnPropertyDescriptor(sent(instance), 'value')?.value).toBe('own');
	});

	it('keeps an own `__proto__` a property', () => {
		const Odd = classNamed('Odd');
		registerMessage(Odd);
		const odd = Object.defineProperty(new Odd(), '__proto__', { value: 1, enumerable: true });
		const arrived = sent(odd) as object;
		expect(Object.getPrototypeOf(arrived)).toBe(Odd.prototype);
		expect(Object.getOwnPropertyDescriptor(arrived, '__proto__')?.value).toBe(1);
	});

	it('lets errors keep theirs, with message, stack and cause where they were', () => {
		class SoldOut extends Error {
			item: string;
			constructor(message: string, item: string) {
				super(message, { cause: 'demand' });
				this.item = item;
			}
		}
		registerMessage(SoldOut);
		const error = new SoldOut('no more', 'tea');
		const arrived = sent(error) as SoldOut;
		expect(arrived).toBeInstanceOf(SoldOut);
		expect([arrived.message, arrived.stack, arrived.cause, arrived.item]).toEqual(['no more', error.stack, 'demand', 'tea']);
		expect(Object.keys(arrived)).toEqual(['item']);
	});

	it('refuses an instance of a subclass that is not registered itself: it would arrive as another class', () => {
		class Task {}
		class UrgentTask extends Task {}
		registerMessage(Task);
		expect(() => sent(new UrgentTask())).toThrow(
			/is an instance of class UrgentTask, which is not registered: only Task is, which it extends/,
		);
		registerMessage(UrgentTask);
		expect(sent(new UrgentTask())).toBeInstanceOf(UrgentTask);
	});

	it('lets two classes of one name be, until one is to travel', () => {
		const [First, Second] = [classNamed('Twin'), classNamed('Twin')];
		registerMessage(First);
		expect(sent(new First(1))).toBeInstanceOf(First);
		registerMessage(Second);
		const text = /instance of class Twin, and another class of that name is registered/;
		expect(() => sent(new First(1))).toThrow(text);
		expect(() => sent(new Second(1))).toThrow(text);
		registerType(Second, { name: 'second twin', encode: ({ value }) => value, decode: (value) => new Second(value) });
		expect(sent(new Second(2))).toEqual(new Second(2));
		expect(sent(new First(1))).toBeInstanceOf(First);
	});

	it('leaves a name that somebody else has given to another class', () => {
		const [Theirs, Ours] = [classNamed('Taken'), classNamed('Taken')];
		registerType(Theirs, { name: 'Taken', encode: ({ value }) => value, decode: (value) => new Theirs(value) });
		registerMessage(Ours);
		expect(sent(new Theirs(1))).toBeInstanceOf(Theirs);
		expect(() => sent(new Ours(1))).toThrow(/another class of that name is registered/);
	});

	it('leaves what travels by itself, what has no name, and what was registered otherwise', () => {
		const Own = classNamed('Own');
		registerType(Own, { name: 'my own', encode: ({ value }) => value, decode: () => new Own('decoded') });
		for (const type of [Own, Map, Array, Object, Error, Function, class {}, Actor, class Derived extends Actor {}])
			expect(() => registerMessage(type as never)).not.toThrow();
		expect(sent(new Own(1))).toEqual(new Own('decoded'));
		expect(sent(new Map([[1, 2]]))).toEqual(new Map([[1, 2]]));
	});

	it.each([['text'], [null], [() => {}], [{}]])('refuses %o', (type) => {
		expect(() => registerMessage(type as never)).toThrow(/registerMessage\(\) was refused/);
	});
});

describe('a value on its way', () => {
	it('is refused when it is an instance of a class that nobody registered', () => {
		class Nowhere {}
		expect(() => sent([{ at: new Nowhere() }])).toThrow(
			/`data\[0\]\.at` cannot be sent: it is an instance of class Nowhere, which is not/,
		);
	});

	it('stays Stop and Stopped', () => {
		const [stop, stopped] = sent([new Stop(), new Stopped()]) as [unknown, unknown];
		expect(stop).toBeInstanceOf(Stop);
		expect(stopped).toBeInstanceOf(Stopped);
	});

	it('stays the actor or the bridge when it comes home', async () => {
		class Traveller extends Actor {}
		const [actor, bridge] = [Traveller.spawn(), new Bridge()];
		expect(sent([actor, bridge, bridge])).toEqual([actor, bridge, bridge]);
		expect((sent([actor, bridge]) as unknown[])[0]).toBe(actor);
		expect((sent([actor, bridge]) as unknown[])[1]).toBe(bridge);
		const address = sent(new ReplyAddress(undefined, 1e6, 2)) as ReplyAddress;
		expect(address.equals(new ReplyAddress(undefined, 1e6, 3))).toBe(true);
		expect(address.equals(bridge)).toBe(false);
		actor.process.terminate();
		await actor.process.wait();
		expect((sent([actor]) as Actor[])[0]?.send('late', null)).toBe(false);
	});
});
