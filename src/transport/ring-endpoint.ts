import {
	ASLEEP,
	AWAKE,
	BELL_INDEX,
	type Endpoint,
	PARKED,
	type RecordSink,
	type Region,
	RING_CONTROL_INDEX,
	RingReader,
	RingWriter,
	type SleepKind,
} from '../ringbuf/index.ts';

/** Records read before their memory is given back. */
const RECORDS_PER_BATCH = 256;

/**
 * One end of a link in shared memory: the ring to write, the ring to read, and how this side sleeps and wakes the other.
 *
 * Whatever the peer wrote is checked; a check that fails throws ProtocolError, and the link is done.
 */
export class RingEndpoint {
	readonly output: RingWriter;
	readonly #reader: RingReader;
	readonly #region: Region;
	readonly #endpoint: Endpoint;
	readonly #peer: Endpoint;
	readonly #ring: () => void;
	/** A quarter of the ring: the producer writes on while this side copies the next. */
	readonly #bytesPerBatch: number;

	/** @param ring rings the bell that wakes the peer's event loop */
	constructor(region: Region, endpoint: Endpoint, ring: () => void) {
		this.#region = region;
		this.#endpoint = endpoint;
		this.#peer = endpoint === 0 ? 1 : 0;
		this.#ring = ring;
		this.output = new RingWriter(region.control, RING_CONTROL_INDEX[endpoint], region.data[endpoint]);
		this.#reader = new RingReader(region.control, RING_CONTROL_INDEX[this.#peer], region.data[this.#peer]);
		this.#bytesPerBatch = region.data[this.#peer].length / 4;
	}

	/** How far this side has read, in bytes, modulo 2^32. */
	get position(): number {
		return this.#reader.position;
	}

	/** True when the last batch left records that it knew of. */
	get isBehind(): boolean {
		return this.#reader.isBehind;
	}

	/** False while the peer announces that it sleeps. */
	get isPeerAwake(): boolean {
		return this.output.isConsumerAwake;
	}

	/** True when the peer closed its end in order, as opposed to having died. */
	get isPeerClosed(): boolean {
		return this.#reader.isClosed;
	}

	/** Looks so many times whether something has come: true as soon as it has. */
	spin(looks: number): boolean {
		return this.#reader.spin(looks);
	}

	/** Hands one batch of records to `sink`, gives their memory back, and returns how many there were. */
	readBatch(sink: RecordSink): number {
		const count = this.#reader.read(sink, RECORDS_PER_BATCH, this.#bytesPerBatch);
		this.wake(this.#reader.release());
		return count;
	}

	/**
	 * Announces that this side will sleep until something comes, or until there is room for `payloadBytes` when something
	 * waits. False, with nothing announced, when either is so by now: do not sleep.
	 */
	arm(kind: SleepKind, payloadBytes: number | undefined): boolean {
		if (!this.#reader.arm(kind)) return false;
		if (payloadBytes === undefined || this.output.arm(kind, payloadBytes)) return true;
		this.#reader.disarm();
		return false;
	}

	/** Parks this thread until something comes, there is room, the peer closes, or `timeout` ms have passed. */
	park(timeout: number, payloadBytes: number | undefined): void {
		// Read before both are armed: a wake-up after this changes the word, and the wait below returns at once. Pairs with wake().
		const bell = Atomics.load(this.#region.control, BELL_INDEX[this.#endpoint]);
		if (!this.arm(PARKED, payloadBytes)) return;
		// Looked at after arming, like the tail: a peer that closes later finds the announcement and wakes this side.
		if (!this.#reader.isClosed) this.#region.park(this.#endpoint, bell, timeout);
		this.#reader.disarm();
		this.output.disarm();
	}

	/** Wakes a peer that sleeps in the way that its announcement says. */
	wake(kind: SleepKind): void {
		if (kind === AWAKE) return;
		if (kind === ASLEEP) return this.#ring();
		// Changes the word that a parked peer waits on, then wakes it: pairs with the load and the wait in park().
		Atomics.add(this.#region.control, BELL_INDEX[this.#peer], 1);
		this.#region.unpark(this.#peer);
	}

	/** Tells the peer that this side closed in order. */
	close(): void {
		this.wake(this.output.close());
	}

	/** Gives the memory back. */
	release(): void {
		this.#region.release();
	}
}
