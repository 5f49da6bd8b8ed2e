import type { ByteWriter } from '../internal/byte-writer.ts';
import {
	ASLEEP,
	AWAKE,
	BELL_INDEX,
	type Endpoint,
	PARKED,
	type Region,
	RING_CONTROL_INDEX,
	RingReader,
	RingWriter,
	type SleepKind,
} from '../ringbuf/index.ts';
import type { Bell, BellListener } from './bell.ts';
import { FrameReceiver } from './frame-receiver.ts';
import { FrameSender } from './frame-sender.ts';
import { HotWindow } from './hot-window.ts';
import { appendSideId } from './side-id.ts';
import { FLAG_SIDE, type FrameSink, type Lane, type Latency, type Transport, type TransportKind } from './transport.ts';

/** Records taken in before their memory is given back. */
const RECORDS_PER_BATCH = 256;
/** Batches that one look takes in at the most: a peer that keeps pace must not hold up the event loop. */
const BATCHES_PER_LOOK = 64;
/** Looks before a thread parks: a reply that is under way costs less to spin for than to sleep for. */
const LOOKS_BEFORE_PARK = 2000;

/** What a {@link RingTransport} is made of. */
export interface RingTransportOptions {
	readonly region: Region;
	readonly endpoint: Endpoint;
	readonly sink: FrameSink;
	/** Makes the bell; called once, with what it has to tell. */
	readonly bell: (listener: BellListener) => Bell;
	readonly latency: Latency;
	/** Frames larger than this poison the link, in bytes. */
	readonly maxMessageBytes: number;
	/** What the transport calls itself: the ring to a helper thread that owns a pipe is a pipe to its user. */
	readonly kind: TransportKind;
	readonly reason: string;
}

/**
 * Frames over two rings in shared memory and a bell.
 *
 * One step takes in what has arrived and sends what waits. While there is work, or the hot window says that some will come
 * soon, steps follow each other through `setImmediate`; otherwise both directions are armed and the bell starts the next step.
 */
export class RingTransport implements Transport {
	readonly kind: TransportKind;
	readonly reason: string;
	readonly #region: Region;
	readonly #endpoint: Endpoint;
	readonly #peer: Endpoint;
	readonly #sink: FrameSink;
	readonly #bell: Bell;
	readonly #reader: RingReader;
	readonly #output: RingWriter;
	readonly #sender: FrameSender;
	readonly #receiver: FrameReceiver;
	readonly #hot: HotWindow;
	/** A quarter of the ring: the producer writes on while this side copies the next. */
	readonly #bytesPerBatch: number;
	readonly #step = (): void => this.#runStep();
	#drainWaiters: (() => void)[] = [];
	/** asleep: armed, the bell starts the next step; scheduled: an immediate does; gone: nothing more can come; closed: by this side. */
	#state: 'asleep' | 'scheduled' | 'gone' | 'closed' = 'scheduled';
	#isReading = false;

