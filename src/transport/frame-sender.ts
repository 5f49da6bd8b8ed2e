import { ByteWriter } from '../internal/byte-writer.ts';
import { AWAKE, type SleepKind } from '../ringbuf/index.ts';
import type { ObjectLane } from './bell.ts';
import { BulkFrame } from './bulk-frame.ts';
import type { RecordOutput } from './record-output.ts';
import { appendSideId } from './side-id.ts';
import { FLAG_SIDE, type Lane } from './transport.ts';

interface Frame {
	readonly w1: number;
	readonly w2: number;
	readonly w3: number;
	readonly payload: Buffer;
}

/** Small frames that may go between two fragments, so that neither starves the other. */
const SMALL_FRAMES_PER_FRAGMENT = 16;

/** Fragments that one call of pump() sends at the most: a peer that keeps pace must not hold up the event loop. */
const FRAGMENTS_PER_TURN = 64;

/** What is copied in the time of one look at a full ring, in bytes. */
const BYTES_PER_LOOK = 512;

/** Payloads from this length on change hands between threads: cheaper than to copy them into the ring and out of it, in bytes. */
const BESIDE_BYTES = 64 * 1024;

/** Room to ask for before the length of a frame is known, in bytes. */
const USUAL_FRAME_BYTES = 240;

/** What a {@link FrameSender} needs beside its output. */
export interface FrameSenderOptions {
	/** Rings the bell that a sleeping peer waits for. */
	readonly wake: (kind: SleepKind) => void;
	/** Whether the peer may read while this thread writes. */
	readonly canLinger: boolean;
	/** What takes large payloads, and objects that are no bytes: between threads. */
	readonly objects: ObjectLane | undefined;
}

/**
 * Sends frames as records: in place when there is room, from an outbox when there is none, in fragments when they are large.
 *
 * Order: small frames keep theirs. A large frame waits for the small ones before it; later small frames of other lanes may
 * overtake it, those of its own lane queue up behind it. One large frame travels at a time, so the peer reassembles one.
 */
export class FrameSender {
	/** Bytes that wait for room. */
	queuedBytes = 0;
	readonly #output: RecordOutput;
	/** What `begin()` lent out last. */
	readonly writer: ByteWriter = new ByteWriter();
	#outbox: Frame[] = [];
	#outboxAt = 0;
	#queuedSmall = 0;
	#sentSmall = 0;
	#bulk: BulkFrame[] = [];
	readonly #options: FrameSenderOptions;

	constructor(output: RecordOutput, options: FrameSenderOptions) {
		this.#output = output;
		this.#options = options;
	}

	/** True when nothing waits for room. */
	get isEmpty(): boolean {
		return this.#outboxAt === this.#outbox.length && this.#bulk.length === 0;
	}

	/** Lends the free part of the output, or scratch memory when frames are waiting. */
	begin(): ByteWriter {
		const writer = this.writer;
		const output = this.#output;
		const room = this.#outboxAt === this.#outbox.length ? output.claim(USUAL_FRAME_BYTES) : 0;
		if (room > 0) writer.borrow(output.data, output.claimed, output.claimed + room);
		else writer.own();
		return writer;
	}

