import type { WaitOptions } from '../internal/wait.ts';
import { type After, type AnyReceiveOptions, defaultMailbox, type Received, type TimedOut } from './mailbox.ts';
import { registerMailboxExtension } from './this-post.ts';

registerMailboxExtension();

const mailbox = defaultMailbox();

/** As {@link Mailbox.send}, on the mailbox that the whole tree shares; bocpy's `send`. */
export function send(tag: string, contents: unknown): void {
	mailbox.send(tag, contents);
}

/** As {@link Mailbox.ready}, on the mailbox that the whole tree shares. */
export function ready(tag: string, options?: WaitOptions): Promise<void> {
	return mailbox.ready(tag, options);
}

/** As {@link Mailbox.receive}, on the mailbox that the whole tree shares; bocpy's `receive`, with the timeout in milliseconds. */
export function receive(
	tags: string | readonly string[],
	options?: WaitOptions & { after?: undefined },
): Promise<Received | TimedOut>;
export function receive<R>(
	tags: string | readonly string[],
	options: WaitOptions & After<R>,
): Promise<Received | Awaited<R>>;
export function receive(tags: string | readonly string[], options?: AnyReceiveOptions): Promise<unknown> {
	return mailbox.receive(tags, options as WaitOptions);
}

/** As {@link Mailbox.receiveBlocking}, on the mailbox that the whole tree shares. */
export function receiveBlocking(
	tags: string | readonly string[],
	options?: { timeout?: number; after?: undefined },
): Received | TimedOut;
export function receiveBlocking<R>(tags: string | readonly string[], options: { timeout?: number } & After<R>): Received | R;
export function receiveBlocking(
	tags: string | readonly string[],
	options?: AnyReceiveOptions,
): unknown {
	return mailbox.receiveBlocking(tags, options as WaitOptions);
}

/** As {@link Mailbox.setTags}, on the mailbox that the whole tree shares; bocpy's `set_tags`. */
export function setTags(tags: readonly string[]): void {
	mailbox.setTags(tags);
}

/** As {@link Mailbox.drain}, on the mailbox that the whole tree shares; bocpy's `drain`, which tells no number. */
export function drain(tags: string | readonly string[]): number {
	return mailbox.drain(tags);
}
