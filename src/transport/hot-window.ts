import { availableParallelism } from 'node:os';

import type { Latency } from './transport.ts';

/** Longest time to keep polling after work, in milliseconds. */
const MAX_WINDOW = 2;
/** First guess, and what a sleep that proves too short brings back, in milliseconds. */
const USUAL_WINDOW = 0.05;

/**
 * Decides how long a side keeps polling after work before it sleeps.
 *
 * Being woken costs 30 to 60 microseconds, polling a few hundred nanoseconds a round; so polling pays while the next message
 * is likely to come soon, and wastes a processor otherwise. The window grows while sleeps turn out short, shrinks to nothing
 * while they are long, and is nothing where this process has one processor: there the poller would keep the peer from running.
 */
export class HotWindow {
	/** Time to poll after the last work, in milliseconds. */
	window: number;
	/** False where spinning would keep the peer from running. */
	readonly canSpin: boolean;
	readonly #isFixed: boolean;
	#workAt = 0;
	#sleptAt = 0;

	constructor(latency: Latency, processors: number = availableParallelism()) {
		this.canSpin = processors >= 2;
		this.#isFixed = latency !== 'balanced' || processors < 2;
		if (latency === 'eco' || processors < 2) this.window = 0;
		else this.window = latency === 'low' ? MAX_WINDOW : USUAL_WINDOW;
	}

	/** Notes that there was something to do at `now`. */
	worked(now: number): void {
		this.#workAt = now;
	}

	/** True while it pays to look again instead of sleeping. */
	isHot(now: number): boolean {
		return this.window > 0 && now - this.#workAt < this.window;
	}

	/** Notes that this side goes to sleep at `now`. */
	slept(now: number): void {
		this.#sleptAt = now;
	}

	/** Learns from how long the sleep was that ends at `now`. */
	woke(now: number): void {
		if (this.#isFixed) return;
		const gap = now - this.#sleptAt;
		if (gap < 4 * Math.max(this.window, USUAL_WINDOW)) this.window = Math.min(MAX_WINDOW, Math.max(USUAL_WINDOW, this.window * 2));
		else if (gap > 8 * MAX_WINDOW) this.window = this.window > USUAL_WINDOW ? this.window / 2 : USUAL_WINDOW;
	}
}
