import { isMainThread } from 'node:worker_threads';

import { DataCloneError, MessengerClosedError, OptionError, WorkerExitedError } from '../errors/index.ts';
import { attachSharedRegion, createSharedRegion, DEFAULT_RING_BYTES, type Endpoint, isRingBytes } from '../ringbuf/index.ts';
import { type Latency, type LinkPorts, listPorts, makeLinkPorts, PortBell, RingTransport } from '../transport/index.ts';
import { DEFAULT_LIMITS, MessengerCore, type MessengerLimits } from './messenger-core.ts';
import type { MultiMessenger } from './multi-messenger.ts';
import { markHandable } from './transfer-list.ts';

/** Options of a pair of messengers. */
export interface PairOptions extends Partial<MessengerLimits> {
	/** Size of each of the two rings: a power of two, in bytes. */
	ringBytes?: number;
	/** How eagerly both ends look for work before they sleep. */
	latency?: Latency;
}

/** MultiMessenger or a subclass of it. */
export interface MessengerClass<T extends MultiMessenger = MultiMessenger> {
	/** @internal */
	readonly order: 'fifo' | 'priority';
	new (open: () => MessengerCore): T;
}

/** One end of a pair as it travels to another thread. */
export interface PairEnd {
	readonly memory: SharedArrayBuffer;
	readonly ports: LinkPorts;
	readonly endpoint: Endpoint;
	readonly order: 'fifo' | 'priority';
	readonly limits: MessengerLimits;
	readonly latency: Latency;
}

/** The ends of this thread that can still be handed over, and whether the message under way does so. */
const ends = new WeakMap<MultiMessenger, { readonly end: PairEnd; isLeaving: boolean }>();

/** Makes two connected messengers of the given class. */
export function openPair<T extends MultiMessenger>(Class: MessengerClass<T>, options: PairOptions = {}): [T, T] {
	const { ringBytes = DEFAULT_RING_BYTES, latency = 'balanced', ...limits } = options;
	if (!isRingBytes(ringBytes)) {
		throw new OptionError({
			subject: 'pair',
			option: 'ringBytes',
			problem: `must be a power of two from 4096 to 67108864, not ${ringBytes}`,
		});
	}
	const { memory } = createSharedRegion(ringBytes);
	const [first, second] = makeLinkPorts();
	// An unused end must not keep the program running.
	first.port.unref();
	second.port.unref();
	const common = { memory, order: Class.order, limits: { ...DEFAULT_LIMITS, ...limits }, latency };
	return [
		openEnd(Class, { ...common, ports: first, endpoint: 0 }, false),
		openEnd(Class, { ...common, ports: second, endpoint: 1 }, false),
	];
}

/** Makes the messenger of one end. `wasHandedOver`: its peer lives in another thread, so this one may park in a worker. */
export function openEnd<T extends MultiMessenger>(Class: MessengerClass<T>, end: PairEnd, wasHandedOver: boolean): T {
	const messenger: T = new Class(() => {
		if (!ends.delete(messenger)) throw new MessengerClosedError({ method: 'messenger' });
		return openCore(end, wasHandedOver);
	});
	const entry = { end, isLeaving: false };
	ends.set(messenger, entry);
	markHandable(messenger, {
		hand: () => {
			if (!ends.has(messenger))
				throw new DataCloneError('transfer', 'an end of a pair can be handed over once, before it is used');
			entry.isLeaving = true;
			return listPorts(end.ports);
		},
		sent: () => ends.delete(messenger),
		done: () => {
			entry.isLeaving = false;
		},
	});
	return messenger;
}

/** What an end is in a message. Throws DataCloneError unless the message hands it over. */
export function describeEnd(messenger: MultiMessenger): PairEnd {
	const entry = ends.get(messenger);
	if (!entry?.isLeaving)
		throw new DataCloneError(
			'messenger',
			'an end of a pair must be listed in `transfer`, before it is used, to be handed to a thread',
		);
	return entry.end;
}

function openCore(end: PairEnd, wasHandedOver: boolean): MessengerCore {
	let transport: RingTransport;
	const exit = (self: MessengerCore, error?: Error): void => {
		if (self.isClosed) return;
		const exitCode = transport.isPeerClosed ? 0 : 1;
		self.end(new WorkerExitedError('the other end of the pair', { exitCode, signal: null, ...(error && { error }) }));
		self.close();
	};
	const core: MessengerCore = new MessengerCore({
		order: end.order,
		limits: end.limits,
		blockingRefusal: refusal(wasHandedOver),
		onPeerGone: exit,
		onDispose: () => {
			core.end(new MessengerClosedError({ method: 'receive' }));
			core.close();
		},
		transport: (sink) => {
			transport = new RingTransport({
				region: attachSharedRegion(end.memory),
				endpoint: end.endpoint,
				sink,
				bell: (listener) => new PortBell(end.ports, listener, true),
				latency: end.latency,
				maxMessageBytes: end.limits.maxMessageBytes,
				kind: 'ring',
				reason: 'both ends share the memory of one process',
			});
			transport.ref();
			return transport;
		},
	});
	return core;
}

function refusal(wasHandedOver: boolean): string | undefined {
	if (isMainThread) return 'the main thread must not park, for its event loop serves the whole program';
	if (!wasHandedOver) return 'this end was made in this thread, so its peer may be here too and could never answer';
	return undefined;
}
