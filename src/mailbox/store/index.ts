/*
 * The store of a tree's mailboxes: tags as queues in memory that all participants share.
 *
 * It knows no processes, threads or codecs: it is given words and bytes, a lock, and a way to wake a participant. Its promises:
 * - an operation happens as a whole or not at all, also when its thread is killed in the middle;
 * - a message that is in a queue has been told to everyone who waits for it, or will be;
 * - memory goes back to the arena whoever dies: a message belongs to a tag, to a participant's slot, or to the dead ones.
 */
export { SIZES, sizeFor, wordsOf } from './arena.ts';
export * as layout from './layout.ts';
export { charge } from './messages.ts';
export { type Lock, probeStack } from './lock.ts';
export type { StoreMemory } from './parts.ts';
export type { Participant, Ring } from './slots.ts';
export { type BoxKey, type TagKey, TagKeys } from './tag-key.ts';
export { type Outgoing, TagStore } from './tag-store.ts';
export { newWait, type TagWait, type TakenMessage, type WaitOutcome } from './tag-wait.ts';
