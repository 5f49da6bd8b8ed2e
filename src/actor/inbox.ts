import { Waiter } from '../internal/wait.ts';
import { FifoQueue } from '../messenger/index.ts';
import { NONE, type Outcome } from './switchboard.ts';

/** What a bridge was sent and what its requests came to, in the order of arrival; each goes to one who asks for it. */
export class Inbox {
	readonly #outcomes = new FifoQueue<Outcome>();
	#waiting: Waiter<Outcome>[] = [];

	/** True while somebody waits. */
	get isAwaited(): boolean {
		return this.#waiting.length > 0;
	}

	add(outcome: Outcome): void {
		for (let waiter = this.#waiting.shift(); waiter; waiter = this.#waiting.shift()) if (waiter.resolve(outcome)) return;
		this.#outcomes.push(outcome);
	}

	/** Takes the next one; `none` when none comes within `timeout` ms. */
	take(timeout: number): Promise<Outcome> {
		const there = this.#outcomes.shift();
		if (there) return Promise.resolve(there);
		const waiter: Waiter<Outcome> = new Waiter('receiveResponse()', { timeout }, () => {
			this.#waiting = this.#waiting.filter((each) => each !== waiter);
		});
		if (!waiter.isDone) this.#waiting.push(waiter);
		return waiter.promise.catch(() => NONE);
	}
}
