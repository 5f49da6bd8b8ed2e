import type { WaitOptions } from '../internal/wait.ts';
import { type AnyReceiveOptions, defaultMailbox, type Mailbox, type MailboxSendOptions } from './mailbox.ts';
import { registerMailboxExtension } from './this-post.ts';

registerMailboxExtension();

const mailbox = defaultMailbox();

/** As {@link Mailbox.send}, on the mailbox that the whole tree shares; bocpy's `send`. */
export function send(tag: string, contents: unknown, options?: MailboxSendOptions): void {
	mailbox.send(tag, contents, options);
}

/** As {@link Mailbox.ready}, on the mailbox that the whole tree shares. */
export function ready(tag: string, options?: WaitOptions): Promise<void> {
	return mailbox.ready(tag, options);
}

/** As {@link Mailbox.receive}, on the mailbox that the whole tree shares; bocpy's `receive`, with the timeout in milliseconds. */
export const receive: Mailbox['receive'] = (tags: string | readonly string[], options?: AnyReceiveOptions): Promise<never> =>
	mailbox.receive(tags, options as WaitOptions) as Promise<never>;

/** As {@link Mailbox.receiveBlocking}, on the mailbox that the whole tree shares. */
export const receiveBlocking: Mailbox['receiveBlocking'] = (
	tags: string | readonly string[],
	options?: AnyReceiveOptions,
): never => mailbox.receiveBlocking(tags, options as WaitOptions) as never;

/** As {@link Mailbox.setTags}, on the mailbox that the whole tree shares; bocpy's `set_tags`. */
export function setTags(tags: readonly string[]): void {
	mailbox.setTags(tags);
}

/** As {@link Mailbox.drain}, on the mailbox that the whole tree shares; bocpy's `drain`, which tells no number. */
export function drain(tags: string | readonly string[]): number {
	return mailbox.drain(tags);
}
