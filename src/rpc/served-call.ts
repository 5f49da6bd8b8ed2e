import { TimeoutError } from '../errors/index.ts';
import type { CallContext } from './call-context.ts';
import type { Beginner, CallQueue } from './call-queue.ts';
import type { CallTerms } from './call-terms.ts';
import type { Answerable } from './find-current-call.ts';
import { type CurrentCall, LiveCall, type LiveCallSource } from './live-call.ts';
import type { Replies } from './replies.ts';
import type { ServedFunction } from './served-functions.ts';
import { StreamProducer } from './stream-producer.ts';
import { isThenable } from './thenable.ts';
import { FLAG_NO_ARGUMENTS, FLAG_ONE_ARGUMENT, FLAG_TELLS_BEGIN, FLAG_WANTS_PROGRESS } from './wire.ts';

/** What calls share with the server that runs them. */
export interface CallDesk {
	readonly queue: CallQueue;
	readonly replies: Replies;
	readonly context: CallContext<Answerable>;
	/** True to let out what was sent before any call runs. */
	readonly tellsAtOnce: boolean;
	/** Takes in what has arrived, on behalf of a call that asks for news, maybe over and over. */
	look(): void;
	/** Lets out what was sent: a call may now run for long without a pause. */
	flush(): void;
	/** The call has ended and was answered. */
	forget(call: ServedCall): void;
}

/** One call in the worker, from its arrival to its answer. */
export class ServedCall implements Beginner, Answerable, LiveCallSource {
	readonly id: number;
	readonly priority: number;
	readonly #desk: CallDesk;
	readonly #target: ServedFunction;
	readonly #flags: number;
	readonly #terms: CallTerms;
	/** Arguments as they came: the list, the only one, or nothing; then nothing, once it runs. */
	#payload: unknown;
	#state: 'waiting' | 'running' | 'ended' = 'waiting';
	/** Why nobody wants the result; `isLate` when this side saw so by its clock, before the host did. */
	#abort: { readonly reason: unknown; readonly isLate?: boolean } | undefined;
	#controller: AbortController | undefined;
	#producer: StreamProducer | undefined;
	#face: LiveCall | undefined;

	constructor(desk: CallDesk, id: number, target: ServedFunction, flags: number, payload: unknown, terms: CallTerms) {
		this.#desk = desk;
		this.id = id;
		this.#target = target;
		this.#flags = flags;
		this.#payload = payload;
		this.#terms = terms;
		this.priority = terms.priority;
	}

	get name(): string {
		return this.#target.name;
	}

	get isQuick(): boolean {
		return this.#target.isQuick;
	}

	set isQuick(isQuick: boolean) {
		this.#target.isQuick = isQuick;
	}

	get isOpen(): boolean {
		return this.#state === 'running';
	}

	get face(): CurrentCall {
		return (this.#face ??= new LiveCall(this));
	}

	get deadline(): number | undefined {
		return Number.isFinite(this.#terms.deadline) ? this.#terms.deadline : undefined;
	}

	get signal(): AbortSignal {
		this.#controller ??= new AbortController();
		this.abortReason();
		return this.#controller.signal;
	}

	begin(): boolean {
		if (this.#state !== 'waiting') return false;
		this.#state = 'running';
		const { context, replies } = this.#desk;
		if ((this.#flags & FLAG_TELLS_BEGIN) !== 0) {
			replies.begun(this.id);
			if (this.#desk.tellsAtOnce || !this.isQuick) this.#desk.flush();
		}
		try {
			const result = context.run(this, runTarget);
			if (this.#target.streams) this.#produce(result);
			else if (isThenable(result)) this.#await(result);
			else this.succeed(result);
		} catch (error) {
			this.fail(error);
		}
		return true;
	}

	/** Calls the function; in the context of this call. */
	invoke(): unknown {
		const { run } = this.#target;
		const payload = this.#payload;
		this.#payload = undefined;
		if ((this.#flags & FLAG_ONE_ARGUMENT) !== 0) return run(payload);
		return (this.#flags & FLAG_NO_ARGUMENTS) !== 0 ? run() : run(...(payload as unknown[]));
	}

	/** Nobody wants the result any more. Called where frames come in: what follows from it waits for its turn. */
	cancel(reason: unknown): void {
		const { queue, replies } = this.#desk;
		if (this.#state === 'waiting') {
			this.#state = 'ended';
			this.#payload = undefined;
			this.#desk.forget(this);
			queue.goOn(() => replies.dropped(this.id));
		} else if (this.#state === 'running') {
			this.#abort ??= { reason };
			queue.goOn(() => this.#obey());
		}
	}

	/** The consumer of the stream has taken so many items. */
	taken(items: number): void {
		this.#producer?.taken(items);
	}

	abortReason(): { readonly reason: unknown } | undefined {
		if (!this.#abort && this.isOpen) {
			this.#desk.look();
			const { deadline, timeout } = this.#terms;
			if (deadline !== Number.POSITIVE_INFINITY && Date.now() >= deadline)
				this.#abort ??= { reason: new TimeoutError({ what: `call of ${this.name}()`, timeout }), isLate: true };
		}
		if (this.#abort) this.#controller?.abort(this.#abort.reason);
		return this.#abort;
	}

	progress(value: unknown): boolean {
		if (!this.isOpen || (this.#flags & FLAG_WANTS_PROGRESS) === 0) return true;
		this.#desk.replies.progress(this.id, value);
		this.#desk.flush();
		return this.#desk.replies.isBelowMark;
	}

	/** Gives the result. */
	succeed(value: unknown): void {
		if (!this.#end()) return;
		// What ended because it was late is no result, even if it gets to the host before the host's own clock.
		if (this.#abort?.isLate) this.#desk.replies.failed(this.id, this.#abort.reason);
		else this.#desk.replies.result(this.id, value, this.#target.mend);
	}

	/** Gives the error. A stream that was told to end, and does by throwing the reason, has obeyed. */
	fail(error: unknown): void {
		if (!this.#end()) return;
		const abort = this.#abort;
		const hasObeyed = this.#target.streams && abort !== undefined && !abort.isLate && error === abort.reason;
		if (hasObeyed) this.#desk.replies.result(this.id, undefined);
		// As in succeed(): what a function throws because its signal fired, such as an AbortError, is not why the call failed.
		else this.#desk.replies.failed(this.id, abort?.isLate ? abort.reason : error);
	}

	#produce(iterable: unknown): void {
		this.#producer = new StreamProducer(this, this.#desk, iterable);
		this.#producer.start();
	}

	#await(result: PromiseLike<unknown>): void {
		// Gives a native promise as it is; one of another kind might throw, or answer twice.
		Promise.resolve(result).then(
			(value) => this.succeed(value),
			(error: unknown) => this.fail(error),
		);
	}

	#obey(): void {
		if (this.#state !== 'running') return;
		// Listeners belong to this call, whoever's frame brought the news.
		if (this.#controller) this.#desk.context.run(this, () => this.abortReason());
		this.#producer?.finish();
	}

	#end(): boolean {
		if (this.#state !== 'running') return false;
		this.#state = 'ended';
		this.#desk.forget(this);
		this.#desk.queue.ended();
		return true;
	}
}

function runTarget(call: Answerable): unknown {
	return (call as ServedCall).invoke();
}
