import { Waiter, type WaitOptions } from '../internal/wait.ts';
import type { Channel } from './channel.ts';

/** Someone who waits in `request()`. */
class Requester extends Waiter<unknown> {
	readonly channel: Channel;

	constructor(channel: Channel, options: WaitOptions | undefined) {
		super('request()', options);
		this.channel = channel;
	}
}

/**
 * The requests of this side that wait in `request()`, by number.
 *
 * One given up by timeout or abort stays, so that it counts until its late reply comes, which is then dropped.
 */
export class Requests {
	readonly #pending = new Map<number, Requester>();
	#lastId = 0;

	/** The number of the next request; never 0. Counts once the request was sent, see {@link take}. */
	nextId(): number {
		return (this.#lastId + 1) >>> 0 || 1;
	}

	/** Notes that a request with the number of {@link nextId} was sent. */
	take(): number {
		this.#lastId = this.nextId();
		return this.#lastId;
	}

	/** The number of the last request sent. */
	get lastId(): number {
		return this.#lastId;
	}

	/** Waits for the reply to request `id`. */
	wait(id: number, channel: Channel, options?: WaitOptions): Promise<unknown> {
		const requester = new Requester(channel, options);
		this.#pending.set(id, requester);
		return requester.promise;
	}

	/** Hands over the reply to request `id`; false when nobody waited for that one. */
	settle(id: number, reply: { value: unknown } | { failure: unknown }): boolean {
		const requester = this.#pending.get(id);
		if (!requester) return false;
		this.#pending.delete(id);
		requester.channel.outstanding -= 1;
		if (!requester.isDone) {
			requester.channel.repliesReceived += 1;
			requester.channel.messagesReceived += 1;
		}
		if ('value' in reply) requester.resolve(reply.value);
		else requester.reject(reply.failure);
		return true;
	}

	/** Rejects every request that waits. True when there was one. */
	rejectAll(error: unknown): boolean {
		let didReject = false;
		for (const requester of this.#pending.values()) didReject = requester.reject(error) || didReject;
		this.#pending.clear();
		return didReject;
	}
}
