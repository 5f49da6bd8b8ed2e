import type { CallDesk, ServedCall } from './served-call.ts';
import { isThenable } from './thenable.ts';
import { STREAM_WINDOW_BYTES, STREAM_WINDOW_ITEMS } from './wire.ts';

type AnyIterator = Iterator<unknown, unknown, undefined> | AsyncIterator<unknown, unknown, undefined>;
type Step = IteratorResult<unknown, unknown>;

/**
 * Draws the items of a stream and sends them, never more ahead of the consumer than the window allows.
 *
 * The generator runs in the context of its call, one step at a time. It is finalised when the consumer is done with it, when
 * an item cannot be sent, and by itself when it ends.
 */
export class StreamProducer {
	readonly #call: ServedCall;
	readonly #desk: CallDesk;
	readonly #iterable: unknown;
	readonly #step = (): void => this.#drawOne();
	/** Bytes of the items that were sent and not taken, oldest first. */
	readonly #sizes: number[] = [];
	#bytesAhead = 0;
	#taken = 0;
	#iterator: AnyIterator | undefined;
	#isAsync = false;
	/** drawing: a step is under way or has its turn coming; waiting: for credit; finishing: told to end; ended: answered. */
	#state: 'drawing' | 'waiting' | 'finishing' | 'ended' = 'drawing';

	/** @param iterable what the function returned: something to iterate over, or a promise of it */
	constructor(call: ServedCall, desk: CallDesk, iterable: unknown) {
		this.#call = call;
		this.#desk = desk;
		this.#iterable = iterable;
	}

	/** Draws the first item. */
	start(): void {
		if (isThenable(this.#iterable)) {
			Promise.resolve(this.#iterable).then(
				(iterable) => this.#open(iterable),
				(error: unknown) => this.#fail(error),
			);
		} else this.#open(this.#iterable);
	}

	/** The consumer has taken so many items since the start, modulo 2^32. Called where frames come in. */
	taken(total: number): void {
		for (; this.#taken !== total && this.#sizes.length > 0; this.#taken = (this.#taken + 1) | 0)
			this.#bytesAhead -= this.#sizes.shift() as number;
		if (this.#state !== 'waiting' || !this.#hasCredit) return;
		this.#state = 'drawing';
		this.#desk.queue.goOn(this.#step);
	}

	/** Ends the generator: its finally blocks run, then the call is answered. */
	finish(): void {
		if (this.#state === 'finishing' || this.#state === 'ended') return;
		this.#state = 'finishing';
		// A generator that is just being opened is ended as soon as it is there.
		if (this.#iterator) this.#return((value) => this.#succeed(value));
	}

	get #hasCredit(): boolean {
		return this.#sizes.length < STREAM_WINDOW_ITEMS && this.#bytesAhead < STREAM_WINDOW_BYTES;
	}

	#open(iterable: unknown): void {
		const source = iterable as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
		try {
			const iterator = this.#inCall(() => source[Symbol.asyncIterator]?.());
			this.#isAsync = iterator !== undefined;
			this.#iterator = (iterator ?? this.#inCall(() => (source as Iterable<unknown>)[Symbol.iterator]())) as AnyIterator;
		} catch (error) {
			return this.#fail(error);
		}
		if (this.#state === 'finishing') this.#return((value) => this.#succeed(value));
		else this.#drawOne();
	}

	#drawOne(): void {
		if (this.#state !== 'drawing') return;
		let step: Step | PromiseLike<Step>;
		try {
			step = this.#inCall(() => (this.#iterator as AnyIterator).next());
		} catch (error) {
			return this.#fail(error);
		}
		if (this.#isAsync) this.#awaitStep(step as PromiseLike<Step>);
		else this.#take(step as Step);
	}

	#awaitStep(step: PromiseLike<Step>): void {
		Promise.resolve(step).then(
			(result) => this.#take(result),
			(error: unknown) => this.#fail(error),
		);
	}

	#take(step: Step): void {
		if (this.#state !== 'drawing') return;
		try {
			if (typeof step !== 'object' || step === null) throw new TypeError(`iterator result ${String(step)} is not an object`);
			if (step.done) this.#succeed(step.value);
			else if (!this.#isAsync && isThenable(step.value)) this.#awaitItem(step.value);
			else this.#send(step.value);
		} catch (error) {
			// The iterator is none, or a value has a getter that throws.
			this.#fail(error);
		}
	}

	/** As `for await` does: a plain generator may yield promises. */
	#awaitItem(item: PromiseLike<unknown>): void {
		Promise.resolve(item).then(
			(value) => this.#send(value),
			(error: unknown) => this.#return(() => this.#fail(error)),
		);
	}

	#send(value: unknown): void {
		if (this.#state !== 'drawing') return;
		try {
			const bytes = this.#desk.replies.item(this.#call.id, value);
			this.#sizes.push(bytes);
			this.#bytesAhead += bytes;
		} catch (error) {
			this.#state = 'finishing';
			return this.#return(() => this.#fail(error));
		}
		if (!this.#hasCredit) this.#state = 'waiting';
		// Others have their turn first, and a cancel may have come.
		else this.#desk.queue.goOn(this.#step);
	}

	/** Finalises the generator, then calls `then` with what it returned; an error of its finally blocks is the call's. */
	#return(then: (value: unknown) => void): void {
		const iterator = this.#iterator as AnyIterator;
		try {
			const step = this.#inCall(() => iterator.return?.());
			if (!this.#isAsync) return then((step as Step | undefined)?.value);
			Promise.resolve(step as PromiseLike<Step> | undefined).then(
				(result) => then(result?.value),
				(error: unknown) => this.#fail(error),
			);
		} catch (error) {
			this.#fail(error);
		}
	}

	#inCall<R>(action: () => R): R {
		return this.#desk.context.run(this.#call, action);
	}

	#succeed(value: unknown): void {
		this.#state = 'ended';
		this.#call.succeed(value);
	}

	#fail(error: unknown): void {
		this.#state = 'ended';
		this.#call.fail(error);
	}
}
