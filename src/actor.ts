/*
 * coproc/actor: actors, and the bridge to them.
 *
 * The public API, in alphabetical order; no code lives here.
 */
export {
	Actor,
	type ActorHandle,
	ActorNotStartedError,
	type ActorRef,
	type ActorSpawnOptions,
	Bridge,
	type Delivery,
	HandlerRegistry,
	handles,
	type HandlesDecorator,
	type HandlingClass,
	type MessageClass,
	type MessageOf,
	type MessageType,
	OtherMessage,
	registerMessage,
	type ReplyTo,
	Request,
	type Sender,
	type SenderOf,
	type SpawnOn,
	Stop,
	Stopped,
	type TargetedRequest,
} from './actor/index.ts';
