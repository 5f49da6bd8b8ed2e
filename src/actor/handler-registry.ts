import { InvalidArgumentError } from '../errors/index.ts';
import { registerMessage } from './message-class.ts';
import { keyOf, type MessageKey, type MessageOf, type MessageType, OtherMessage, type SenderOf } from './message-type.ts';
import type { Sender } from './sender.ts';

/** What an actor does with the messages of one type. */
export type HandlerFunction = (this: object, message: unknown, sender: Sender | null) => unknown;

/** Finds the function for an actor: a method that a class overrides is called as it is there. */
export type Handler = (actor: object) => HandlerFunction;

/** Handlers by the type of their messages. */
export type HandlerMap = ReadonlyMap<MessageKey, Handler>;

let changes = 0;

/** Changes whenever handlers were added anywhere, so that tables know when they are out of date. */
export function handlerChanges(): number {
	return changes;
}

/** Takes note of handlers that were added. */
export function countChange(): void {
	changes += 1;
}

/** The handlers of a class of actors: `Class.handles`. From the actor post's HandlerRegistry. */
export class HandlerRegistry<T extends object = object> {
	/** What `makeHandles()` has copied into it; undefined: the class has what its parent has. */
	readonly inherited: HandlerMap | undefined;
	readonly #added = new Map<MessageKey, Handler>();

	/** Use `makeHandles()`. @internal */
	constructor(inherited?: HandlerMap) {
		this.inherited = inherited;
	}

	/** What was added to this very registry. @internal */
	get added(): HandlerMap {
		return this.#added;
	}

	/**
	 * Adds a handler for the messages of a class and of those that extend it; in the handler, `this` is the actor. One that is
	 * added later for the same class replaces it. The class keeps its name in messages to other workers, see {@link registerMessage}.
	 * Returns the registry.
	 *
	 * @throws InvalidArgumentError for what is no class, or no function
	 */
	// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a handler may say what its `this` is
	add<M extends MessageType, A extends object = T>(
		type: M,
		handler: (this: A, message: MessageOf<M>, sender: SenderOf<M>) => unknown,
	): this {
		const key = keyOf(type);
		if (typeof handler !== 'function') throw new InvalidArgumentError('a handler was refused: it is no function');
		claimType(type);
		this.#added.set(key, () => handler as HandlerFunction);
		countChange();
		return this;
	}
}

/** Lets the messages of a type that has a handler travel. */
export function claimType(type: MessageType): void {
	if (type !== OtherMessage) registerMessage(type as abstract new (...args: never[]) => object);
}
