/*
 * Frames to one peer: over rings in shared memory, or over a pipe (a socket between processes, a port between threads).
 *
 * This layer does not know what a frame means. Its promises, the same for every transport:
 * - sends never block the event loop; what has no room waits in an outbox, and nothing sleeps while it could go;
 * - frames of one lane keep their order; large ones travel in fragments, and small ones of other lanes pass them;
 * - what the peer published before it died is handed over before `onPeerGone`;
 * - idle costs nothing: no timer, no polling outside the hot window.
 */
export type { Bell, BellListener } from './bell.ts';
export type { ChannelListener } from './byte-channel.ts';
export { HotWindow } from './hot-window.ts';
export { choose, type Choice, negotiateAsWorker, type Offer, readOffer, sendChoice } from './negotiate.ts';
export { asLinkPorts, type LinkPorts, listPorts, makeLinkPorts } from './link-ports.ts';
export { PortBell } from './port-bell.ts';
export { PORT_WAKE_BYTES, PortChannel } from './port-channel.ts';
export { processors } from './processors.ts';
export { Relay, type RelayOptions, waitUntilRelayed } from './relay.ts';
export { RingTransport, type RingTransportOptions } from './ring-transport.ts';
export { type BellSocket, openSocket, SocketBell } from './socket-bell.ts';
export { SocketChannel } from './socket-channel.ts';
export { StreamTransport, type StreamTransportOptions } from './stream-transport.ts';
export {
	type FrameBytes,
	type FrameSink,
	KIND_MASK,
	type Lane,
	type Latency,
	type Transport,
	type TransportInfo,
	type TransportKind,
} from './transport.ts';