	constructor(options: RingTransportOptions) {
		const { region, endpoint } = options;
		this.kind = options.kind;
		this.reason = options.reason;
		this.#region = region;
		this.#endpoint = endpoint;
		this.#peer = endpoint === 0 ? 1 : 0;
		this.#sink = options.sink;
		this.#output = new RingWriter(region.control, RING_CONTROL_INDEX[endpoint], region.data[endpoint]);
		this.#reader = new RingReader(region.control, RING_CONTROL_INDEX[this.#peer], region.data[this.#peer]);
		this.#bytesPerBatch = region.data[this.#peer].length / 4;
		this.#sender = new FrameSender(this.#output, (kind) => this.#wake(kind));
		this.#hot = new HotWindow(options.latency);
		this.#bell = options.bell({ onRing: () => this.#onRing(), onClose: () => this.peerGone() });
		const objects = this.#bell.objects;
		this.#receiver = new FrameReceiver(options.sink, options.maxMessageBytes, objects && ((id) => objects.take(id)));
		setImmediate(this.#step);
	}

	get carriesObjects(): boolean {
		return this.#bell.objects !== undefined;
	}

	get outboxBytes(): number {
		return this.#sender.queuedBytes;
	}

	begin(): ByteWriter {
		return this.#sender.begin();
	}

	isOrdered(bytes: number, lane: Lane): boolean {
		return this.#sender.isOrdered(bytes, lane);
	}

	commit(w1: number, w2: number, w3: number, lane: Lane, side?: readonly object[]): void {
		if (this.#state === 'gone' || this.#state === 'closed') return;
		if (side === undefined) this.#sender.commit(w1, w2, w3, lane);
		else {
			appendSideId(this.#sender.writer, (this.#bell.objects as NonNullable<Bell['objects']>).post(side));
			this.#sender.commit(w1 | FLAG_SIDE, w2, w3, lane);
		}
		this.#hot.moved(this.#sender.writer.length);
		// The peer makes room while it reads: looking again soon beats sleeping until it rings.
		if (!this.#sender.isEmpty && this.#state === 'asleep') this.#schedule();
	}

	poll(): void {
		if (this.#isReading || this.#state === 'closed') return;
		this.#takeIn();
	}

	park(timeout: number): boolean {
		const deadline = performance.now() + timeout;
		try {
			if (this.#hot.canSpin) {
				for (let look = 0; look < LOOKS_BEFORE_PARK; look += 1) if (this.#takeIn()) return true;
			}
			for (;;) {
				this.#parkOnce(Math.max(0, deadline - performance.now()));
				if (this.#takeIn() || this.#state === 'gone') return true;
				if (performance.now() >= deadline) return false;
			}
		} finally {
			// Parking took the announcement of the event loop's sleep, if there was one: look again before sleeping there.
			if (this.#state === 'asleep') this.#schedule();
		}
	}

	drained(): Promise<void> {
		if (this.#sender.isEmpty) return Promise.resolve();
		return new Promise((resolve) => this.#drainWaiters.push(resolve));
	}

	drainBlocking(timeout: number): void {
		const deadline = performance.now() + timeout;
		while (!this.#sender.isEmpty && performance.now() < deadline) {
			// Takes in as well: two sides that only send would wait for each other for ever.
			this.#takeIn();
			this.#parkOnce(Math.max(0, deadline - performance.now()));
		}
	}

	ref(): void {
		this.#bell.ref();
	}

	unref(): void {
		this.#bell.unref();
	}

	close(): void {
		if (this.#state === 'closed') return;
		const wasGone = this.#state === 'gone';
		this.#state = 'closed';
		this.#forgetOutbox();
		if (!wasGone) this.#wake(this.#output.close());
		this.#bell.close();
		this.#region.release();
	}

	/** Tells that the peer's end is gone: takes in what it had published, then reports. Called by the bell or by who saw it exit. */
	peerGone(error?: Error): void {
		if (this.#state === 'gone' || this.#state === 'closed') return;
		// Liveness was read before this look at the tail, so nothing that was published can be missed.
		if (error === undefined) this.#takeIn();
		// The look may have found the link poisoned and reported already.
		if ((this.#state as string) === 'gone') return;
		this.#state = 'gone';
		this.#forgetOutbox();
		this.#sink.onPeerGone(error);
	}

	/** True when the peer closed its end in order, as opposed to having died. */
	get isPeerClosed(): boolean {
		return this.#reader.isClosed;
	}

	#onRing(): void {
		if (this.#state !== 'asleep') return;
		this.#hot.woke(performance.now());
		this.#runStep();
	}

	#runStep(): void {
		if (this.#state === 'gone' || this.#state === 'closed') return;
		const didRead = this.#takeIn();
		if ((this.#state as string) === 'gone') return;
		const didSend = !this.#sender.isEmpty && this.#pump();
		const now = performance.now();
		this.#hot.looked(now, didRead || didSend);
		if (this.#hot.isHot(now)) this.#schedule();
		else this.#sleep(now);
	}

	/** Arms both directions; the bell starts the next step. Stays awake when something came in the meantime. */
	#sleep(now: number): void {
		if (!this.#guard(() => this.#reader.arm(ASLEEP))) return this.#schedule();
		if (!this.#sender.isEmpty && !this.#output.arm(ASLEEP, this.#sender.nextPayloadBytes)) {
			this.#reader.disarm();
			return this.#schedule();
		}
		this.#state = 'asleep';
		this.#hot.slept(now);
	}

	#schedule(): void {
		if (this.#state === 'gone' || this.#state === 'closed') return;
		this.#state = 'scheduled';
		setImmediate(this.#step);
	}

	/** Parks until the peer publishes or gives room, for at most `timeout` ms. Returns at once when either has happened. */
	#parkOnce(timeout: number): void {
		if (this.#pumpBlocked()) return;
		// Read before both are armed: a wake-up after this changes the word, and the wait below returns at once.
		const bell = Atomics.load(this.#region.control, BELL_INDEX[this.#endpoint]);
		if (!this.#guard(() => this.#reader.arm(PARKED))) return;
		if (this.#sender.isEmpty || this.#output.arm(PARKED, this.#sender.nextPayloadBytes)) {
			this.#region.park(this.#endpoint, bell, timeout);
			this.#output.disarm();
		}
		this.#reader.disarm();
		if (this.#reader.isClosed) this.peerGone();
	}

	/** Sends what waits; true when the peer is gone, so that parking would wait for nothing. */
	#pumpBlocked(): boolean {
		if (!this.#sender.isEmpty) this.#pump();
		return this.#state === 'gone' || this.#state === 'closed';
	}

	#pump(): boolean {
		const before = this.#sender.queuedBytes;
		if (this.#guard(() => this.#sender.pump()) && this.#sender.isEmpty) this.#resolveDrained();
		return this.#sender.queuedBytes < before;
	}

	#takeIn(): boolean {
		if (this.#isReading || this.#state === 'gone') return false;
		this.#isReading = true;
		const from = this.#reader.position;
		let total = 0;
		try {
			for (let batch = 0; batch < BATCHES_PER_LOOK; batch += 1) {
				const count = this.#reader.read(this.#receiver, RECORDS_PER_BATCH, this.#bytesPerBatch);
				this.#wake(this.#reader.release());
				total += count;
				if (!this.#reader.isBehind) break;
			}
		} catch (error) {
			this.peerGone(error as Error);
		} finally {
			this.#isReading = false;
		}
		this.#hot.moved((this.#reader.position - from) | 0);
		return total > 0;
	}

	/** Runs what checks the peer's numbers; a failed check poisons the link. */
	#guard(action: () => boolean): boolean {
		try {
			return action();
		} catch (error) {
			this.peerGone(error as Error);
			return false;
		}
	}

	#wake(kind: SleepKind): void {
		if (kind === AWAKE) return;
		if (kind === ASLEEP) return this.#bell.ring();
		// Changes the word that a parked peer waits on, then wakes it: pairs with the load and the wait in #parkOnce().
		Atomics.add(this.#region.control, BELL_INDEX[this.#peer], 1);
		this.#region.unpark(this.#peer);
	}

	#forgetOutbox(): void {
		this.#sender.clear();
		this.#resolveDrained();
	}

	#resolveDrained(): void {
		const waiters = this.#drainWaiters;
		this.#drainWaiters = [];
		for (const resolve of waiters) resolve();
	}
}
