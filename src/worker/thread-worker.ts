import type { ThreadLaunch } from '../messenger/index.ts';
import { attachSharedRegion } from '../ringbuf/index.ts';
import { type FrameSink, PortBell, PortChannel, RingTransport, StreamTransport, type Transport } from '../transport/index.ts';
import { serve } from './serve.ts';
import { printDirectly } from './thread-stdio.ts';

/** Serves the host of this thread over the ring or the port that it was handed. */
export function serveThread(launch: ThreadLaunch): void {
	printDirectly(launch);
	serve({ terms: launch.terms, transport: (sink) => openTransport(launch, sink) });
}

function openTransport({ kind, reason, memory, ports, terms }: ThreadLaunch, sink: FrameSink): Transport {
	const { maxMessageBytes } = terms.limits;
	if (kind === 'port') {
		const channel = (listener: ConstructorParameters<typeof PortChannel>[3]): PortChannel =>
			new PortChannel(ports, memory, 1, listener);
		return new StreamTransport({ channel, sink, ringBytes: terms.ringBytes, maxMessageBytes, kind, reason });
	}
	const region = attachSharedRegion(memory);
	const bell = (listener: ConstructorParameters<typeof PortBell>[1]): PortBell => new PortBell(ports, listener, true);
	return new RingTransport({ region, endpoint: 1, sink, bell, latency: terms.latency, maxMessageBytes, kind, reason });
}
