/*
 * Messages over frames: channels, priorities, requests and replies, errors and close requests, and their counters.
 *
 * This layer does not know who the peer is or where it runs. Its promises:
 * - what arrived is delivered before the end is told; every wait ends, with a message or with an error;
 * - a send that throws has sent nothing and changed no counter;
 * - bytes count against the sender's limits until the peer's program has popped them.
 *
 * Outgoing and Incoming are the halves of a messenger, MessengerCore holds them together, MultiMessenger is their face.
 */
export type { ChannelId } from './channel-id.ts';
export { type RegisteredClass, registeredName, registerType, type TypeCodec, ValueDecoder, ValueEncoder } from './codec/index.ts';
export {
	type HandedExtension,
	KIND_READY,
	KIND_START,
	KIND_START_FAILED,
	KIND_UNCAUGHT,
	type StartFailure,
	type StartOrder,
	type WireTarget,
} from './control.ts';
export {
	acceptExtensions,
	extensionOfType,
	type ExtensionOffer,
	extensionsAnswered,
	handExtension,
	type HostContact,
	type HostExtension,
	loadExtension,
	meetHost,
	meetWorker,
	registerHostExtension,
	registerWorkerExtension,
	theHost,
	type WorkerContact,
	type WorkerExtension,
} from './extension/index.ts';
export { CODEC_SHIFT, FLAG_LOCAL_SHAPES } from './envelope.ts';
export { portableError } from './fault.ts';
export { FifoQueue } from './fifo-queue.ts';
export { registerMessengerEnds } from './handoff.ts';
export type { Message } from './message.ts';
export { checkDetachable, type MessageLink, type PrefixWriter } from './message-link.ts';
export { DEFAULT_LIMITS, MessengerCore, type MessengerCoreOptions, type MessengerLimits } from './messenger-core.ts';
export { MultiMessenger } from './multi-messenger.ts';
export type { MessengerClass, PairOptions } from './pair.ts';
export { PriorityMessenger } from './priority-messenger.ts';
export { PriorityQueue } from './priority-queue.ts';
export type { SendOptions } from './send-options.ts';
export { expandTransfer, isHandable } from './transfer-list.ts';
export { type LinkTerms, MEMORY_FD, type ProcessLaunch, type RelayLaunch, SOCKET_FD, type ThreadLaunch } from './launch.ts';
