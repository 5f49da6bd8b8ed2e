import { Waiter } from '../internal/wait.ts';
import { here, type ObservedProcess, Process } from '../process/index.ts';
import { ReplyAddress } from './reply-address.ts';
import type { Sender } from './sender.ts';
import { NONE, type Outcome, switchboard } from './switchboard.ts';

/** The process whose end is the end of a target; undefined for what is no process. Throws ActorNotStartedError. */
export function processOf(target: Sender): ObservedProcess | undefined {
	const process = target instanceof Process ? target : (target as { readonly process?: unknown }).process;
	return process instanceof Process ? here().resolve(process) : undefined;
}

/** Sends a request from a bridge. `settle` is called once: with the reply, with why there is none, or when the target is gone. */
export function ask(target: Sender, request: unknown, bridge: number, settle: (outcome: Outcome) => void): number {
	const line = switchboard.nextNumber();
	if (!switchboard.open(line, { target: processOf(target), settle })) return line;
	try {
		target.send(request, new ReplyAddress(undefined, bridge, line));
	} catch (error) {
		switchboard.close(line);
		throw error;
	}
	return line;
}

/** A request with a limit of time. */
export class PendingCall {
	/** How it ended. Rejects with what sending it throws. */
	readonly outcome: Promise<Outcome>;
	readonly #waiter: Waiter<Outcome>;
	#line = 0;

	constructor(target: Sender, request: unknown, bridge: number, timeout: number) {
		this.#waiter = new Waiter<Outcome>('call()', { timeout }, () => switchboard.close(this.#line));
		// The time being up is no error here.
		this.outcome = this.#waiter.promise.catch(() => NONE);
		try {
			this.#line = ask(target, request, bridge, (outcome) => this.#waiter.resolve(outcome));
		} catch (error) {
			this.#waiter.resolve(NONE);
			this.outcome = Promise.reject(error);
		}
		// The time may have been up before there was anything to close.
		if (this.#waiter.isDone) switchboard.close(this.#line);
	}

	/** Gives the request up: nobody waits for its reply. */
	giveUp(): void {
		if (this.#waiter.resolve(NONE)) switchboard.close(this.#line);
	}
}
