import { ProtocolError } from '../errors/index.ts';
import { AWAKE, BELLS_RUNG, CWAIT, HEAD, PWAIT, type SleepKind, STATE, STATE_CLOSED, TAIL } from './layout.ts';
import { maxRecordPayload, PAD, RECORD_HEADER_BYTES, recordBytes } from './record.ts';

/**
 * The producing end of a ring of bytes with one producer and one consumer.
 *
 * Records are written behind the published tail, where the consumer does not look, and become visible together by one store
 * in {@link publish}. So a producer killed at any instant leaves nothing half-written behind, and a batch costs one store.
 * The consumer's index is cached and read again only when the ring looks full (rigtorp's SPSCQueue, LMAX Disruptor).
 */
export class RingWriter {
	/** The ring's data, for writing in place what {@link claim} has made room for. */
	readonly data: Buffer;
	/** Largest payload of one record, in bytes. */
	readonly maxPayload: number;
	/** Offset in `data` where the payload of the claimed record starts. */
	claimed = 0;
	readonly #control: Int32Array;
	readonly #words: Int32Array;
	readonly #base: number;
	readonly #capacity: number;
	readonly #mask: number;
	#tail: number;
	#published: number;
	#headCache: number;

	/** @param base word index in `control` of this ring's control words */
	constructor(control: Int32Array, base: number, data: Buffer) {
		this.data = data;
		this.maxPayload = maxRecordPayload(data.length);
		this.#control = control;
		this.#base = base;
		this.#words = new Int32Array(data.buffer, data.byteOffset, data.length / 4);
		this.#capacity = data.length;
		this.#mask = data.length - 1;
		// Loads what this side wrote last, when it takes over a ring that was in use; pairs with no other thread's store.
		this.#tail = this.#published = Atomics.load(control, base + TAIL);
		this.#headCache = this.#loadHead();
	}

	/** Makes room for a record in place and returns how many payload bytes it may have; less than `wanted` means: little room. */
	claim(wanted: number): number {
		const offset = this.#tail & this.#mask;
		const rest = this.#capacity - offset;
		let free = this.#capacity - ((this.#tail - this.#headCache) | 0);
		if (free < rest && free < wanted + RECORD_HEADER_BYTES) {
			this.#headCache = this.#loadHead();
			free = this.#capacity - ((this.#tail - this.#headCache) | 0);
		}
		this.claimed = offset + RECORD_HEADER_BYTES;
		return Math.min(free < rest ? free : rest, this.maxPayload + RECORD_HEADER_BYTES) - RECORD_HEADER_BYTES;
	}

	/** Completes the claimed record, whose `payloadBytes` have been written in place. Invisible until {@link publish}. */
	commit(payloadBytes: number, w1: number, w2: number, w3: number): void {
		const word = (this.#tail & this.#mask) >> 2;
		const words = this.#words;
		words[word] = payloadBytes;
		words[word + 1] = w1;
		words[word + 2] = w2;
		words[word + 3] = w3;
		this.#tail = (this.#tail + recordBytes(payloadBytes)) | 0;
	}

	/** Copies a record of at most `maxPayload` bytes into the ring; false when there is no room now. Invisible until {@link publish}. */
	tryWrite(w1: number, w2: number, w3: number, payload: Uint8Array): boolean {
		const need = recordBytes(payload.length);
		const offset = this.#tail & this.#mask;
		const rest = this.#capacity - offset;
		const skip = rest < need ? rest : 0;
		if (this.#capacity - ((this.#tail - this.#headCache) | 0) < need + skip) {
			this.#headCache = this.#loadHead();
			if (this.#capacity - ((this.#tail - this.#headCache) | 0) < need + skip) return false;
		}
		if (skip > 0) {
			this.#words[offset >> 2] = PAD;
			this.#tail = (this.#tail + skip) | 0;
		}
		this.data.set(payload, (this.#tail & this.#mask) + RECORD_HEADER_BYTES);
		this.commit(payload.length, w1, w2, w3);
		return true;
	}

	/**
	 * Makes all committed records visible and says how the consumer sleeps: whoever gets a kind other than AWAKE rings that
	 * bell, and is the only one to do so.
	 */
	publish(): SleepKind {
		if (this.#tail === this.#published) return AWAKE;
		this.#published = this.#tail;
		// Publishes the batch: pairs with the loads of TAIL in RingReader.read() and arm().
		Atomics.store(this.#control, this.#base + TAIL, this.#tail);
		return this.#take(CWAIT);
	}

	/** False while the consumer announces a sleep. Advice only: it may change at any time. */
	get isConsumerAwake(): boolean {
		// Pairs with the store in RingReader.arm(); nothing hangs on the order.
		return Atomics.load(this.#control, this.#base + CWAIT) === AWAKE;
	}

	/** True while committed records wait for {@link publish}. No side may sleep meanwhile. */
	get hasUnpublished(): boolean {
		return this.#tail !== this.#published;
	}

	/**
	 * Announces that this side will sleep until there is room for a record of `payloadBytes`. False when there is room by
	 * now: do not sleep. The announcement stands until the consumer takes it or {@link disarm} withdraws it.
	 */
	arm(kind: SleepKind, payloadBytes: number): boolean {
		// Announces first, looks second: pairs with the HEAD store, then PWAIT exchange in RingReader.release().
		Atomics.store(this.#control, this.#base + PWAIT, kind);
		this.#headCache = this.#loadHead();
		if (!this.#hasRoom(payloadBytes)) return true;
		this.disarm();
		return false;
	}

	/** Withdraws an announcement. */
	disarm(): void {
		// Pairs with the exchange in RingReader.release(): either side may clear it, a bell too many is harmless.
		Atomics.store(this.#control, this.#base + PWAIT, AWAKE);
	}

	/** Tells the consumer that this side closed in order, and says how it sleeps, as {@link publish} does. */
	close(): SleepKind {
		// Pairs with the load in RingReader.isClosed.
		Atomics.or(this.#control, this.#base + STATE, STATE_CLOSED);
		return this.#take(CWAIT);
	}

	#hasRoom(payloadBytes: number): boolean {
		const need = recordBytes(payloadBytes);
		const rest = this.#capacity - (this.#tail & this.#mask);
		return this.#capacity - ((this.#tail - this.#headCache) | 0) >= need + (rest < need ? rest : 0);
	}

	/** Reads the consumer's index and refuses one that it cannot have reached. */
	#loadHead(): number {
		// Pairs with the store of HEAD in RingReader.release(): what the consumer has given back may be overwritten.
		const head = Atomics.load(this.#control, this.#base + HEAD);
		const used = (this.#tail - head) | 0;
		if (used < 0 || used > this.#capacity || ((head | used) & 15) !== 0) {
			throw new ProtocolError('HEAD lies outside the ring', { head, tail: this.#tail, capacity: this.#capacity });
		}
		return head;
	}

	/** Takes the peer's announcement, so that exactly one side rings for each sleep. */
	#take(flag: number): SleepKind {
		// Both accesses are sequentially consistent with the store before them: pairs with arm() of the reader. A plain load
		// here would be the classic lost wake-up.
		if (Atomics.load(this.#control, this.#base + flag) === AWAKE) return AWAKE;
		const kind = Atomics.exchange(this.#control, this.#base + flag, AWAKE) as SleepKind;
		if (kind !== AWAKE) this.#control[this.#base + BELLS_RUNG]! += 1;
		return kind;
	}
}
