/*
 * What do two workers do that talk to each other? The same over everything: `give(value)` and `take()`, whatever they are.
 */
import { setImmediate as turn } from 'node:timers/promises';

import { percentile } from '../harness/statistics.mjs';

/** Longest list of times of one slice. */
const MAX_CALLS = 500_000;
/** Messages sent between two turns of the event loop. */
const BURST = 1000;

/** Sends a number, waits until it comes back, and so on for `ms`; times in microseconds. */
export async function roundTrips(give, take, ms) {
	const times = new Float64Array(MAX_CALLS);
	let count = 0;
	const settle = performance.now() + ms / 10;
	for (let n = -1; performance.now() < settle; n -= 1) await roundTrip(give, take, n);
	let now = performance.now();
	for (const end = now + ms; now < end && count < MAX_CALLS; count += 1) {
		await roundTrip(give, take, count);
		const then = now;
		now = performance.now();
		times[count] = now - then;
	}
	const sorted = times.subarray(0, count).sort();
	return { p50: percentile(sorted, 0.5) * 1000, p99: percentile(sorted, 0.99) * 1000 };
}

async function roundTrip(give, take, n) {
	give(n);
	const back = await take();
	if (back !== n) throw new Error(`wrong answer: ${n} came back as ${back}`);
}

/** Sends numbers for `ms`, waiting for room where `give` says so by a promise, then their count. */
export async function produce(give, ms) {
	let n = 0;
	for (const end = performance.now() + ms; performance.now() < end; ) {
		for (const last = n + BURST; n < last; n += 1) await giveOne(give, n);
		await turn();
	}
	await giveOne(give, { count: n });
}

function giveOne(give, value) {
	const hasToWait = give(value);
	return hasToWait && hasToWait.then(() => giveOne(give, value));
}

/** Counts what comes until each of `producers` has told how much it has sent; throws when that is not what came. */
export class Tally {
	#left;
	#count = 0;
	#told = 0;

	constructor(producers) {
		this.#left = producers;
	}

	/** Returns the count when that was all. */
	add(value) {
		if (typeof value === 'number') this.#count += 1;
		else {
			this.#left -= 1;
			this.#told += value.count;
		}
		if (this.#left > 0) return undefined;
		if (this.#told !== this.#count) throw new Error(`wrong answer: of ${this.#told} messages ${this.#count} came`);
		return this.#count;
	}
}
