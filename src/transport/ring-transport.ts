import type { ByteWriter } from '../internal/byte-writer.ts';
import { ASLEEP, type Endpoint, type Region } from '../ringbuf/index.ts';
import type { Bell, BellListener } from './bell.ts';
import { FrameReceiver } from './frame-receiver.ts';
import { FrameSender } from './frame-sender.ts';
import { HotWindow } from './hot-window.ts';
import { type PolledLink, processors } from './processors.ts';
import { RingEndpoint } from './ring-endpoint.ts';
import { type FrameSink, type Lane, type Latency, type Transport, type TransportKind } from './transport.ts';

/** Batches that one look takes in at the most: a peer that keeps pace must not hold up the event loop. */
const BATCHES_PER_LOOK = 64;
/** Looks before a thread parks: a reply that is under way costs less to spin for than to sleep for. */
const LOOKS_BEFORE_PARK = 2000;

/** Looks in one turn of the event loop while polling, of all links of a thread. */
const LOOKS_PER_TURN = 100;

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
export class RingTransport implements Transport, PolledLink {
	readonly kind: TransportKind;
	readonly reason: string;
	readonly #link: RingEndpoint;
	readonly #sink: FrameSink;
	readonly #bell: Bell;
	readonly #sender: FrameSender;
	readonly #receiver: FrameReceiver;
	readonly #hot: HotWindow;
	readonly #step = (): void => this.#runStep();
	#drainWaiters: (() => void)[] = [];
	/** asleep: armed, the bell starts the next step; scheduled: an immediate does; gone: nothing more can come; closed: by this side. */
	#state: 'asleep' | 'scheduled' | 'gone' | 'closed' = 'scheduled';
	#isReading = false;
	/** True while steps follow each other because something may come soon. */
	#isPolling = false;

