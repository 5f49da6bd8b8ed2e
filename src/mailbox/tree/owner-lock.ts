import { readFileSync, readlinkSync } from 'node:fs';
import { threadId } from 'node:worker_threads';

import { type Lock, layout } from '../store/index.ts';

/** Tries before a thread sleeps: an operation takes less than a microsecond. */
const TRIES = 200;
/** How long it sleeps before it looks whether the owner is still there, in milliseconds. */
const LOOK_MS = 5;
/** Bits of a thread's number on Linux, whose numbers come again; the bits above tell when the thread was started. */
const TASK_BITS = 22;
const TASK_MASK = (1 << TASK_BITS) - 1;
const START_MASK = 0x1ff;

/** Number of this thread as Linux counts threads; 0 elsewhere. */
export function ownTaskId(): number {
	try {
		return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
	} catch {
		return 0;
	}
}

/**
 * The lock of a store that only threads of one process share: a word that names its owner.
 *
 * An owner that is gone is found out by whoever waits: on Linux from the list of threads, elsewhere when its host, which is told
 * of its exit, takes the lock. Node's numbers are below 0, those of Linux above.
 */
export class OwnerLock implements Lock {
	readonly #words: Int32Array;
	readonly #owner: number;
	readonly #dead = new Set<number>();

	constructor(words: Int32Array) {
		this.#words = words;
		this.#owner = taskNumber(ownTaskId()) || numberOf(threadId);
	}

	acquire(): boolean {
		const words = this.#words;
		// Pairs with the store in release() of the former owner: what it wrote is seen here.
		for (let tries = 0; tries < TRIES; tries += 1)
			if (Atomics.compareExchange(words, layout.LOCK, 0, this.#owner) === 0) return false;
		for (;;) {
			// Pairs with the store in release().
			const owner = Atomics.compareExchange(words, layout.LOCK, 0, this.#owner);
			if (owner === 0) return false;
			// Pairs with nobody but others who found out the same: one of them takes the place of the dead.
			if (this.#isDead(owner) && Atomics.compareExchange(words, layout.LOCK, owner, this.#owner) === owner) return true;
			this.#sleep(owner);
		}
	}

	release(): void {
		// Pairs with the compareExchange in acquire().
		Atomics.store(this.#words, layout.LOCK, 0);
		// Pairs with the add in #sleep(), and wakes the wait there.
		if (Atomics.load(this.#words, layout.LOCK_SLEEPERS) > 0) Atomics.notify(this.#words, layout.LOCK, 1);
	}

	/** Takes note that a thread has ended. */
	bury(dead: number): void {
		this.#dead.add(numberOf(dead));
	}

	#sleep(owner: number): void {
		// Announces first; the wait looks again: pairs with the load and the notify in release(). One who dies here costs a notify.
		Atomics.add(this.#words, layout.LOCK_SLEEPERS, 1);
		Atomics.wait(this.#words, layout.LOCK, owner, LOOK_MS);
		Atomics.sub(this.#words, layout.LOCK_SLEEPERS, 1);
	}

	#isDead(owner: number): boolean {
		return owner < 0 ? this.#dead.has(owner) : taskNumber(owner & TASK_MASK) !== owner;
	}
}

/** Number of the thread that Linux counts as `task`, with the time of its start: another one may have that number later. 0: none has. */
export function taskNumber(task: number, stat: (task: number) => string = readStat): number {
	if (task === 0) return 0;
	try {
		const text = stat(task);
		// Behind the name, which may hold anything, the start is the 20th field.
		const start = Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19]);
		return ((start & START_MASK) << TASK_BITS) | (task & TASK_MASK);
	} catch {
		return 0;
	}
}

function readStat(task: number): string {
	return readFileSync(`/proc/self/task/${task}/stat`, 'latin1');
}

/** Number of a thread as Node counts, which never comes again, where Linux does not count. */
function numberOf(thread: number): number {
	return -1 - thread;
}
