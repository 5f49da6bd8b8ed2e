import { PendingCall } from './pending-call.ts';
import type { Sender } from './sender.ts';
import type { Outcome } from './switchboard.ts';

/** A target and what it is asked. */
export type TargetedRequest<Q = unknown> = readonly [target: Sender, request: Q];

/** What came of one request. */
type Settled = { readonly outcome: Outcome } | { readonly error: unknown };

/**
 * The replies to several requests, in the order of their arrival. The requests are sent when the first reply is asked for. One that
 * fails rejects one `next()`, and the others can still be had; ending early gives up those that are left.
 */
export class Replies<R> implements AsyncIterableIterator<R> {
	readonly #requests: Iterable<TargetedRequest>;
	readonly #bridge: number;
	readonly #timeout: number;
	readonly #fallback: R;
	#calls: Set<PendingCall> | undefined;
	readonly #settled: Settled[] = [];
	readonly #asking: ((settled: Settled | undefined) => void)[] = [];

	constructor(requests: Iterable<TargetedRequest>, bridge: number, { timeout, fallback }: { timeout: number; fallback: R }) {
		this.#requests = requests;
		this.#bridge = bridge;
		this.#timeout = timeout;
		this.#fallback = fallback;
	}

	async next(): Promise<IteratorResult<R, undefined>> {
		this.#calls ??= this.#begin();
		const settled = await this.#take();
		if (!settled) return { done: true, value: undefined };
		if ('error' in settled) throw settled.error;
		return { done: false, value: resultOf(settled.outcome, this.#fallback) as R };
	}

	async return(): Promise<IteratorResult<R, undefined>> {
		const left = this.#calls;
		this.#calls = new Set();
		this.#settled.length = 0;
		for (const call of left ?? []) call.giveUp();
		for (const tell of this.#asking.splice(0)) tell(undefined);
		return { done: true, value: undefined };
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	#begin(): Set<PendingCall> {
		const calls = new Set<PendingCall>();
		for (const [target, request] of this.#requests) {
			const call = new PendingCall(target, request, this.#bridge, this.#timeout);
			calls.add(call);
			call.outcome.then(
				(outcome) => this.#settle(call, { outcome }),
				(error: unknown) => this.#settle(call, { error }),
			);
		}
		return calls;
	}

	#settle(call: PendingCall, settled: Settled): void {
		// One that was given up is not told.
		if (!this.#calls?.delete(call)) return;
		const tell = this.#asking.shift();
		if (tell) tell(settled);
		else this.#settled.push(settled);
		if (this.#calls.size === 0) for (const each of this.#asking.splice(0)) each(undefined);
	}

	#take(): Promise<Settled | undefined> | Settled | undefined {
		const there = this.#settled.shift();
		if (there || this.#calls?.size === 0) return there;
		return new Promise((resolve) => this.#asking.push(resolve));
	}
}

/** The value of a request: its reply, or what stands for none. Throws why the actor failed. */
export function resultOf(outcome: Outcome, fallback: unknown): unknown {
	switch (outcome.type) {
		case 'reply':
			return outcome.value;
		case 'failure':
			throw outcome.reason;
		default:
			return fallback;
	}
}
