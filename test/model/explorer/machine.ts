/*
 * The memory of one link and its bells, as the threads of a scenario see them. The Atomics of the shipped code are these: each
 * call must have been a scheduling point, and every announcement of a sleep and every ring for it is counted.
 */
import { BELL_INDEX, RING_CONTROL_INDEX } from '../../../src/ringbuf/index.ts';
import { CONTROL_BYTES, CWAIT, HEAD, PWAIT, TAIL } from '../../../src/ringbuf/layout.ts';
import type { Point } from './scheduler.ts';

export type Side = 0 | 1;
type AtomicName = 'load' | 'store' | 'exchange' | 'add' | 'or';
export type ShippedAtomics = Pick<typeof Atomics, AtomicName>;

/** The machine of the schedule that runs now: one thread at a time, so there is never more than one. */
let current: Machine;

/** New memory, for the schedule that begins now. */
export function newMachine(capacity: number, start: number): Machine {
	current = new Machine(capacity, start);
	return current;
}

/** What the shipped code gets as `Atomics`. Anything that is not here fails at once. */
export const atomics: ShippedAtomics = Object.freeze({
	load: (words: Int32Array, index: number) => current.access('load', index, () => words[index] as number),
	store: (words: Int32Array, index: number, value: number) => current.access('store', index, () => (words[index] = value)),
	exchange: (words: Int32Array, index: number, value: number) =>
		current.access('exchange', index, () => replace(words, index, value)),
	add: (words: Int32Array, index: number, by: number) =>
		current.access('add', index, () => replace(words, index, (words[index] as number) + by)),
	or: (words: Int32Array, index: number, bits: number) =>
		current.access('or', index, () => replace(words, index, (words[index] as number) | bits)),
}) as unknown as ShippedAtomics;

function replace(words: Int32Array, index: number, value: number): number {
	const before = words[index] as number;
	words[index] = value;
	return before;
}

class Machine {
	readonly control = new Int32Array(CONTROL_BYTES / 4);
	readonly data: readonly [Buffer, Buffer];
	/** Bells of the event loops; a ring stays until it is taken. */
	readonly rung: [boolean, boolean] = [false, false];
	/** That a side has seen the other end close. */
	readonly gone: [boolean, boolean] = [false, false];
	/** Sides in Atomics.wait or in a futex. */
	readonly parked: [boolean, boolean] = [false, false];
	readonly dead: [boolean, boolean] = [false, false];
	atomicCalls = 0;
	/** Announcements, by the index of their word, that stand or were taken but not yet answered by a ring. */
	readonly #announced = new Map<number, number>();
	#allowed: Point | undefined;

	constructor(capacity: number, start: number) {
		this.data = [Buffer.alloc(capacity, 0xee), Buffer.alloc(capacity, 0xee)];
		for (const base of RING_CONTROL_INDEX) {
			this.control[base + TAIL] = this.control[base + HEAD] = start;
			this.#announced.set(base + CWAIT, 0).set(base + PWAIT, 0);
		}
	}

	allow(point: Point): void {
		this.#allowed = point;
	}

	access(name: AtomicName, index: number, action: () => number): number {
		if (this.#allowed !== name) throw new Error(`Atomics.${name}() without a scheduling point`);
		this.#allowed = undefined;
		this.atomicCalls += 1;
		const before = this.control[index] as number;
		const result = action();
		this.#countAnnouncement(name, index, before);
		return result;
	}

	/** An announcement that its own side replaces or withdraws is answered by nobody; one that the peer takes, by one ring. */
	#countAnnouncement(name: AtomicName, index: number, before: number): void {
		const count = this.#announced.get(index);
		if (count === undefined || name !== 'store') return;
		const isStanding = this.control[index] !== 0;
		this.#announced.set(index, count + Number(isStanding) - Number(before !== 0));
	}

	/** Counts the ring for an announcement; there is one for each, and never two. */
	countRing(index: number): void {
		const count = (this.#announced.get(index) as number) - 1;
		if (count < 0) throw new Error('two rings for one sleep');
		this.#announced.set(index, count);
	}

	/** At the end the announcements that are left stand in memory. */
	checkAnnouncements(): void {
		if (this.dead.includes(true)) return;
		for (const [index, count] of this.#announced) {
			if (count !== Number(this.control[index] !== 0)) throw new Error('an announcement was taken, but nobody rang');
		}
	}

	bellWord(side: Side): number {
		return this.control[BELL_INDEX[side]] as number;
	}
}

export type { Machine };
