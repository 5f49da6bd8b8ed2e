import { InvalidArgumentError } from '../errors/index.ts';
import type { Matched } from '../process/index.ts';
import type { ReplyTo } from './requests.ts';
import type { Sender } from './sender.ts';

/** Stands for messages that no other handler takes. From the actor post. */
export const OtherMessage: unique symbol = Symbol.for('coproc.other-message');

/** What a handler is for: a class, `String`, `Number` and the like for primitive values, or {@link OtherMessage}. */
export type MessageType =
	| (abstract new (
			...args: never[]
	  ) => object)
	| BigIntConstructor
	| SymbolConstructor
	| typeof OtherMessage;

/** The messages of a type. */
export type MessageOf<M extends MessageType> = M extends typeof OtherMessage ? unknown : Matched<M>;

/** Who has sent a message of a type: takes what that is answered with. */
export type SenderOf<M extends MessageType> = Sender<ReplyTo<MessageOf<M>>> | null;

/** What handlers are found by: the prototype of a class. */
export type MessageKey = object | typeof OtherMessage;

/** Throws InvalidArgumentError for what is no class. */
export function keyOf(type: unknown): MessageKey {
	if (type === OtherMessage) return type;
	const { prototype } = (typeof type === 'function' ? type : {}) as { readonly prototype?: unknown };
	// That of Function is a function.
	if ((typeof prototype === 'object' && prototype !== null) || typeof prototype === 'function') return prototype;
	const got = type === null ? 'null' : typeof type;
	throw new InvalidArgumentError(`a handler was refused: it must be for a class of messages or for OtherMessage, not for ${got}`);
}

/** Where the search for the handler of a message begins; null goes to {@link OtherMessage} at once. */
export function prototypeOf(message: unknown): object | null {
	if (message === undefined || message === null) return null;
	return Object.getPrototypeOf(Object(message)) as object | null;
}
