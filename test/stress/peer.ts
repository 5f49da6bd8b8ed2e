/*
 * One end of a link under stress: sends and receives at once, in bursts of random length, with pauses, sleeping now in the event
 * loop and now parked, the way ring-transport.ts does.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

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
} from '../../src/ringbuf/index.ts';
import { Checker, type Random, randomFrom, Source } from './traffic.ts';

/** Wakes the peer's event loop, and this one. A ring is kept until it is waited for. */
export interface StressBell {
	ring(): void;
	/** Resolves when it has rung since the last time, or when the other end is gone. */
	rung(): Promise<void>;
	readonly isGone: boolean;
}

export interface PeerOptions {
	readonly region: Region;
	readonly endpoint: Endpoint;
	readonly bell: StressBell;
	readonly seed: number;
	/** How many records to send before closing in order. */
	readonly records: number;
	/** Whether this side parks at times. A side whose peer may die must not. */
	readonly mayPark: boolean;
}

export interface PeerResult {
	readonly sent: number;
	readonly received: number;
	readonly bytes: number;
	/** Times this side announced that it would sleep until data comes: the peer rings at most that often for it. */
	readonly announced: number;
	/** Whether the other end died before it had closed. */
	readonly isOrphan: boolean;
}

export class Peer {
	readonly reader: RingReader;
	readonly writer: RingWriter;
	readonly checker: Checker = new Checker();
	readonly #source: Source;
	readonly #options: PeerOptions;
	readonly #other: Endpoint;
	readonly #capacity: number;
	readonly #random: Random;
	#announced = 0;
	#hasClosed = false;
	#isPeerClosed = false;

	constructor(options: PeerOptions) {
		const { region, endpoint } = options;
		this.#options = options;
		this.#other = endpoint === 0 ? 1 : 0;
		this.#capacity = region.data[this.#other].length;
		this.#random = randomFrom(options.seed);
		this.writer = new RingWriter(region.control, RING_CONTROL_INDEX[endpoint], region.data[endpoint]);
		this.reader = new RingReader(region.control, RING_CONTROL_INDEX[this.#other], region.data[this.#other]);
		this.#source = new Source(this.writer, this.#random);
	}

	/** Runs until both sides have closed and everything has been taken in, or until the other one is gone. */
	async run(): Promise<PeerResult> {
		for (;;) {
			// Liveness, orderly or not, is read before the tail.
			const isGone = this.#options.bell.isGone;
			this.#isPeerClosed = this.reader.isClosed;
			this.#takeIn();
			const isBlocked = !this.#send();
			if (this.#isPeerClosed && this.#hasClosed) return this.#result(false);
			if (isGone) return this.#result(!this.#isPeerClosed);
			if (isBlocked || this.#hasClosed) await this.#sleep(isBlocked);
			else await this.#pause();
		}
	}

	#result(isOrphan: boolean): PeerResult {
		if (this.reader.hasMore) throw new Error('records are left after the last look');
		const { checker } = this;
		return { sent: this.#source.sent, received: checker.received, bytes: checker.bytes, announced: this.#announced, isOrphan };
	}

	/** Takes in all there is, in batches of random length. */
	#takeIn(): void {
		const maxBytes = this.#random(2) === 0 ? this.#capacity / 4 : this.#capacity;
		do {
			this.reader.read(this.checker, 1 + this.#random(64), maxBytes);
			this.#wake(this.reader.release());
		} while (this.reader.isBehind);
	}

	/** Sends a burst of random length; false when there was no room for all of it. Closes after the last record. */
	#send(): boolean {
		if (this.#hasClosed) return true;
		const left = this.#options.records - this.#source.sent;
		const burst = Math.min(left, 1 + this.#random(this.#random(8) === 0 ? 512 : 16));
		const batch = 1 + this.#random(8);
		let written = 0;
		while (written < burst && this.#source.write()) {
			written += 1;
			if (written % batch === 0) this.#wake(this.writer.publish());
		}
		this.#wake(this.writer.publish());
		if (written < burst) return false;
		if (burst === left) {
			this.#hasClosed = true;
			this.#wake(this.writer.close());
		}
		return true;
	}

	#wake(kind: SleepKind): void {
		if (kind === AWAKE) return;
		if (kind === ASLEEP) return this.#options.bell.ring();
		Atomics.add(this.#options.region.control, BELL_INDEX[this.#other], 1);
		this.#options.region.unpark(this.#other);
	}

	async #sleep(isBlocked: boolean): Promise<void> {
		const { bell, endpoint, mayPark, region } = this.#options;
		if (mayPark && this.#random(2) === 0) {
			const word = Atomics.load(region.control, BELL_INDEX[endpoint]);
			if (this.#arm(PARKED, isBlocked)) region.park(endpoint, word, Number.POSITIVE_INFINITY);
			this.writer.disarm();
			this.reader.disarm();
		} else if (this.#arm(ASLEEP, isBlocked)) await bell.rung();
	}

	/** Announces a sleep until there is data, and room if some is missing. False when either is there, or the close. */
	#arm(kind: SleepKind, isBlocked: boolean): boolean {
		this.#announced += 1;
		if (!this.reader.arm(kind)) return false;
		if (isBlocked && !this.writer.arm(kind, this.#source.nextBytes)) return false;
		return this.#isPeerClosed || !this.reader.isClosed;
	}

	/** Mostly none; at times a turn of the event loop, at times some work. */
	async #pause(): Promise<void> {
		const choice = this.#random(64);
		if (choice === 0) await nextTurn();
		else if (choice < 4) for (let i = this.#random(20_000); i > 0; i -= 1) this.#random(2);
	}
}
