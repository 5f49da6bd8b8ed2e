/*
 * Actors after the actor post: objects that messages are sent to, which handle one after the other by the class of the message,
 * in this thread, in a worker thread or in a worker process. A bridge lets other code ask them and await replies.
 *
 * An actor is a process (see ../process): its mailbox, its end and who is told of it are that. What is here says which method takes
 * which message, brings replies to the requests they answer, and lets classes of messages travel. Promises: a reply answers its
 * own request or nothing; who asks an actor that fails, ends or is killed is told at once.
 */
export { ActorNotStartedError, Exit } from '../errors/index.ts';
export { Actor } from './actor.ts';
export type { ActorRef } from './actor-ref.ts';
export type { Delivery } from './actor-life.ts';
export { Bridge } from './bridge.ts';
export { HandlerRegistry } from './handler-registry.ts';
export type { HandlingClass } from './handler-table.ts';
export { handles, type HandlesDecorator } from './handles.ts';
export { type MessageClass, registerMessage } from './message-class.ts';
export { type MessageOf, type MessageType, OtherMessage, type SenderOf } from './message-type.ts';
export type { TargetedRequest } from './replies.ts';
export { type ReplyTo, Request, Stop, Stopped } from './requests.ts';
export type { ActorHandle, Sender } from './sender.ts';
export type { ActorSpawnOptions, SpawnOn } from './spawn-options.ts';
