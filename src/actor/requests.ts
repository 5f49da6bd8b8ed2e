import { registerType } from '../messenger/index.ts';

/** Where the type of a reply is written down; nothing is there when the program runs. */
declare const replyType: unique symbol;

/**
 * Base of messages that say what they are answered with: `class GetInventory extends Request<number[]> {}`. Then `call()` knows the type
 * of its reply, and the handler's `sender` takes no other. Nothing but types: any message can be answered.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it is there to be inferred
export abstract class Request<R = unknown> {
	declare readonly [replyType]: R;
}

/** The type of the reply to a message; unknown where the message does not say. */
export type ReplyTo<M> = M extends { readonly [replyType]: infer R } ? R : unknown;

/**
 * Asks an actor to end, after what was sent before: it answers {@link Stopped}. Thrown by a handler, it ends the actor in order. From
 * the actor post.
 */
export class Stop extends Error {
	declare readonly [replyType]: Stopped;

	constructor() {
		super('the actor is to stop');
	}

	static {
		Object.defineProperty(this.prototype, 'name', { value: 'Stop', writable: true, configurable: true });
	}
}

/** What an actor answers to {@link Stop}. From the actor post. */
export class Stopped {}

registerType(Stop, { name: 'coproc.actor/Stop', encode: () => null, decode: () => new Stop() });
registerType(Stopped, { name: 'coproc.actor/Stopped', encode: () => null, decode: () => new Stopped() });
