import { Exit } from '../errors/index.ts';
import type { WaitOptions } from '../internal/wait.ts';
import { etc, type LocalProcess, Process, reasonOf } from '../process/index.ts';
import { handlerFor, type HandlingClass, isHandled } from './handler-table.ts';
import type { HandlerFunction } from './handler-registry.ts';
import { ReplyAddress } from './reply-address.ts';
import { Stop } from './requests.ts';
import { checkSender, type Sender } from './sender.ts';

/** A message and who has sent it. */
export type Delivery = [message: unknown, sender: Sender | null];

/** Messages of an actor are those of its process: what was sent, then the sender. An exit is never one of them. */
const MESSAGE = [(value: unknown) => !(value instanceof Exit), etc] as const;

/** What a life needs of its actor. */
export interface ActorFacts {
	readonly actor: object;
	/** Its class. */
	readonly type: HandlingClass;
	/** What it does in the place of handling messages, if it overrides `act()`. */
	readonly ownAct: () => (() => unknown) | undefined;
}

/** An actor at work: what its process does with messages. */
export class ActorLife {
	readonly process: LocalProcess;
	readonly #facts: ActorFacts;
	/** Who has sent what `act()` works at. */
	#sender: Sender | null = null;

	constructor(process: LocalProcess, facts: ActorFacts) {
		this.process = process;
		this.#facts = facts;
	}

	/** Begins, as the target of the process. */
	begin(): unknown {
		if (isHandled(this.#facts.type, Exit.prototype)) this.#handleExits();
		const act = this.#facts.ownAct();
		if (act) return this.#run(act);
		// The process itself handles one message after the other: no wait for each.
		this.process.receive(MESSAGE, (message, sender) => this.#handle(message, sender));
		// A message without any part is none of an actor's.
		return this.process.receive([], () => {});
	}

	/** The next message, in the order in which they came. */
	async receive(options?: WaitOptions): Promise<Delivery> {
		const [message, sender] = await this.process.next(MESSAGE, options);
		this.#sender = senderOf(sender);
		return [message, this.#sender];
	}

	/** Receives and handles one message after the other until a handler throws {@link Stop}. */
	async loop(): Promise<void> {
		try {
			for (;;) {
				const [message, sender] = await this.receive();
				await this.#handlerOf(message)?.call(this.#facts.actor, message, sender);
				this.#sender = null;
			}
		} catch (thrown) {
			if (!(thrown instanceof Stop)) throw thrown;
		}
	}

	/** The actor ends when `act` is done. */
	async #run(act: () => unknown): Promise<never> {
		try {
			await act();
		} catch (thrown) {
			throw this.#failed(thrown, this.#sender);
		}
		throw new Exit();
	}

	/** Ends of linked processes, and orders to end, are told to an actor that has a handler for Exit itself. */
	#handleExits(): void {
		this.process.receive([Exit, Process], (exit, from) => this.#handle(exit, from));
		this.process.receive([Exit], (exit) => this.#handle(exit, null));
	}

	#handle(message: unknown, from: unknown): unknown {
		const sender = senderOf(from);
		let result: unknown;
		try {
			result = this.#handlerOf(message)?.call(this.#facts.actor, message, sender);
		} catch (thrown) {
			throw this.#failed(thrown, sender);
		}
		if (typeof (result as Partial<PromiseLike<unknown>> | undefined | null)?.then !== 'function') return undefined;
		return Promise.resolve(result).catch((thrown: unknown) => {
			throw this.#failed(thrown, sender);
		});
	}

	#handlerOf(message: unknown): HandlerFunction | undefined {
		const { actor, type } = this.#facts;
		return handlerFor(type, message)?.(actor);
	}

	/** Tells the caller why it gets no reply. Returns what ends the process. */
	#failed(thrown: unknown, sender: Sender | null): unknown {
		if (thrown instanceof Stop) return new Exit();
		// An exit is an order to end, not a failure: the caller is told of the end.
		if (thrown instanceof Exit) return thrown;
		const reason = reasonOf(thrown);
		if (sender instanceof ReplyAddress && sender.fail(reason)) this.process.noteTold();
		return reason;
	}
}

/** What a process sends to an actor may have anything where the sender goes. */
function senderOf(from: unknown): Sender | null {
	try {
		return checkSender(from);
	} catch {
		return null;
	}
}