	constructor(options: RingTransportOptions) {
		this.kind = options.kind;
		this.reason = options.reason;
		this.#sink = options.sink;
		this.#bell = options.bell({ onRing: () => this.#onRing(), onClose: () => this.peerGone() });
		this.#link = new RingEndpoint(options.region, options.endpoint, () => this.#bell.ring());
		this.#hot = new HotWindow(options.latency);
		const objects = this.#bell.objects;
		// Measured: it pays between processes. Threads have the other way, to hand a buffer over, and lose by it.
		const canLinger = this.#hot.canSpin && objects === undefined;
		this.#sender = new FrameSender(this.#link.output, { wake: (kind) => this.#link.wake(kind), canLinger, objects });
		this.#receiver = new FrameReceiver(options.sink, options.maxMessageBytes, objects && ((id) => objects.take(id)));
		processors.add(this);
		setImmediate(this.#step);
	}

	get carriesObjects(): boolean {
		return this.#bell.objects !== undefined;
	}

	get outboxBytes(): number {
		return this.#sender.queuedBytes;
	}

	begin(): ByteWriter {
		try {
			return this.#sender.begin();
		} catch (error) {
			this.peerGone(error as Error);
			throw error;
		}
	}

	isOrdered(bytes: number, lane: Lane): boolean {
		return this.#sender.isOrdered(bytes, lane);
	}

	commit(w1: number, w2: number, w3: number, lane: Lane, side?: readonly object[]): void {
		if (this.#isOver) return;
		const bytes = this.#sender.writer.length;
		this.#sender.commit(w1, w2, w3, lane, side);
		const isAnswerNear = this.#hot.moved(bytes);
		// The peer makes room while it reads: looking again soon beats sleeping until it rings.
		if (isAnswerNear || !this.#sender.isEmpty) this.#wakeUp();
	}

	poll(): void {
		this.#takeIn();
	}

	park(timeout: number): boolean {
		const deadline = performance.now() + timeout;
		try {
			if (!this.#sender.isEmpty) this.#pump();
			if (this.#hot.canSpin) {
				for (let look = 0; look < LOOKS_BEFORE_PARK; look += 1) if (this.#takeIn()) return true;
			}
			for (;;) {
				this.#parkOnce(deadline);
				if (this.#takeIn() || this.#isOver) return true;
				if (performance.now() >= deadline) return false;
			}
		} finally {
			this.#wakeUp();
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
			this.#pump();
			if (!this.#sender.isEmpty) this.#parkOnce(deadline);
		}
		this.#wakeUp();
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
		processors.remove(this);
		this.#forgetOutbox();
		if (!wasGone) this.#link.close();
		this.#bell.close();
		this.#link.release();
	}

	/** Tells that the peer's end is gone: takes in what it had published, then reports. Called by the bell or by who saw it exit. */
	peerGone(error?: Error): void {
		if (this.#isOver) return;
		// Liveness was read before this look at the tail, so nothing that was published can be missed.
		if (error === undefined) while (this.#takeIn() && this.#link.isBehind);
		// The look may have found the link poisoned and reported already.
		if (this.#isOver) return;
		this.#state = 'gone';
		processors.remove(this);
		this.#forgetOutbox();
		this.#sink.onPeerGone(error);
	}

	/** True when the peer closed its end in order, as opposed to having died. */
	get isPeerClosed(): boolean {
		return this.#link.isPeerClosed;
	}

	/** True while the peer runs, or would if it had a processor. */
	get isPeerBusy(): boolean {
		return this.#sink.isAnswerDue || this.#link.isPeerAwake;
	}

	#onRing(): void {
		if (this.#state !== 'asleep') return;
		this.#hot.woke(performance.now());
		this.#runStep();
	}

	#runStep(): void {
		if (this.#isOver) return;
		const begun = performance.now();
		const didRead = this.#takeIn() || (this.#isPolling && this.#lookOn());
		const didSend = !this.#sender.isEmpty && this.#pump();
		if (this.#isOver) return;
		const didWork = didRead || didSend;
		const now = didWork ? performance.now() : begun;
		this.#hot.looked(begun, now, didWork);
		this.#isPolling = this.#hot.isHot(now) && processors.isOneSpareAt(now);
		// Where polling would take the processor from the peer, sleeping for a bell costs less than one more turn.
		const staysUp = this.#isPolling || (this.#hot.canSpin && this.#sink.hasWork);
		if (staysUp || !this.#guard(() => this.#link.arm(ASLEEP, this.#waiting))) return this.#schedule();
		this.#state = 'asleep';
		this.#hot.slept(now);
	}

	/** Looks some more before the event loop has its turn, which takes as long as a hundred looks. */
	#lookOn(): boolean {
		return !this.#isOver && this.#link.spin(processors.share(LOOKS_PER_TURN)) && this.#takeIn();
	}

	#schedule(): void {
		if (this.#isOver) return;
		this.#state = 'scheduled';
		setImmediate(this.#step);
	}

	/** True once nothing more can come, or go. */
	get #isOver(): boolean {
		return this.#state === 'gone' || this.#state === 'closed';
	}

	/** Payload bytes of the next record that waits for room; undefined when none does. */
	get #waiting(): number | undefined {
		return this.#sender.isEmpty ? undefined : this.#sender.nextPayloadBytes;
	}

	/** Sends what waits, then parks until the peer publishes, gives room or closes, or until the deadline. */
	#parkOnce(deadline: number): void {
		if (!this.#sender.isEmpty) this.#pump();
		if (this.#isOver) return;
		const timeout = Math.max(0, deadline - performance.now());
		const isWhole = this.#guard(() => {
			this.#link.park(timeout, this.#waiting);
			return true;
		});
		if (isWhole && this.#link.isPeerClosed) this.peerGone();
	}

	/** Parking took the announcement of the event loop's sleep, if there was one: look again before sleeping there. */
	#wakeUp(): void {
		if (this.#state === 'asleep') this.#schedule();
	}

	#pump(): boolean {
		const before = this.#sender.queuedBytes;
		if (this.#guard(() => this.#sender.pump()) && this.#sender.isEmpty) this.#resolveDrained();
		return this.#sender.queuedBytes < before;
	}

	#takeIn(): boolean {
		if (this.#isReading || this.#isOver) return false;
		this.#isReading = true;
		const from = this.#link.position;
		let total = 0;
		try {
			for (let batch = 0; batch < BATCHES_PER_LOOK; batch += 1) {
				total += this.#link.readBatch(this.#receiver);
				if (!this.#link.isBehind) break;
			}
		} catch (error) {
			this.peerGone(error as Error);
		} finally {
			this.#isReading = false;
		}
		this.#hot.moved((this.#link.position - from) | 0);
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
