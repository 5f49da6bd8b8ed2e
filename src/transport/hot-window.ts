import { availableParallelism } from 'node:os';

import type { Latency } from './transport.ts';

/** Longest time to keep polling after work, in milliseconds. */
const MAX_WINDOW = 2;
/** First guess, and what a sleep that proves too short brings back, in milliseconds. */
const USUAL_WINDOW = 0.05;
/** Two looks with nothing to do between them that are further apart may mean that somebody else had the processor, in milliseconds. */
const DESCHEDULED = 0.15;
/** Time to poll for each byte moved, in milliseconds: some three times what it takes the peer to copy it and to answer. */
const WINDOW_PER_BYTE = 6e-7;
/** Fewer bytes than this are copied within any window. */
const MANY_BYTES = 16 * 1024;
/** How long not to poll after that, in milliseconds: doubled each time up to the limit, halved by each window that paid. */
const MIN_REST = 5;
const MAX_REST = 500;

/**
 * Decides how long a side keeps polling after work before it sleeps.
 *
 * Being woken costs 30 to 60 microseconds, polling a few hundred nanoseconds a round; so polling pays while the next message
 * is likely to come soon, and wastes a processor otherwise. The window grows while sleeps turn out short, and shrinks to
 * nothing while they are long.
 *
 * Where processors are scarce, polling does harm: the poller uses up the time slice that it would need when the message comes,
 * or the one that the peer needs to answer. So there is no window where this process has one processor, and none for a while
 * after a look that came late because something else was running. The kernel's count of preemptions tells that from a pause
 * of the garbage collector, or of the machine that this one is a guest of: there, sleeping would help nobody.
 */
export class HotWindow {
	/** Time to poll after the last work, in milliseconds. */
	window: number;
	/** False where spinning would keep the peer from running. */
	readonly canSpin: boolean;
	readonly #isFixed: boolean;
	readonly #isEco: boolean;
	#workAt = 0;
	#sleptAt = 0;
	#lookedAt = 0;
	#wasIdleLook = false;
	#bulkWindow = 0;
	#rest = MIN_REST;
	#preemptions = countPreemptions();
	#restUntil = 0;

	constructor(latency: Latency, processors: number = availableParallelism()) {
		this.canSpin = processors >= 2;
		this.#isEco = latency === 'eco';
		this.#isFixed = latency !== 'balanced' || !this.canSpin;
		if (latency === 'eco' || !this.canSpin) this.window = 0;
		else this.window = latency === 'low' ? MAX_WINDOW : USUAL_WINDOW;
	}

	/** Notes a look from `begun` to `now`, and whether there was something to do. */
	looked(begun: number, now: number, didWork: boolean): void {
		if (this.#wasIdleLook && begun - this.#lookedAt > DESCHEDULED && this.#wasPreempted()) this.#backOff(now);
		else if (this.#wasIdleLook && didWork) this.#rest = Math.max(MIN_REST, this.#rest / 2);
		this.#lookedAt = now;
		this.#wasIdleLook = !didWork;
		if (didWork) this.#workAt = now;
	}

	/**
	 * Notes bytes sent or received. Many keep both sides busy for longer than the window, and the answer comes after that: true
	 * when it pays to look for it.
	 */
	moved(bytes: number): boolean {
		if (bytes < MANY_BYTES || !this.canSpin || this.#isEco) return false;
		this.#bulkWindow = Math.max(this.#bulkWindow, Math.min(MAX_WINDOW, bytes * WINDOW_PER_BYTE));
		this.#workAt = performance.now();
		return true;
	}

	/** True while it pays to look again instead of sleeping. */
	isHot(now: number): boolean {
		const window = this.#bulkWindow > this.window ? this.#bulkWindow : this.window;
		return now - this.#workAt < window && now >= this.#restUntil;
	}

	/** Notes that this side goes to sleep at `now`. */
	slept(now: number): void {
		this.#sleptAt = now;
		this.#bulkWindow = 0;
		this.#wasIdleLook = false;
	}

	/** Learns from how long the sleep was that ends at `now`. */
	woke(now: number): void {
		if (this.#isFixed) return;
		const gap = now - this.#sleptAt;
		if (gap < 4 * Math.max(this.window, USUAL_WINDOW))
			this.window = Math.min(MAX_WINDOW, Math.max(USUAL_WINDOW, this.window * 2));
		else if (gap > 8 * MAX_WINDOW) this.window = this.window > USUAL_WINDOW ? this.window / 2 : USUAL_WINDOW;
	}

	/** Whether this process lost a processor since the last late look. Windows counts none: there, every late look counts. */
	#wasPreempted(): boolean {
		const before = this.#preemptions;
		this.#preemptions = countPreemptions();
		return this.#preemptions !== before || this.#preemptions === 0;
	}

	#backOff(now: number): void {
		this.#restUntil = now + this.#rest;
		this.#rest = Math.min(MAX_REST, this.#rest * 2);
	}
}

/** Takes a microsecond, so only late looks ask. */
function countPreemptions(): number {
	return process.resourceUsage().involuntaryContextSwitches;
}
