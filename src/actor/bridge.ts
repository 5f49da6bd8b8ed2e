import { checkWaitOptions } from '../internal/wait.ts';
import { Inbox } from './inbox.ts';
import { ask, PendingCall, processOf } from './pending-call.ts';
import { Replies, resultOf, type TargetedRequest } from './replies.ts';
import { ReplyAddress, type ReplyCard } from './reply-address.ts';
import { type ReplyTo, Stop, Stopped } from './requests.ts';
import { checkSender, type Sender } from './sender.ts';
import { type Outcome, switchboard } from './switchboard.ts';

/** Closes what leads to bridges that nobody has any more. */
const collected = new FinalizationRegistry<number>((number) => void switchboard.close(number));
/** Those that somebody waits at: they must not be collected, even when nothing else in the program leads to them. */
const awaited = new Set<Bridge>();

/**
 * Lets code that is no actor talk to actors: asks and awaits the reply, or is sent messages itself. From the actor post.
 *
 * Each reply belongs to its request: one that comes late is dropped and answers no other. A request that an actor fails at rejects with
 * that error; an actor that is dead, or dies, gives the default at once. A bridge needs no closing, and keeps nothing alive.
 */
export class Bridge extends ReplyAddress {
	readonly #number: number;
	readonly #inbox = new Inbox();
	#isOpen = false;

	constructor() {
		const number = switchboard.nextNumber();
		super(undefined, number, number);
		this.#number = number;
	}

	/** Other workers can send to it from now on, as long as anybody here has it. @internal */
	override get card(): ReplyCard {
		if (!this.#isOpen) this.#open();
		return super.card;
	}

	/** Puts a message into its mailbox, for {@link receiveResponse}. So can actors: send them the bridge, or name it as the sender. */
	override send(message: unknown, sender?: Sender | null): boolean {
		checkSender(sender);
		this.#inbox.add({ type: 'reply', value: message });
		return true;
	}

	/**
	 * Sends a request and resolves to the reply. To `fallback` (undefined by default) when none comes within `timeout` ms, and at
	 * once when the actor is dead or ends without a reply.
	 *
	 * The handler answers by `sender.send(reply, this)`. Rejects at once with the error of the handler if that throws.
	 *
	 * @throws DataCloneError when the target lives in another worker and the request cannot be sent there
	 * @throws ActorNotStartedError for a target that was made with `new`
	 */
	async call<Q, D = undefined>(target: Sender, request: Q, timeout: number, fallback?: D): Promise<ReplyTo<Q> | D> {
		checkWaitOptions('call', { timeout });
		const { outcome } = new PendingCall(target, request, this.#number, timeout);
		return resultOf(await outcome, fallback) as ReplyTo<Q> | D;
	}

	/**
	 * Sends several requests and gives their replies in the order of their arrival, `fallback` for each that is not answered within
	 * `timeout` ms or whose actor is dead. They are sent when the first reply is asked for. One that fails rejects one `next()`; the
	 * others can still be had by another.
	 */
	multiCall<Q, D = undefined>(
		requests: Iterable<TargetedRequest<Q>>,
		timeout: number,
		fallback?: D,
	): AsyncIterableIterator<ReplyTo<Q> | D> {
		checkWaitOptions('multiCall', { timeout });
		return new Replies<ReplyTo<Q> | D>(requests, this.#number, { timeout, fallback: fallback as D });
	}

	/**
	 * Asks actors to end, and resolves when they have: to one reply for each, in the order of `actors`. It is undefined for an actor
	 * that was dead already, or has not answered within `timeout` ms; that one is not ended by force. Rejects, when all others have
	 * ended, with the error of a handler of {@link Stop} that throws.
	 */
	async stop(actors: Iterable<Sender>, timeout: number): Promise<(Stopped | undefined)[]> {
		checkWaitOptions('stop', { timeout });
		const stopping = Array.from(actors, (actor) => this.#stopOne(actor, timeout));
		const ends = await Promise.allSettled(stopping);
		return ends.map((end) => {
			if (end.status === 'rejected') throw end.reason;
			return end.value;
		});
	}

	/** Sends a request whose reply {@link receiveResponse} gives. */
	sendRequest(target: Sender, request: unknown): void {
		const inbox = this.#inbox;
		ask(target, request, this.#number, (outcome) => inbox.add(outcome));
	}

	/**
	 * Resolves to the next message of the bridge's mailbox: replies to {@link sendRequest} and what it was sent, in the order of arrival.
	 * To `fallback` when none comes within `timeout` ms, and for a request whose actor is dead. Rejects with the error of a
	 * handler that threw at a request. Replies to `call()` are never among them.
	 */
	async receiveResponse(timeout: number, fallback?: unknown): Promise<unknown> {
		checkWaitOptions('receiveResponse', { timeout });
		awaited.add(this);
		try {
			return resultOf(await this.#inbox.take(timeout), fallback);
		} finally {
			if (!this.#inbox.isAwaited) awaited.delete(this);
		}
	}

	#open(): void {
		this.#isOpen = true;
		collected.register(this, this.#number);
		const inbox = new WeakRef(this.#inbox);
		const settle = (outcome: Outcome): void => inbox.deref()?.add(outcome);
		switchboard.open(this.#number, { target: undefined, owner: new WeakRef(this), settle });
	}

	async #stopOne(actor: Sender, timeout: number): Promise<Stopped | undefined> {
		const begun = performance.now();
		const reply = await this.call(actor, new Stop(), timeout);
		// The reply comes before the end.
		if (reply instanceof Stopped) await processOf(actor)?.wait({ timeout: Math.max(0, timeout - (performance.now() - begun)) });
		return reply;
	}
}
