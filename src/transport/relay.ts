import type { MessagePort } from 'node:worker_threads';

import {
	ASLEEP,
	attachSharedRegion,
	AWAKE,
	BELL_INDEX,
	type Region,
	RELAYED_INDEX,
	RING_CONTROL_INDEX,
	RingReader,
	RingWriter,
	type SleepKind,
	TAIL,
} from '../ringbuf/index.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { RecordParser } from './record-parser.ts';
import type { BellSocket } from './socket-bell.ts';
import { SocketChannel } from './socket-channel.ts';

/** What the helper thread of a worker process is handed. */
export interface RelayOptions {
	/** The socket to the host. */
	readonly socket: BellSocket;
	/** Memory of the link to the process's main thread; the relay is its host end. */
	readonly memory: SharedArrayBuffer;
	/** The bell of that link. */
	readonly port: MessagePort;
	readonly ringBytes: number;
	/** Called when the host's end of the socket is gone. */
	readonly onHostGone: () => void;
}

interface HeldRecord {
	readonly w1: number;
	readonly w2: number;
	readonly w3: number;
	readonly payload: Buffer;
}

/** Records passed on between two looks at whether the socket is full. */
const RECORDS_PER_LOOK = 16;

/**
 * Passes records between the pipe to the host and a ring to the main thread of a worker process without shared memory.
 *
 * It runs in a helper thread, so that the main thread can park in a blocking receive or run a tight loop: the pipe is read
 * all the same, and the death of the host is seen at once.
 */
export class Relay {
	readonly #region: Region;
	readonly #writer: RingWriter;
	readonly #reader: RingReader;
	readonly #channel: SocketChannel;
	readonly #chunks: ChunkWriter;
	readonly #parser: RecordParser;
	readonly #options: RelayOptions;
	readonly #toSocket = {
		onRecord: (w1: number, w2: number, w3: number, buf: Buffer, start: number, end: number): void => {
			// Cannot be refused: the socket's window was looked at before, and it holds many more records than one look passes on.
			this.#chunks.tryWrite(w1, w2, w3, buf.subarray(start, end));
		},
	};
	/** Records from the host that the ring had no room for. */
	#held: HeldRecord[] = [];
	/**
	 * What came after them. The socket is read all the same, for only reading it tells the end of the host; how much can wait is bounded
	 * by what the host may have queued.
	 */
	readonly #waiting: Buffer[] = [];

	constructor(options: RelayOptions) {
		this.#options = options;
		this.#region = attachSharedRegion(options.memory);
		this.#writer = new RingWriter(this.#region.control, RING_CONTROL_INDEX[0], this.#region.data[0]);
		this.#reader = new RingReader(this.#region.control, RING_CONTROL_INDEX[1], this.#region.data[1]);
		this.#parser = new RecordParser({ onRecord: (...record) => this.#toRing(...record) }, options.ringBytes);
		this.#channel = new SocketChannel(options.socket, {
			onChunk: (chunk) => this.#onChunk(chunk),
			onDrain: () => this.#step(),
			// The main thread may publish faster than its records can fail to leave: then no turn is left to read the end in.
			onUnwritable: options.onHostGone,
			onClose: options.onHostGone,
		});
		this.#chunks = new ChunkWriter({ isFull: false, write: (chunk) => this.#channel.write(chunk) }, options.ringBytes);
		options.port.on('message', () => this.#step());
	}

	/** Moves what came before the first event. */
	start(): void {
		this.#step();
	}

	/** Moves what can be moved in both directions, then arms both. */
	#step(): void {
		do {
			this.#releaseHeld();
			while (!this.#channel.isFull && this.#reader.read(this.#toSocket, RECORDS_PER_LOOK) > 0) this.#wake(this.#reader.release());
			this.#chunks.flush();
			this.#tellRelayed();
			// A full socket ends in onDrain, which comes back here; until then the ring waits.
		} while (!this.#channel.isFull && !this.#sleep());
	}

	/** Arms both directions. False when something came in the meantime. */
	#sleep(): boolean {
		if (!this.#reader.arm(ASLEEP)) return false;
		const next = this.#held[0];
		if (!next || this.#writer.arm(ASLEEP, next.payload.length)) return true;
		this.#reader.disarm();
		return false;
	}

	#onChunk(chunk: Buffer): void {
		if (this.#held.length > 0) return void this.#waiting.push(chunk);
		this.#feed(chunk);
		if (this.#held.length > 0) this.#step();
	}

	#feed(chunk: Buffer): void {
		this.#parser.feed(chunk);
		this.#wake(this.#writer.publish());
	}

	#toRing(w1: number, w2: number, w3: number, buf: Buffer, start: number, end: number): void {
		const payload = buf.subarray(start, end);
		if (this.#held.length > 0 || !this.#writer.tryWrite(w1, w2, w3, payload)) this.#held.push({ w1, w2, w3, payload });
	}

	/** Hands over what the ring has room for by now. Chunks wait behind held records only. */
	#releaseHeld(): void {
		for (;;) {
			let count = 0;
			for (const { w1, w2, w3, payload } of this.#held) {
				if (!this.#writer.tryWrite(w1, w2, w3, payload)) break;
				count += 1;
			}
			if (count > 0) this.#held = this.#held.slice(count);
			this.#wake(this.#writer.publish());
			if (this.#held.length > 0) return;
			const chunk = this.#waiting.shift();
			if (!chunk) return;
			this.#feed(chunk);
		}
	}

	/** Tells the main thread, which may wait for it before it ends the process, how much of what it published has left. */
	#tellRelayed(): void {
		if (!this.#channel.isDrained) return;
		const { control } = this.#region;
		// What was read, not what is published: more may come at any moment. Pairs with the load and the wait in waitUntilRelayed().
		Atomics.store(control, RELAYED_INDEX, this.#reader.position);
		Atomics.notify(control, RELAYED_INDEX);
	}

	#wake(kind: SleepKind): void {
		if (kind === AWAKE) return;
		if (kind === ASLEEP) return this.#options.port.postMessage(0);
		// Changes the word that the parked main thread waits on, then wakes it: pairs with RingTransport's #parkOnce().
		Atomics.add(this.#region.control, BELL_INDEX[1], 1);
		this.#region.unpark(1);
	}
}

/** Parks the main thread until the relay has handed everything published so far to the kernel, for at most `timeout` ms. */
export function waitUntilRelayed(memory: SharedArrayBuffer, timeout: number): void {
	const { control } = attachSharedRegion(memory);
	const deadline = performance.now() + timeout;
	for (;;) {
		// Both pair with the store and notify in Relay.#tellRelayed().
		const relayed = Atomics.load(control, RELAYED_INDEX);
		if (relayed === Atomics.load(control, RING_CONTROL_INDEX[1] + TAIL)) return;
		const left = deadline - performance.now();
		// Woken by the notify in Relay.#tellRelayed(), with which it pairs.
		if (left <= 0 || Atomics.wait(control, RELAYED_INDEX, relayed, left) === 'timed-out') return;
	}
}
