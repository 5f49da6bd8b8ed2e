import { InvalidArgumentError } from '../errors/index.ts';
import type { Process } from '../process/index.ts';

/** Whatever messages can be sent to: an actor, a bridge, what a handler is given as its sender, a process. The post's IActor. */
export interface Sender<R = unknown> {
	/**
	 * Puts a message into its mailbox; never waits. `sender` is whom to answer.
	 *
	 * @throws DataCloneError when it lives in another worker and the message cannot be sent there
	 */
	send(message: R, sender?: Sender | null): unknown;
}

/** An actor, wherever it lives. */
export interface ActorHandle extends Sender {
	/** The process that it is: tells whether it is alive, how it ended, links, monitors, waits for its end, ends it. */
	readonly process: Process;
	/** False when this side knows that it has ended. */
	send(message: unknown, sender?: Sender | null): boolean;
	/** True for every handle of the same actor, wherever it has been. */
	equals(other: unknown): boolean;
}

/** The sender as handlers get it. Throws InvalidArgumentError for what nothing can be sent to. */
export function checkSender(sender: unknown): Sender | null {
	if (sender === undefined || sender === null) return null;
	if (typeof (sender as Partial<Sender>).send === 'function') return sender as Sender;
	throw new InvalidArgumentError(
		`send() was refused: its sender must be null or something with a send() method, not ${typeof sender === 'object' ? 'an object without one' : `of type ${typeof sender}`}`,
	);
}
