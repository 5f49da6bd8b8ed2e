import { MultiMessenger } from './multi-messenger.ts';

/**
 * A messenger whose channels give back lower priorities first, FIFO among equals, across everything delivered so far.
 *
 * The priority comes from `options.priority` of the send, else from the payload's own numeric `priority` property, else it is
 * +Infinity: last. The face is that of MultiMessenger. From coproc's PriorityMessenger.
 */
export class PriorityMessenger extends MultiMessenger {
	/** @internal */
	static override readonly order = 'priority';
}
