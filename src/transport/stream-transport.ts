import type { ByteWriter } from '../internal/byte-writer.ts';
import type { ByteChannel, ChannelListener } from './byte-channel.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { FrameReceiver } from './frame-receiver.ts';
import { FrameSender } from './frame-sender.ts';
import { RecordParser } from './record-parser.ts';
import { type FrameSink, type Lane, type Transport, type TransportKind } from './transport.ts';

/** What a {@link StreamTransport} is made of. */
export interface StreamTransportOptions {
	/** Makes the channel; called once, with what it has to tell. */
	readonly channel: (listener: ChannelListener) => ByteChannel;
	readonly sink: FrameSink;
	/** Size of the ring this stands in for, in bytes: both ends need the same. */
	readonly ringBytes: number;
	/** Frames larger than this poison the link, in bytes. */
	readonly maxMessageBytes: number;
	readonly kind: TransportKind;
	readonly reason: string;
}

/** Frames over a stream of bytes: the fallback where no memory can be shared, with the records and the order of the ring. */
export class StreamTransport implements Transport {
	readonly kind: TransportKind;
	readonly reason: string;
	readonly #channel: ByteChannel;
	readonly #sink: FrameSink;
	readonly #chunks: ChunkWriter;
	readonly #sender: FrameSender;
	readonly #parser: RecordParser;
	#drainWaiters: (() => void)[] = [];
	#state: 'open' | 'gone' | 'closed' = 'open';
	#taken = 0;

	constructor(options: StreamTransportOptions) {
		this.kind = options.kind;
		this.reason = options.reason;
		this.#sink = options.sink;
		this.#channel = options.channel({
			onChunk: (chunk) => this.#onChunk(chunk),
			onDrain: () => this.#onDrain(),
			onClose: () => this.peerGone(),
		});
		this.#chunks = new ChunkWriter(this.#channel, options.ringBytes);
		const { objects } = this.#channel;
		this.#sender = new FrameSender(this.#chunks, { wake: () => {}, canLinger: false, objects });
		const receiver = new FrameReceiver(options.sink, options.maxMessageBytes, objects && ((id) => objects.take(id)));
		this.#parser = new RecordParser(receiver, options.ringBytes);
	}

	get carriesObjects(): boolean {
		return this.#channel.objects !== undefined;
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
		if (this.#state !== 'open') return;
		// A parcel leaves before the chunk that names it, and a port keeps one order for all.
		this.#sender.commit(w1, w2, w3, lane, side);
		if (!this.#sender.isEmpty) this.#pump();
	}

	poll(): void {
		if (this.#state === 'open') this.#channel.poll();
	}

	park(timeout: number): boolean {
		const deadline = performance.now() + timeout;
		const before = this.#taken;
		for (;;) {
			this.#pump();
			this.#channel.poll();
			if (this.#taken !== before || this.#state !== 'open') return true;
			const left = deadline - performance.now();
			if (left <= 0) return false;
			this.#parkChannel(left);
		}
	}

	drained(): Promise<void> {
		this.#pump();
		if (this.#isDrained) return Promise.resolve();
		return new Promise((resolve) => this.#drainWaiters.push(resolve));
	}

	drainBlocking(timeout: number): void {
		const deadline = performance.now() + timeout;
		for (;;) {
			this.#pump();
			const left = deadline - performance.now();
			if (this.#isDrained || left <= 0) return;
			this.#parkChannel(left);
		}
	}

	ref(): void {
		this.#channel.ref();
	}

	unref(): void {
		this.#channel.unref();
	}

	close(): void {
		if (this.#state === 'closed') return;
		this.#state = 'closed';
		this.#forgetOutbox();
		this.#channel.close();
	}

	/** Tells that the peer's end is gone, or that the link is poisoned. Everything that had come was handed over before. */
	peerGone(error?: Error): void {
		if (this.#state !== 'open') return;
		if (error === undefined) this.#channel.poll();
		this.#state = 'gone';
		this.#forgetOutbox();
		this.#sink.onPeerGone(error);
	}

	get #isDrained(): boolean {
		return this.#sender.isEmpty && !this.#chunks.hasUnflushed && this.#channel.isDrained;
	}

	#parkChannel(timeout: number): void {
		if (!this.#channel.park) throw new Error('this channel cannot park its thread');
		this.#channel.park(timeout);
	}

	#pump(): void {
		// Fragments stop when the channel is full, which is only known after a flush.
		for (let isEmpty = false; !isEmpty && !this.#channel.isFull; ) {
			isEmpty = this.#sender.pump();
			this.#chunks.flush();
		}
		this.#chunks.flush();
	}

	#onChunk(chunk: Buffer): void {
		if (this.#state !== 'open') return;
		this.#taken += 1;
		try {
			this.#parser.feed(chunk);
		} catch (error) {
			this.peerGone(error as Error);
		}
	}

	#onDrain(): void {
		if (this.#state !== 'open') return;
		if (!this.#sender.isEmpty) this.#pump();
		if (this.#isDrained) this.#resolveDrained();
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
