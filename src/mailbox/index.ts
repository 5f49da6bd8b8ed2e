/*
 * Mailboxes: any thread of a tree sends to a tag, any receives from it; from bocpy's messaging.
 *
 * What is there:
 * - store/  tags as queues in shared words: a journal makes each operation whole or undone, whoever is killed in it
 * - tree/   the memory of a tree, its lock and its bells: a robust mutex in mapped memory, the owner's number among threads
 * - broker/ where there is no such memory: the host of a process does everything on its behalf, over the pipe
 * - post    what a thread sends and receives through; shared-post: who waits in this thread, and when it sleeps; this-post: how a
 *           worker is handed its place by its host
 * - inboxes queues of frames for the layers above, on the same store
 * - mailbox the class; default-mailbox: the functions, on the one that everybody has
 */
export { Inboxes } from './inboxes.ts';
export { drain, ready, receive, receiveBlocking, send, setTags } from './default-mailbox.ts';
export {
	type After,
	Mailbox,
	type MailboxOptions,
	type MailboxSendOptions,
	namedMailbox,
	type Received,
	type TimedOut,
	TIMEOUT,
} from './mailbox.ts';
