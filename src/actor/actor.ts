import { ActorNotStartedError, Exit } from '../errors/index.ts';
import type { WaitOptions } from '../internal/wait.ts';
import { registerType } from '../messenger/index.ts';
import type { Kind, Process } from '../process/index.ts';
import type { ActorLife, Delivery } from './actor-life.ts';
import { ActorRef, refOf } from './actor-ref.ts';
import { type ActorClass, actorOf, beginning, startHere } from './beginning.ts';
import { copyHandlers, type HandlingClass, registryOf } from './handler-table.ts';
import type { HandlerRegistry } from './handler-registry.ts';
import { Stop, Stopped } from './requests.ts';
import { type ActorHandle, checkSender, type Sender } from './sender.ts';
import { spawnElsewhere } from './spawn-on.ts';
import { checkKind, type SpawnOn } from './spawn-options.ts';

/**
 * An object that messages can be sent to: it handles one after the other, in the order in which they came, and knows who sent it.
 * Extend it and say which method handles which class of messages, by {@link handles} or `handles.add()`. From the actor post.
 *
 * The nearest class in the prototype chain of a message decides, then {@link OtherMessage}; what has no handler is ignored. An async
 * handler is awaited before the next message. One that throws ends the actor with that error, and rejects whoever called.
 *
 * An actor is a process, see `process`: it can be linked, monitored, supervised and waited for. A failure that nobody is told of is
 * a warning on stderr.
 */
export class Actor implements ActorHandle {
	/** Where `spawnOn()` finds the class, when it is not said there: `static module = import.meta.url`. */
	static module?: URL | string;
	readonly #life: ActorLife | undefined;

	/** Use `spawn()`: an actor that is made with `new` cannot be sent anything. */
	constructor() {
		this.#life = beginning(this, new.target, () => (this.act === Actor.prototype.act ? undefined : () => this.act()));
	}

	/** The handlers of this class, which begin with those of its parent. */
	static get handles(): HandlerRegistry {
		return registryOf(this);
	}

	static set handles(registry: HandlerRegistry) {
		Object.defineProperty(this, 'handles', { value: registry, writable: true, enumerable: true, configurable: true });
	}

	/**
	 * Starts an actor in this thread and returns it. The arguments are those of its constructor, which runs before this returns; what
	 * it throws is thrown here.
	 */
	static spawn<A extends readonly unknown[], T extends Actor>(this: ActorClass<A, T>, ...args: A): T {
		return startHere(this, {}, args);
	}

	/**
	 * Starts an actor in this thread (`'local'`), in a worker thread or in a worker process, and returns its handle at once. If it cannot be
	 * started, that is why its process ends. A worker loads the class from its module, see {@link SpawnOn}.
	 *
	 * @throws OptionError, or DataCloneError for arguments that cannot be sent to a worker
	 */
	static spawnOn<A extends readonly unknown[], T extends Actor>(
		this: ActorClass<A, T>,
		on: Kind | SpawnOn,
		...args: A
	): ActorHandle {
		const options = typeof on === 'string' ? { kind: on } : on;
		checkKind(options?.kind);
		return options.kind === 'local' ? startHere(this, options, args) : spawnElsewhere(this, options, args);
	}

	/**
	 * Makes a registry that begins with the handlers of this class and of others, which need not be actors; the last one wins. A class
	 * that says `static handles = Base.makeHandles(A, B)` has these, whatever it extends, and its own.
	 */
	static makeHandles<T extends Actor = Actor>(...classes: HandlingClass[]): HandlerRegistry<T> {
		return copyHandlers(this, classes);
	}

	/** The process that it is: tells whether it is alive, how it ended, links, monitors, waits for its end, ends it. */
	get process(): Process {
		return this.#started('process').process;
	}

	/**
	 * Puts a message into its mailbox, with who sends it: an actor, a bridge, or null. Never waits. False once it has ended.
	 *
	 * @throws ActorNotStartedError when it was made with `new`
	 */
	send(message: unknown, sender?: Sender | null): boolean {
		const { process } = this.#started('send()');
		return message instanceof Exit ? process.terminate(message) : process.send(message, checkSender(sender));
	}

	/** True for every handle of this actor, wherever it has been. */
	equals(other: unknown): boolean {
		if (other === this) return true;
		return other instanceof Object && 'process' in other && this.process.equals(other.process);
	}

	/**
	 * Takes the next message out of the mailbox, with its sender. Waits for one; while a handler does that, it is the next message
	 * that would have been handled.
	 *
	 * @throws TimeoutError after `timeout` ms (0: at once when there is none), or the reason of the signal
	 * @throws Exit when the actor has been asked to end, or a linked process has ended
	 * @throws ActorNotStartedError when it was made with `new`
	 */
	protected async receive(options?: WaitOptions): Promise<Delivery> {
		return this.#started('receive()').receive(options);
	}

	/**
	 * What the actor does: handle messages until a handler throws {@link Stop}. Override it where a class must do something before,
	 * after, or instead. When it is done, the actor ends; so it does, with the error, when this throws.
	 */
	protected async act(): Promise<void> {
		return this.#started('act()').loop();
	}

	#started(what: string): ActorLife {
		if (this.#life) return this.#life;
		throw new ActorNotStartedError(this.constructor.name, what);
	}
}

Actor.handles.add(Stop, function (this: Actor, stop, sender) {
	sender?.send(new Stopped(), this);
	throw stop;
});

registerType<Actor, Process>(Actor, { name: 'coproc.actor', encode: ({ process }) => process, decode: handleAt });
registerType<ActorRef, Process>(ActorRef, { name: 'coproc.actor/ref', encode: ({ process }) => process, decode: handleAt });

/** At home again, an actor is itself. */
function handleAt(process: Process): never {
	return (actorOf(process) ?? refOf(process)) as never;
}
