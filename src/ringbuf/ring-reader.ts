import { ProtocolError } from '../errors/index.ts';
import { AWAKE, CWAIT, HEAD, PWAIT, SLEEPS, type SleepKind, STATE, STATE_CLOSED, TAIL } from './layout.ts';
import { PAD, RECORD_HEADER_BYTES, type RecordSink, recordBytes } from './record.ts';

/**
 * The consuming end of a ring of bytes with one producer and one consumer.
 *
 * Every number that the producer wrote is read once, checked against the ring, and only then used: whatever the bytes say,
 * reading delivers records or throws ProtocolError, and never loops, reads outside the ring or asks for memory.
 */
export class RingReader {
	readonly #control: Int32Array;
	readonly #data: Buffer;
	readonly #words: Int32Array;
	readonly #base: number;
	readonly #capacity: number;
	readonly #mask: number;
	/** True when the last read left records that it knew of. */
	isBehind = false;
	#head: number;
	#released: number;

	/** @param base word index in `control` of this ring's control words */
	constructor(control: Int32Array, base: number, data: Buffer) {
		this.#control = control;
		this.#base = base;
		this.#data = data;
		this.#words = new Int32Array(data.buffer, data.byteOffset, data.length / 4);
		this.#capacity = data.length;
		this.#mask = data.length - 1;
		// Loads what this side wrote last, when it takes over a ring that was in use; pairs with no other thread's store.
		this.#head = this.#released = Atomics.load(control, base + HEAD);
	}

	/**
	 * Hands up to `limit` records to `sink`, stopping after `maxBytes`, and returns how many there were. Their memory is given
	 * back by {@link release}, which the caller owes after every read.
	 */
	read(sink: RecordSink, limit: number, maxBytes: number = this.#capacity): number {
		const tail = this.#loadTail();
		const from = this.#head;
		let count = 0;
		while (this.#head !== tail && count < limit && ((this.#head - from) | 0) < maxBytes) {
			const offset = this.#head & this.#mask;
			const word = offset >> 2;
			// Read once: a peer that changes them afterwards changes nothing here.
			const payloadBytes = this.#words[word] as number;
			const rest = this.#capacity - offset;
			if (payloadBytes === PAD) {
				this.#check(rest <= ((tail - this.#head) | 0), 'PAD goes past the tail', payloadBytes);
				this.#head = (this.#head + rest) | 0;
				continue;
			}
			this.#check(payloadBytes >= 0 && payloadBytes <= rest - RECORD_HEADER_BYTES, 'record goes past the end', payloadBytes);
			const bytes = recordBytes(payloadBytes);
			this.#check(bytes <= ((tail - this.#head) | 0), 'record goes past the tail', payloadBytes);
			const start = offset + RECORD_HEADER_BYTES;
			const w1 = this.#words[word + 1] as number;
			const w2 = this.#words[word + 2] as number;
			const w3 = this.#words[word + 3] as number;
			// Before the call, so that a sink that throws does not get the same record again.
			this.#head = (this.#head + bytes) | 0;
			count += 1;
			sink.onRecord(w1, w2, w3, this.#data, start, start + payloadBytes);
		}
		this.isBehind = this.#head !== tail;
		return count;
	}

	/** True when the producer has published records that were not read yet. */
	get hasMore(): boolean {
		return this.#loadTail() !== this.#head;
	}

	/** Looks so many times whether something was published: true as soon as it is. What it is, {@link read} checks. */
	spin(looks: number): boolean {
		for (let look = 0; look < looks; look += 1) {
			// Pairs with the store of TAIL in RingWriter.publish().
			if (Atomics.load(this.#control, this.#base + TAIL) !== this.#head) return true;
		}
		return false;
	}

	/** How far this side has read, in bytes, modulo 2^32. */
	get position(): number {
		return this.#head;
	}

	/** Gives back the memory of what was read, and says how the producer sleeps, as RingWriter.publish() does. */
	release(): SleepKind {
		if (this.#head === this.#released) return AWAKE;
		this.#released = this.#head;
		// Gives the space back: pairs with the loads of HEAD in RingWriter.claim(), tryWrite() and arm().
		Atomics.store(this.#control, this.#base + HEAD, this.#head);
		// Pairs with arm() of the writer: it announces, then looks at HEAD; this stores HEAD, then looks at the announcement.
		if (Atomics.load(this.#control, this.#base + PWAIT) === AWAKE) return AWAKE;
		return Atomics.exchange(this.#control, this.#base + PWAIT, AWAKE) as SleepKind;
	}

	/** Announces that this side will sleep until something is published. False when something is there by now: do not sleep. */
	arm(kind: SleepKind): boolean {
		// Announces first, looks second: pairs with the TAIL store, then CWAIT exchange in RingWriter.publish().
		Atomics.store(this.#control, this.#base + CWAIT, kind);
		if (this.#loadTail() !== this.#head) {
			this.disarm();
			return false;
		}
		this.#control[this.#base + SLEEPS]! += 1;
		return true;
	}

	/** Withdraws an announcement. */
	disarm(): void {
		// Pairs with the exchange in RingWriter.publish(): either side may clear it, a bell too many is harmless.
		Atomics.store(this.#control, this.#base + CWAIT, AWAKE);
	}

	/** True when the producer closed in order. */
	get isClosed(): boolean {
		// Pairs with the Atomics.or in RingWriter.close().
		return (Atomics.load(this.#control, this.#base + STATE) & STATE_CLOSED) !== 0;
	}

	#loadTail(): number {
		// Pairs with the store of TAIL in RingWriter.publish(): everything before it has been written.
		const tail = Atomics.load(this.#control, this.#base + TAIL);
		const waiting = (tail - this.#head) | 0;
		if (waiting < 0 || waiting > this.#capacity || ((tail | waiting) & 15) !== 0) {
			throw new ProtocolError('TAIL lies outside the ring', { tail, head: this.#head, capacity: this.#capacity });
		}
		return tail;
	}

	#check(holds: boolean, what: string, payloadBytes: number): void {
		if (!holds) throw new ProtocolError(what, { payloadBytes, head: this.#head, capacity: this.#capacity });
	}
}
