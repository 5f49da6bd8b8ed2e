import { InvalidArgumentError } from '../errors/index.ts';
import { claimType, countChange, type Handler, type HandlerFunction, type HandlerMap } from './handler-registry.ts';
import { keyOf, type MessageKey, type MessageOf, type MessageType, type SenderOf } from './message-type.ts';

/** What `@handles(Type)` is: a standard decorator of methods, which get a message of the type and its sender. */
export type HandlesDecorator<M extends MessageType> = <A extends object>(
	method: (this: A, message: MessageOf<M>, sender: SenderOf<M>) => unknown,
	context: ClassMethodDecoratorContext<A>,
) => void;

// Compilers look for this symbol where they give classes their metadata, and Node has it not. Some make one like this of their own.
const METADATA: symbol = (Symbol as { metadata?: symbol }).metadata ?? Symbol.for('Symbol.metadata');
if ((Symbol as { metadata?: symbol }).metadata === undefined) Object.defineProperty(Symbol, 'metadata', { value: METADATA });

/** What decorators have said about the methods of a class, by its metadata. */
const decorated = new WeakMap<object, Map<MessageKey, Handler>>();

/**
 * Makes a method the handler of a class of messages and of those that extend it: `@handles(Task) onTask(task, sender) {...}`. For
 * several classes, write it several times. Where a class overrides the method, its own is called. From the actor post.
 *
 * It is a standard decorator: TypeScript without `experimentalDecorators`, esbuild, tsx, Babel and swc know it, Node does not yet.
 * Without a compiler, `Class.handles.add(Type, function (message, sender) {...})` does the same.
 *
 * The class keeps its name in messages to other workers, see {@link registerMessage}.
 *
 * @throws InvalidArgumentError for what is no class, or when it decorates something else than a method
 */
export function handles<M extends MessageType>(type: M): HandlesDecorator<M> {
	const key = keyOf(type);
	claimType(type);
	return (method, context) => {
		const { handler, metadata } = describe(method as HandlerFunction, context as unknown);
		const ofClass = decorated.get(metadata) ?? new Map<MessageKey, Handler>();
		decorated.set(metadata, ofClass.set(key, handler));
		countChange();
	};
}

/** The handlers that the decorators in the body of a class have named; not those of its parent. */
export function decoratedOf(type: object): HandlerMap {
	const metadata = Object.hasOwn(type, METADATA) ? (type as Record<symbol, unknown>)[METADATA] : undefined;
	return decorated.get(metadata as object) ?? new Map<MessageKey, Handler>();
}

function describe(method: HandlerFunction, context: unknown): { readonly handler: Handler; readonly metadata: object } {
	const { kind, static: isStatic, private: isPrivate, name, metadata } = Object(context) as Partial<ClassMethodDecoratorContext>;
	if (kind === undefined)
		throw refused('it is a standard decorator, and this compiler makes others: unset `experimentalDecorators`');
	if (kind !== 'method' || isStatic)
		throw refused(`it goes before methods, and \`${String(name)}\` is ${isStatic ? 'static' : `a ${kind}`}`);
	if (metadata === undefined) throw refused('this compiler gives decorators no metadata');
	// A private method cannot be overridden, nor found by its name.
	if (isPrivate) return { handler: () => method, metadata };
	return { handler: (actor) => (actor as Record<string | symbol, HandlerFunction>)[name as string] as HandlerFunction, metadata };
}

function refused(why: string): InvalidArgumentError {
	return new InvalidArgumentError(
		`@handles() was refused: ${why}. \`Class.handles.add(Type, function (message, sender) {...})\` needs no decorators`,
	);
}
