/*
 * coproc/mailbox: tags that any worker of a tree sends to and receives from.
 *
 * The public API; no code lives here.
 */
export {
	type After,
	drain,
	Mailbox,
	type MailboxOptions,
	type MailboxSendOptions,
	namedMailbox,
	ready,
	receive,
	receiveBlocking,
	type Received,
	send,
	setTags,
	type TimedOut,
	TIMEOUT,
} from './mailbox/index.ts';
