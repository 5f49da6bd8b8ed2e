import * as coproc from '../../errors/index.ts';

/** An error class that comes back as itself. */
export interface ErrorClass {
	/** What it is called on the wire, and what its instances inherit as `name`. */
	readonly name: string;
	readonly type: ErrorConstructorLike;
	/** True when non-enumerable own properties belong to its instances and travel too. */
	readonly hasHidden: boolean;
}

/** A class of errors. It is only asked for its prototype. */
export interface ErrorConstructorLike {
	readonly prototype: Error;
}

/** Wire name of DOMException, whose name and message are no properties and which only its constructor can make. */
export const DOM_EXCEPTION = 'DOMException';

const byName = new Map<string, ErrorClass>();
const byPrototype = new Map<object, ErrorClass>();

const BUILT_IN = ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError', 'AggregateError'];

/**
 * Lets an error class come back as itself, with its own properties, non-enumerable ones included. Its constructor does not run.
 * `name` is the one that its prototype carries. Errors of classes that are not registered come back as the nearest class that
 * is, and keep their name.
 *
 * @throws InvalidArgumentError if another class has the name
 */
export function registerErrorClass(type: ErrorConstructorLike): void {
	const { prototype } = type;
	const name: unknown = prototype?.name;
	const refused = (why: string): never => {
		throw new coproc.InvalidArgumentError(`error class ${String(name)} was not registered: ${why}`);
	};
	if (!(prototype instanceof Error)) return refused('it does not extend Error');
	if (!Object.hasOwn(prototype, 'name') || typeof name !== 'string') return refused('its prototype has no `name` of its own');
	if ((byName.get(name)?.type ?? type) !== type) return refused('another class has that name');
	add(name, type, true);
}

/** Returns the class of a name. */
export function errorClassNamed(name: string): ErrorClass | undefined {
	return byName.get(name);
}

/** Returns the nearest known class of an error. */
export function errorClassOf(error: object): ErrorClass {
	for (let each: object | null = error; each; each = Object.getPrototypeOf(each) as object | null) {
		const known = byPrototype.get(each);
		// Error itself is the answer only when the name says nothing better: for an error of another realm, or of another copy
		// of coproc, it does. A user's error that happens to be called TimeoutError stays a plain one.
		if (known && known.type !== Error) return known;
	}
	const { name } = error as { readonly name?: unknown };
	const named = typeof name === 'string' ? byName.get(name) : undefined;
	const plain = byName.get('Error') as ErrorClass;
	if (!named || named.name === DOM_EXCEPTION) return plain;
	return !named.hasHidden || error instanceof coproc.CoprocError ? named : plain;
}

function add(name: string, type: ErrorConstructorLike, hasHidden: boolean): void {
	const entry: ErrorClass = { name, type, hasHidden };
	byName.set(name, entry);
	byPrototype.set(type.prototype, entry);
}

for (const name of [...BUILT_IN, 'SuppressedError', DOM_EXCEPTION]) {
	// Node 20 has no SuppressedError; TypeScript or a polyfill may have brought one.
	const type = (globalThis as Record<string, unknown>)[name] as ErrorConstructorLike | undefined;
	if (type) add(name, type, false);
}
for (const each of Object.values(coproc)) {
	if (typeof each === 'function' && each.prototype instanceof Error) add(each.prototype.name, each, true);
}
