import { MessageChannel, type MessagePort } from 'node:worker_threads';

/*
 * The ports of a link between threads.
 *
 * What a port brings is also looked for without the event loop, by receiveMessageOnPort(). In Deno a port with a listener holds
 * one message that has left its queue and that the listener has not been handed: looking would miss it and find the one
 * behind it first. So there a second port without a listener brings what matters, and the first one only says that it came.
 */

/** The ports of one end. */
export interface LinkPorts {
	/** Has a listener. */
	readonly port: MessagePort;
	/** Brings objects and chunks, in order; the same port wherever a listener hides nothing. */
	readonly lane: MessagePort;
}

/** Makes the ports of both ends of a link. */
export function makeLinkPorts(isLaneApart = process.versions['deno'] !== undefined): readonly [LinkPorts, LinkPorts] {
	const { port1, port2 } = new MessageChannel();
	if (!isLaneApart) return [asLinkPorts(port1), asLinkPorts(port2)];
	const lanes = new MessageChannel();
	return [
		{ port: port1, lane: lanes.port1 },
		{ port: port2, lane: lanes.port2 },
	];
}

/** One port for everything. */
export function asLinkPorts(port: MessagePort): LinkPorts {
	return { port, lane: port };
}

/** The ports as a transfer list, which must name none twice. */
export function listPorts({ port, lane }: LinkPorts): MessagePort[] {
	return port === lane ? [port] : [port, lane];
}