	/** True when a frame of `bytes` on `lane` goes as one record, in its place among all others. */
	isOrdered(bytes: number, lane: Lane): boolean {
		return (bytes <= this.#output.maxPayload || this.#goesBeside(bytes)) && !this.#isBehindBulk(lane);
	}

	/** Sends what the writer holds, and `side` beside it. */
	commit(w1: number, w2: number, w3: number, lane: Lane, side?: readonly object[]): void {
		const writer = this.writer;
		const goesBeside = this.#goesBeside(writer.length);
		if (side === undefined && !goesBeside) return this.#commitBytes(w1, w2, w3, lane);
		const payload = goesBeside ? writer.detach() : undefined;
		const id = (this.#options.objects as ObjectLane).post(side ?? [], payload);
		if (payload) this.begin();
		appendSideId(writer, id);
		this.#commitBytes(w1 | FLAG_SIDE, w2, w3, lane);
	}

	#goesBeside(bytes: number): boolean {
		return bytes >= BESIDE_BYTES && this.#options.objects !== undefined;
	}

	#commitBytes(w1: number, w2: number, w3: number, lane: Lane): void {
		const writer = this.writer;
		if (writer.length <= this.#output.maxPayload && !this.#isBehindBulk(lane)) this.#commitSmall(w1, w2, w3, writer);
		else {
			// One that only waits for its turn goes as one record, from one piece of memory.
			if (writer.length <= this.#output.maxPayload) writer.absorb();
			this.#commitBulk(new BulkFrame(writer, { w1, w2, w3, lane, after: this.#queuedSmall }));
		}
	}

	/** Sends what waits, as far as there is room and for one turn of the event loop. True when nothing waits any more. */
	pump(): boolean {
		for (let turn = 0; turn < FRAGMENTS_PER_TURN; turn += 1) {
			const small = this.#pumpSmall();
			const fragment = this.#pumpBulk();
			// Visible at once: the peer copies this piece out while the next one is written.
			if (small || fragment) this.#publish();
			else break;
		}
		return this.isEmpty;
	}

	/** Payload bytes of the next record that waits, for announcing how much room is needed. */
	get nextPayloadBytes(): number {
		const small = this.#outbox[this.#outboxAt];
		if (small) return small.payload.length;
		const bulk = this.#bulk[0];
		return bulk ? Math.min(bulk.left, this.#fragmentBytes) : 0;
	}

	/** Forgets everything that waits: the peer is gone. */
	clear(): void {
		this.#outbox = [];
		this.#outboxAt = 0;
		this.#sentSmall = this.#queuedSmall;
		this.#bulk = [];
		this.queuedBytes = 0;
	}

	#commitBulk(frame: BulkFrame): void {
		this.queuedBytes += frame.length;
		this.#bulk.push(frame);
		this.pump();
		if (frame.isSettled || frame.left === 0) return;
		if (this.#options.canLinger && this.#bulk[0] === frame) this.#linger(frame);
		if (frame.left > 0) frame.settle(this.writer);
	}

	/**
	 * Goes on while the peer makes room, and waits for that no longer than copying what is left would take: the peer that reads
	 * meanwhile spares the copy, and one that does not costs no more than it (the ski rental problem).
	 */
	#linger(frame: BulkFrame): void {
		let before = frame.left;
		for (let looks = before / BYTES_PER_LOOK; looks > 0 && before > 0; looks -= 1) {
			this.pump();
			if (frame.left < before) {
				before = frame.left;
				looks = before / BYTES_PER_LOOK;
			}
		}
	}

	#commitSmall(w1: number, w2: number, w3: number, writer: ByteWriter): void {
		const output = this.#output;
		writer.absorb();
		if (writer.isBorrowed) {
			output.commit(writer.length, w1, w2, w3);
			this.#publish();
			return;
		}
		if (this.#outboxAt === this.#outbox.length) {
			if (output.tryWrite(w1, w2, w3, writer.buf.subarray(writer.start, writer.pos))) {
				this.#publish();
				return;
			}
		}
		const payload = writer.take();
		this.queuedBytes += payload.length;
		this.#queuedSmall += 1;
		this.#outbox.push({ w1, w2, w3, payload });
	}

	#publish(): void {
		const kind = this.#output.publish();
		if (kind !== AWAKE) this.#options.wake(kind);
	}

	#isBehindBulk(lane: Lane): boolean {
		if (this.#bulk.length === 0 || lane === undefined) return false;
		return this.#bulk.some((frame) => frame.lane === lane);
	}

	/** Sends some small frames from the outbox. True when any went. */
	#pumpSmall(): boolean {
		let count = 0;
		while (this.#outboxAt < this.#outbox.length && count < SMALL_FRAMES_PER_FRAGMENT) {
			const frame = this.#outbox[this.#outboxAt] as Frame;
			if (!this.#output.tryWrite(frame.w1, frame.w2, frame.w3, frame.payload)) break;
			this.queuedBytes -= frame.payload.length;
			this.#outboxAt += 1;
			count += 1;
		}
		this.#sentSmall += count;
		this.#compact();
		return count > 0;
	}

	/** Sends one record of the large frame under way, or of a small one in its queue. True when one went. */
	#pumpBulk(): boolean {
		const frame = this.#bulk[0];
		if (!frame || frame.after > this.#sentSmall) return false;
		const piece = frame.piece(this.#fragmentBytes, frame.length <= this.#output.maxPayload);
		if (!this.#output.tryWrite(piece.w1, frame.w2, frame.w3, piece.payload)) return false;
		frame.sent(piece.bytes);
		this.queuedBytes -= piece.bytes;
		if (frame.left === 0) {
			this.#bulk.shift();
			frame.release(this.writer);
		}
		return true;
	}

	/** Half a record at most, so that two fragments and the small frames between them are under way together. */
	get #fragmentBytes(): number {
		return (this.#output.maxPayload >> 1) & ~15;
	}

	#compact(): void {
		if (this.#outboxAt === this.#outbox.length) this.#outbox = [];
		else if (this.#outboxAt < 1024) return;
		else this.#outbox = this.#outbox.slice(this.#outboxAt);
		this.#outboxAt = 0;
	}
}
