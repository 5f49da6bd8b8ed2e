import { Waiter, type WaitOptions } from '../internal/wait.ts';
import type { Channel } from './channel.ts';

interface Pending {
	readonly waiter: Waiter<unknown>;
	readonly channel: Channel;
}

/**
 * The requests of this side that wait in `request()`, by number.
 *
 * One given up by timeout or abort stays, so that it counts until its late reply comes, which is then dropped.
 */
export class Requests {
	readonly #pending = new Map<number, Pending>();
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
		const waiter = new Waiter<unknown>('request()', options);
		this.#pending.set(id, { waiter, channel });
		return waiter.promise;
	}

	/** Hands over the reply to request `id`; false when nobody waited for that one. */
	settle(id: number, reply: { value: unknown } | { failure: unknown }): boolean {
		const pending = this.#pending.get(id);
		if (!pending) return false;
		this.#pending.delete(id);
		pending.channel.outstanding -= 1;
		if (!pending.waiter.isDone) pending.channel.repliesReceived += 1;
		if ('value' in reply) pending.waiter.resolve(reply.value);
		else pending.waiter.reject(reply.failure);
		return true;
	}

	/** Rejects every request that waits. True when there was one. */
	rejectAll(error: unknown): boolean {
		let didReject = false;
		for (const { waiter } of this.#pending.values()) didReject = waiter.reject(error) || didReject;
		this.#pending.clear();
		return didReject;
	}
}
