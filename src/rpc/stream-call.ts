import { FifoQueue } from '../messenger/index.ts';
import { rejectToCaller } from './caller-stack.ts';
import type { CallOptions } from './call-options.ts';
import { type CallKeeper, PendingCall, type RemoteMethod } from './pending-call.ts';
import { ProgressListener } from './progress-listener.ts';
import { STREAM_WINDOW_BYTES, STREAM_WINDOW_ITEMS } from './wire.ts';

type Result = IteratorResult<unknown, unknown>;

interface Taker {
	readonly resolve: (result: Result) => void;
	readonly reject: (error: unknown) => void;
}

/** What a stream needs of the client. */
export interface StreamKeeper extends CallKeeper {
	/** Sends the call. Throws when it cannot be sent. */
	open(call: StreamCall): void;
	/** Tells the worker how many items were taken since the start. */
	taken(call: StreamCall, items: number): void;
	/** Notes that a consumer was told of an error. */
	told(error: unknown): void;
}

const DONE: Result = { value: undefined, done: true };

/** The host's side of a stream: keeps the items that have come until the consumer takes them, and how it ended. */
export class StreamCall extends PendingCall {
	readonly #keeper: StreamKeeper;
	readonly #options: CallOptions<never>;
	readonly #listener: ProgressListener | undefined;
	readonly #items = new FifoQueue<{ readonly value: unknown; readonly bytes: number }>();
	readonly #takers = new FifoQueue<Taker>();
	/** Lets go of timer and signal. */
	disarm: () => void = () => {};
	/**
	 * new: the call is not made before the first item is asked for. cut: the worker was told to close, and its exit says the rest.
	 * closing: the consumer is done, the worker's generator is being finalised. ended: told once all items are taken. over: told.
	 */
	#state: 'new' | 'open' | 'cut' | 'closing' | 'ended' | 'over' = 'new';
	#outcome: { readonly value: unknown } | { readonly error: unknown } = DONE;
	#taken = 0;
	#acknowledged = 0;
	#bytesTaken = 0;

	constructor(method: RemoteMethod, keeper: StreamKeeper, options: CallOptions<never> = {}) {
		super(method);
		this.#keeper = keeper;
		this.#options = options;
		this.#listener = options.onProgress && new ProgressListener(options.onProgress, (error) => this.giveUp(error));
	}

	/** The next item, or the end. */
	next(): Promise<Result> {
		if (this.#state === 'new') this.#open();
		const item = this.#items.shift();
		if (item) {
			this.#took(item.bytes);
			return Promise.resolve({ value: item.value, done: false });
		}
		if (this.#state === 'over' || this.#state === 'closing') return Promise.resolve(DONE);
		const told = new Promise<Result>((resolve, reject) => this.#takers.push({ resolve, reject }));
		if (this.#state === 'ended') this.#tellEnd();
		return told.then(undefined, rejectToCaller);
	}

	/** Ends the stream from this side: the worker's generator is finalised. Resolves when that is done. */
	close(value: unknown): Promise<Result> {
		const result: Result = { value, done: true };
		if (this.#state !== 'open' && this.#state !== 'cut' && this.#state !== 'closing') {
			this.#drop();
			this.#state = 'over';
			return Promise.resolve(result);
		}
		this.disarm();
		if (this.#state !== 'closing') {
			this.#drop();
			const wasOpen = this.#state === 'open';
			this.#state = 'closing';
			if (wasOpen) this.#keeper.cancel(this, consumerIsDone());
			// Nothing has begun, as far as is known, so nothing is to be finalised; the worker may be busy with others for long.
			if (!this.hasBegun) {
				this.#state = 'over';
				return Promise.resolve(result);
			}
		}
		const closed = new Promise<Result>((resolve, reject) => this.#takers.push({ resolve: () => resolve(result), reject }));
		return closed.then(undefined, rejectToCaller);
	}

	/** Told by the client that the worker closes: what comes is kept, and the exit ends the stream. */
	cut(): void {
		if (this.#state !== 'open') return;
		this.#state = 'cut';
		this.disarm();
		this.#keeper.cancel(this, consumerIsDone());
	}

	/** True while an answer of the worker says nothing about how the stream ended: it was cut. */
	get isCut(): boolean {
		return this.#state === 'cut';
	}

	/** Rejects what is asked for at once, and tells the worker. */
	giveUp(reason: unknown): void {
		if (this.#state !== 'open') return;
		this.#end({ error: reason }, true);
		this.#keeper.cancel(this, reason);
	}

	override item(value: unknown, bytes: number): void {
		if (this.#state !== 'open' && this.#state !== 'cut') return;
		const taker = this.#takers.shift();
		if (!taker) return this.#items.push({ value, bytes });
		taker.resolve({ value, done: false });
		this.#took(bytes);
	}

	override progress(value: unknown): void {
		if (!this.#listener) return;
		this.#keeper.deliver(() => {
			if (this.#state !== 'over' && !this.isCancelled) this.#listener?.tell(value);
		});
	}

	override begun(): void {
		super.begun();
		this.#options.onBegun?.();
	}

	succeed(value: unknown): void {
		if (this.#state !== 'cut') this.#end({ value });
	}

	fail(error: unknown): void {
		this.#end({ error });
	}

	#open(): void {
		this.#state = 'open';
		try {
			this.#keeper.open(this);
		} catch (error) {
			this.#end({ error });
		}
	}

	/** @param isAtOnce true to forget the items that were not taken */
	#end(outcome: { readonly value: unknown } | { readonly error: unknown }, isAtOnce = false): void {
		if (this.#state === 'ended' || this.#state === 'over') return;
		this.disarm();
		this.#outcome = outcome;
		if (isAtOnce) this.#dropItems();
		// Whoever closes the stream hears the same: whether finalising it went well.
		if (this.#takers.size > 0) this.#tellEnd();
		else this.#state = 'ended';
	}

	/** Tells the first taker how it ended, the others that it has. */
	#tellEnd(): void {
		const outcome = this.#outcome;
		const wasClosing = this.#state === 'closing';
		this.#state = 'over';
		for (let taker = this.#takers.shift(), isFirst = true; taker; taker = this.#takers.shift(), isFirst = wasClosing) {
			if (!isFirst) taker.resolve(DONE);
			else if ('error' in outcome) {
				taker.reject(outcome.error);
				this.#keeper.told(outcome.error);
			} else taker.resolve({ value: outcome.value, done: true });
		}
	}

	/** Forgets what has come, and lets go of who waits for more. */
	#drop(): void {
		this.#dropItems();
		for (let taker = this.#takers.shift(); taker; taker = this.#takers.shift()) taker.resolve(DONE);
	}

	#dropItems(): void {
		while (this.#items.shift());
	}

	/** Counts an item that was taken, and gives credit back in batches: no more is under way than half a window then. */
	#took(bytes: number): void {
		this.#taken = (this.#taken + 1) | 0;
		this.#bytesTaken += bytes;
		const unacknowledged = (this.#taken - this.#acknowledged) | 0;
		if (unacknowledged < STREAM_WINDOW_ITEMS / 2 && this.#bytesTaken < STREAM_WINDOW_BYTES / 4) return;
		this.#acknowledged = this.#taken;
		this.#bytesTaken = 0;
		if (this.#state === 'open') this.#keeper.taken(this, this.#taken);
	}
}

function consumerIsDone(): DOMException {
	return new DOMException('The consumer of the stream is done with it', 'AbortError');
}
