import { DataCloneError, InvalidArgumentError } from '../errors/index.ts';
import { type RegisteredClass, registeredName, registerType } from '../messenger/index.ts';

/** A class of messages; its constructor does not run where they arrive. */
export type MessageClass = RegisteredClass<object>;

/** What belongs to an error without being enumerable. */
const ERROR_PROPERTIES = ['message', 'stack', 'cause', 'errors'];
/** Wire names of handles of coproc: what extends these classes travels as a handle too. */
const HANDLE_NAME = /^coproc\.[a-z/]+$/;

/** A class that was registered here, by its name if that was free. */
interface Entry {
	readonly type: MessageClass;
	readonly wireName: string;
}

/** What was registered here, by the name of the class. More than one: the receiver might know another than is meant. */
const entries = new Map<string, Entry[]>();

/**
 * Lets the instances of a class keep it in messages to other workers. `handles()` does that by itself: this is for what has no
 * handler, such as replies and parts of messages, and goes into a module that both sides load. Also a decorator of classes.
 *
 * Own enumerable properties travel, private fields do not, and the class goes by its name. Two classes of one name do no harm
 * until an instance of one is to leave its worker, which throws DataCloneError. For all that, `registerType()` has its own ways.
 *
 * @throws InvalidArgumentError for what is no class
 */
export function registerMessage(type: MessageClass): void {
	if (typeof type !== 'function' || (type.prototype as object | undefined) === undefined)
		throw new InvalidArgumentError(
			`registerMessage() was refused: ${type === null ? 'null' : `a value of type ${typeof type}`} is no class`,
		);
	// What is native travels by itself, and what has no name could not be found again.
	if (type.name === '' || isNative(type) || registeredName(type) !== undefined || isHandle(type)) return;
	const namesakes = entries.get(type.name) ?? [];
	entries.set(type.name, namesakes);
	try {
		register(type, type.name, namesakes);
	} catch (error) {
		if (!(error instanceof InvalidArgumentError)) throw error;
		// Another class has the name, and keeps it until one of the two is to travel.
		register(type, `${type.name}#${namesakes.length + 1}`, namesakes);
	}
}

function register(type: MessageClass, wireName: string, namesakes: Entry[]): void {
	const entry: Entry = { type, wireName };
	registerType<object, Record<string, unknown>>(type, {
		name: wireName,
		encode: (instance) => {
			refuseNamesakes(entry, namesakes);
			refuseSubclass(type, instance);
			return instance instanceof Error ? propertiesOfError(instance) : { ...instance };
		},
		decode: (properties) => {
			refuseNamesakes(entry, namesakes);
			const bare = type.prototype instanceof Error ? new Error() : {};
			return fill(Object.setPrototypeOf(bare, type.prototype) as object, properties);
		},
	});
	namesakes.push(entry);
}

function refuseNamesakes(entry: Entry, namesakes: readonly Entry[]): void {
	const { name } = entry.type;
	// One that was registered in another way since is out of the question.
	const isAnother = (each: Entry): boolean => each !== entry && registeredName(each.type) === each.wireName;
	if (entry.wireName === name && (namesakes.length === 1 || !namesakes.some(isAnother))) return;
	throw new DataCloneError(
		'data',
		`it is an instance of class ${name}, and another class of that name is registered: give them names of their own with registerType()`,
	);
}

function refuseSubclass(type: MessageClass, instance: object): void {
	const prototype = Object.getPrototypeOf(instance) as { readonly constructor?: { readonly name?: unknown } };
	if (prototype === type.prototype) return;
	const own = String(prototype.constructor?.name) || '(anonymous)';
	throw new DataCloneError(
		'data',
		`it is an instance of class ${own}, which is not registered: only ${type.name} is, which it extends. A handler of its own registers it, or registerMessage()`,
	);
}

function propertiesOfError(error: Error): Record<string, unknown> {
	const source = error as unknown as Readonly<Record<string, unknown>>;
	const properties: Record<string, unknown> = { ...source };
	for (const key of ERROR_PROPERTIES) if (Object.hasOwn(error, key)) properties[key] = source[key];
	return properties;
}

/** Gives an instance its properties without running setters of its class. */
function fill(instance: object, properties: Readonly<Record<string, unknown>>): object {
	const isError = instance instanceof Error;
	for (const key of Object.keys(properties)) {
		const enumerable = !(isError && ERROR_PROPERTIES.includes(key));
		Object.defineProperty(instance, key, { value: properties[key], enumerable, writable: true, configurable: true });
	}
	return instance;
}

function isHandle(type: MessageClass): boolean {
	for (let each: unknown = type; typeof each === 'function'; each = Object.getPrototypeOf(each))
		if (HANDLE_NAME.test(registeredName(each as unknown as MessageClass) ?? '')) return true;
	return false;
}

function isNative(type: MessageClass): boolean {
	return Function.prototype.toString.call(type).includes('[native code]');
}
