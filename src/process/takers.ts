import { Waiter, type WaitOptions } from '../internal/wait.ts';
import type { MessageMatcher } from './match.ts';

/** Someone who waits in `next()`. */
interface Taker {
	readonly matches: MessageMatcher;
	readonly waiter: Waiter<readonly unknown[]>;
}

/** Those who wait in `next()` of one process, in the order in which they came. */
export class Takers {
	#entries: Taker[] = [];

	get isEmpty(): boolean {
		return this.#entries.length === 0;
	}

	/** Waits for a message that matches. `what` names the call in a TimeoutError. */
	wait(what: string, matches: MessageMatcher, options: WaitOptions | undefined): Promise<readonly unknown[]> {
		// With `timeout: 0` it gives up before it is made.
		let own: Taker | undefined;
		const waiter = new Waiter<readonly unknown[]>(what, options, () => {
			this.#entries = this.#entries.filter((each) => each !== own);
		});
		if (!waiter.isDone) this.#entries.push((own = { matches, waiter }));
		return waiter.promise;
	}

	/** Gives a message to the first that waits for it; false when nobody does. */
	give(message: readonly unknown[]): boolean {
		const index = this.#entries.findIndex(({ matches }) => matches(message));
		const [taker] = index < 0 ? [] : this.#entries.splice(index, 1);
		return taker?.waiter.resolve(message) ?? false;
	}

	/** Ends all waits. */
	reject(error: unknown): void {
		for (const { waiter } of this.#entries.splice(0)) waiter.reject(error);
	}
}
