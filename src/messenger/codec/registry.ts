import { InvalidArgumentError } from '../../errors/index.ts';

/** How instances of one class travel. */
export interface TypeCodec<T extends object, D = unknown> {
	/** Name on the wire: the same on both sides. */
	readonly name: string;
	/** Returns the plain data that stands for an instance. It may hold anything that a message may hold. */
	encode(instance: T): D;
	/** Makes an instance from that data, on the receiving side. Must not send or receive. */
	decode(data: D): T;
}

/** A class that can be registered; its constructor is never called. */
export type RegisteredClass<T extends object> = abstract new (...args: never[]) => T;

/** An entry of the registry. */
export interface RegisteredType {
	readonly name: string;
	readonly type: { readonly prototype: object };
	encode(instance: object): unknown;
	decode(data: unknown): unknown;
}

const byName = new Map<string, RegisteredType>();
const byPrototype = new Map<object, RegisteredType>();

/**
 * Lets instances of a class travel: `encode` runs at the sender, `decode` at the receiver, so both sides must register it.
 *
 * Instances of a subclass travel as instances of the nearest registered class. An instance that a message holds twice arrives
 * as one instance; one whose data leads back to itself is refused with DataCloneError, since it cannot exist before its data
 * does. What the data shares with the rest of the message may still be incomplete while `decode` runs.
 *
 * Registering a class again replaces what was registered for it.
 *
 * @throws InvalidArgumentError if another class has the name, or if the class is one that travels without being registered
 *
 * @example
 * registerType(Money, { name: 'Money', encode: (m) => [m.amount, m.currency], decode: ([a, c]) => new Money(a, c) });
 */
export function registerType<T extends object, D>(type: RegisteredClass<T>, codec: TypeCodec<T, D>): void {
	const { prototype } = checkClass(type);
	const { name, encode, decode } = codec;
	if (typeof name !== 'string' || name === '') throw refused(type, 'its `name` must be a string with something in it');
	if (typeof encode !== 'function' || typeof decode !== 'function')
		throw refused(type, '`encode` and `decode` must be functions');
	const namesake = byName.get(name);
	if (namesake && namesake.type !== type) throw refused(type, `another class is registered as "${name}"`);
	const former = byPrototype.get(prototype);
	if (former) byName.delete(former.name);
	const entry = {
		name,
		type,
		encode: (instance: object) => codec.encode(instance as T),
		decode: (data: unknown) => codec.decode(data as D),
	};
	byName.set(name, entry);
	byPrototype.set(prototype, entry);
}

/** The name that a class is registered under; undefined when only a class that it extends is, or none. */
export function registeredName(type: RegisteredClass<object>): string | undefined {
	return byPrototype.get(type.prototype)?.name;
}

/** Returns what is registered under a name. */
export function typeNamed(name: string): RegisteredType | undefined {
	return byName.get(name);
}

/** Returns what is registered for the nearest class in a prototype chain that begins with `prototype`. */
export function typeOf(prototype: object | null): RegisteredType | undefined {
	if (byPrototype.size === 0) return undefined;
	for (let each = prototype; each; each = Object.getPrototypeOf(each) as object | null) {
		const entry = byPrototype.get(each);
		if (entry) return entry;
	}
	return undefined;
}

function checkClass(type: unknown): { readonly prototype: object } {
	if (typeof type !== 'function' || typeof type.prototype !== 'object' || type.prototype === null) {
		throw new InvalidArgumentError(`registerType() failed: ${typeof type} is not a class`);
	}
	// What has a fast path of its own is never looked up here.
	if (type === Object || type === Array || type === Function) throw refused(type, 'its instances travel as they are');
	return type;
}

function refused(type: unknown, why: string): InvalidArgumentError {
	const { name } = type as { readonly name: unknown };
	return new InvalidArgumentError(`class ${String(name) || '(anonymous)'} was not registered: ${why}`);
}
