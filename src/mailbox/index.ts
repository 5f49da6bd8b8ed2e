/*
 * Mailboxes: any thread of a tree sends to a tag, any receives from it; from bocpy's messaging.
 *
 * What is there:
 * - store/  tags as queues in shared words: a journal makes each operation whole or undone, whoever is killed in it
 * - tree/   the memory of a tree, its lock and its bells: a robust mutex in mapped memory, the owner's number among threads
 * - post    who waits in this thread, and when it sleeps; this-post: how a worker is handed its place by its host
 * - mailbox the class; default-mailbox: the functions, on the one that everybody has
 *
 * Nothing is relayed by the host. Where memory cannot be shared with a process, mailboxes refuse there: there is no broker yet.
 */
export { drain, ready, receive, receiveBlocking, send, setTags } from './default-mailbox.ts';
export { type After, Mailbox, type MailboxOptions, type Received, type TimedOut, TIMEOUT } from './mailbox.ts';
