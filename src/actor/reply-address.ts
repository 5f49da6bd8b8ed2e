import { registerType } from '../messenger/index.ts';
import { here, type Process, RemoteProcess } from '../process/index.ts';
import { pack } from './parcel.ts';
import { checkSender, type Sender } from './sender.ts';
import { switchboard } from './switchboard.ts';

/** Where the replies to one request go, and what is sent to a bridge of another worker. */
export interface ReplyCard {
	/** The process that takes them in, where the bridge is. */
	readonly process: Process;
	readonly bridge: number;
	readonly line: number;
}

/**
 * The sender of what a bridge sends: a reply to it answers that request, the first one only, and none when nobody waits for it any
 * more.
 */
export class ReplyAddress implements Sender {
	readonly #process: RemoteProcess | undefined;
	readonly #bridge: number;
	readonly #line: number;

	/** @param process where the bridge is, when that is another worker */
	constructor(process: RemoteProcess | undefined, bridge: number, line: number) {
		this.#process = process;
		this.#bridge = bridge;
		this.#line = line;
	}

	/** How it is known everywhere. @internal */
	get card(): ReplyCard {
		return { process: this.#process ?? switchboard.process(), bridge: this.#bridge, line: this.#line };
	}

	/** Answers; false when this side knows that nobody waits for it. */
	send(message: unknown, sender?: Sender | null): boolean {
		checkSender(sender);
		// Who answers is known to whoever asked.
		return this.#process
			? this.#process.send(this.#line, 'reply', pack(message))
			: switchboard.take(this.#line, 'reply', message);
	}

	/** Rejects the request, on behalf of the actor that could not answer. False when nobody is told of it. @internal */
	fail(reason: unknown): boolean {
		// What was no request has nobody who waits.
		if (this.#line === this.#bridge) return false;
		if (!this.#process) return switchboard.take(this.#line, 'failure', reason);
		try {
			return this.#process.send(this.#line, 'failure', pack(here().portable(reason)));
		} catch {
			// It cannot be packed, or too much waits to leave. The end of the actor is told, so the caller does not wait.
			return false;
		}
	}

	/** True for whatever leads to the same bridge. */
	equals(other: unknown): boolean {
		if (!(other instanceof ReplyAddress) || this.#bridge !== other.#bridge) return false;
		return this.#process ? this.#process.equals(other.#process) : other.#process === undefined;
	}
}

registerType<ReplyAddress, ReplyCard>(ReplyAddress, {
	name: 'coproc.actor/reply',
	encode: ({ card }) => card,
	decode: ({ process, bridge, line }) => {
		const elsewhere = process instanceof RemoteProcess ? process : undefined;
		const owner = elsewhere ? undefined : switchboard.ownerOf(line);
		// At home again, a bridge is itself.
		return owner instanceof ReplyAddress ? owner : new ReplyAddress(elsewhere, bridge, line);
	},
});
