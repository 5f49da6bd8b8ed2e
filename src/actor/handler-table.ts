import { InvalidArgumentError } from '../errors/index.ts';
import { handlerChanges, type Handler, type HandlerFunction, type HandlerMap, HandlerRegistry } from './handler-registry.ts';
import { decoratedOf } from './handles.ts';
import { type MessageKey, OtherMessage, prototypeOf } from './message-type.ts';

/** A class with handlers: of actors, or to be mixed into one. */
export type HandlingClass = abstract new (...args: never[]) => object;

/** All handlers of a class, its own and those it inherits. */
interface Table {
	readonly changes: number;
	readonly handlers: HandlerMap;
	/** What was found for classes of messages, nearest first. */
	readonly found: WeakMap<object, Handler | null>;
}

const registries = new WeakMap<object, HandlerRegistry>();
const tables = new WeakMap<object, Table>();

/** The registry of a class that has made none itself: one of its own, so that what it adds stays its own. */
export function registryOf(type: object): HandlerRegistry {
	let registry = registries.get(type);
	if (!registry) registries.set(type, (registry = new HandlerRegistry()));
	return registry;
}

/** Makes a registry that begins with the handlers of `base` and of other classes, the last of which wins. */
export function copyHandlers(base: HandlingClass, others: readonly HandlingClass[]): HandlerRegistry {
	const copied = new Map(handlersOf(base));
	for (const other of others) {
		if (typeof other !== 'function')
			throw new InvalidArgumentError('makeHandles() was refused: what it mixes in must be classes');
		for (const [key, handler] of handlersOf(other)) copied.set(key, isHeir(base, other) ? handler : detached(handler, other));
	}
	return new HandlerRegistry(copied);
}

/** The handler for a message: that of the nearest class, else that of OtherMessage, else none. */
export function handlerFor(type: HandlingClass, message: unknown): Handler | undefined {
	const table = tableOf(type);
	const prototype = prototypeOf(message);
	if (prototype === null) return table.handlers.get(OtherMessage);
	let handler = table.found.get(prototype);
	if (handler === undefined) table.found.set(prototype, (handler = nearest(table.handlers, prototype)));
	return handler ?? undefined;
}

/** True when a class has a handler for exactly this type. */
export function isHandled(type: HandlingClass, key: MessageKey): boolean {
	return handlersOf(type).has(key);
}

function handlersOf(type: HandlingClass): HandlerMap {
	return tableOf(type).handlers;
}

function tableOf(type: HandlingClass): Table {
	const known = tables.get(type);
	const changes = handlerChanges();
	if (known?.changes === changes) return known;
	const table: Table = { changes, handlers: collect(type), found: new WeakMap() };
	tables.set(type, table);
	return table;
}

/** What a class inherits, then what its decorators say, then what was added to it: the later wins. */
function collect(type: HandlingClass): HandlerMap {
	const registry = ownRegistry(type);
	const parent = Object.getPrototypeOf(type) as unknown;
	const inherited = registry?.inherited ?? (isClass(parent) ? handlersOf(parent) : []);
	return new Map([...inherited, ...decoratedOf(type), ...(registry?.added ?? [])]);
}

function ownRegistry(type: HandlingClass): HandlerRegistry | undefined {
	if (!Object.hasOwn(type, 'handles')) return registries.get(type);
	const { handles } = type as unknown as { readonly handles: unknown };
	if (handles instanceof HandlerRegistry) return handles;
	throw new InvalidArgumentError(`class ${type.name} was refused: its static \`handles\` must be made by makeHandles()`);
}

function nearest(handlers: HandlerMap, prototype: object): Handler | null {
	for (let each: object | null = prototype; each; each = Object.getPrototypeOf(each) as object | null) {
		const handler = handlers.get(each);
		if (handler) return handler;
	}
	return handlers.get(OtherMessage) ?? null;
}

/** The handler of a class that the actor does not inherit from: its methods are to be found in that class. */
function detached(handler: Handler, { prototype }: HandlingClass): Handler {
	let method: HandlerFunction | undefined;
	return () => (method ??= handler(prototype as object));
}

function isHeir(type: HandlingClass, of: HandlingClass): boolean {
	return type === of || (type.prototype as unknown) instanceof of;
}

function isClass(value: unknown): value is HandlingClass {
	return typeof value === 'function' && value !== Function.prototype;
}
