/*
 * The memory of a tree's mailboxes: who makes it, how others get at it, its lock and its bells.
 *
 * The first participant makes it: memory for processes where the C library can be reached, memory of the process's threads elsewhere.
 * Everyone else is handed a ticket by its host. A thread never waits in native code, so it can be terminated at any time.
 */
export { type RingerLaunch, wakeThread } from './pipe-bell.ts';
export { Tree, type TreeTicket } from './tree.ts';
