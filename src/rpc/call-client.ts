import { AbortIgnoredError, ProtocolError } from '../errors/index.ts';
import { expandTransfer, type MessageLink, type PrefixWriter } from '../messenger/index.ts';
import type { FrameBytes } from '../transport/index.ts';
import type { CallClientOptions } from './call-client-options.ts';
import type { CallOptions } from './call-options.ts';
import { CALL_BYTES, CallTable } from './call-table.ts';
import { termsOf } from './call-terms.ts';
import { RemoteFailure, rejectToCaller } from './caller-stack.ts';
import { armGiveUp, givenUpBefore } from './give-up.ts';
import { type PendingCall, PlainCall, type RemoteMethod, WatchedCall } from './pending-call.ts';
import { relabel } from './relabel.ts';
import { keepSettlers, rejectLast, resolveLast } from './settlers.ts';
import { CallStream } from './remote-stream.ts';
import { StreamCall, type StreamKeeper } from './stream-call.ts';
import {
	FLAG_HAS_TERMS,
	FLAG_NO_ARGUMENTS,
	FLAG_ONE_ARGUMENT,
	FLAG_TELLS_BEGIN,
	FLAG_WANTS_PROGRESS,
	KIND_BEGUN,
	KIND_CALL,
	KIND_CANCEL,
	KIND_DROPPED,
	KIND_FAILED,
	KIND_ITEM,
	KIND_PROGRESS,
	KIND_RESULT,
	KIND_TAKEN,
	laneOf,
} from './wire.ts';

const resolved = Promise.resolve();

/**
 * The host's side of calls to one worker, for one life of it.
 *
 * Every call settles, once: with what the worker answers, with the reason it was given up for, or with how the worker ended,
 * after everything that had arrived.
 */
export class CallClient implements StreamKeeper {
	readonly #options: CallClientOptions;
	readonly #link: MessageLink;
	readonly #table: CallTable;
	#deliveries: (() => void)[] = [];
	/** What opens a stream, until that is done. */
	readonly #unopened = new WeakMap<StreamCall, () => void>();
	/** Streams that were cut and answered: the exit ends them. */
	#cut: StreamCall[] = [];
	#ending: { readonly error: unknown } | undefined;

	constructor(options: CallClientOptions) {
		this.#options = options;
		const { link } = options;
		this.#link = link;
		this.#table = new CallTable(options.maxQueuedBytes);
		link.onAsked(() => this.#table.size > 0);
		link.on(KIND_RESULT, (w1, id, _w3, bytes) => this.#onResult(w1, id, bytes));
		link.on(KIND_FAILED, (w1, id, _w3, bytes) => this.#onFailed(w1, id, bytes));
		link.on(KIND_DROPPED, (_w1, id) => this.#answered(id).succeed(undefined));
		link.on(KIND_BEGUN, (_w1, id) => this.#onBegun(id));
		link.on(KIND_ITEM, (w1, id, _w3, bytes) => this.#onValue(w1, id, bytes, true));
		link.on(KIND_PROGRESS, (w1, id, _w3, bytes) => this.#onValue(w1, id, bytes, false));
	}

	/** Calls that were sent and not answered, those that were given up and have not ended included. */
	get pendingCalls(): number {
		return this.#table.size;
	}

	/** Calls a function that gives one result. */
	call(method: RemoteMethod, args: readonly unknown[], options?: CallOptions<never>): Promise<unknown> {
		try {
			const promise = new Promise(keepSettlers);
			if (options === undefined) this.#send(new PlainCall(method, resolveLast, rejectLast), args, 0, undefined);
			else this.#callWith(method, args, options);
			// Its own handler's promise, see rejectToCaller().
			return promise.then(undefined, rejectToCaller);
		} catch (error) {
			return Promise.reject(error);
		}
	}

	/**
	 * Sends a call that somebody else settles, and has the worker say when it begins. Throws when it cannot be sent; otherwise
	 * the call succeeds or fails once, with {@link hasEnded} true if that is for the end of the worker.
	 */
	submit(call: PendingCall, args: readonly unknown[], options?: CallOptions<never>): void {
		this.#send(call, args, FLAG_TELLS_BEGIN, options);
	}

	/** True from the end of the worker on: calls that fail now do so because of it. */
	get hasEnded(): boolean {
		return this.#ending !== undefined;
	}

	/** Calls a function that streams, when the first item is asked for; with a `problem`, that is what the first item is. */
	stream(method: RemoteMethod, args: readonly unknown[], options: CallOptions<never> = {}, problem?: Error): CallStream {
		const call = new StreamCall(method, this, options);
		this.#unopened.set(call, () => {
			if (problem) throw problem;
			this.#openStream(call, args, options);
		});
		return new CallStream(call);
	}

	/** Ends every call with `error`: the worker is gone, and what it had sent was taken in. Idempotent. */
	end(error: unknown): void {
		if (this.#ending) return;
		this.#ending = { error };
		this.#flush();
		for (const call of [...this.#table.all(), ...this.#cut]) {
			clearTimeout(call.graceTimer);
			call.fail(error);
			if (!call.isCancelled && !(call instanceof StreamCall)) this.told(error);
		}
		this.#table.clear();
		this.#cut = [];
		this.#flush();
	}

	/** Ends the streams that are open, for the worker is to close: it would wait for their consumers. They are told of its exit. */
	cutStreams(): void {
		for (const call of this.#table.all()) if (call instanceof StreamCall) call.cut();
	}

	open(call: StreamCall): void {
		const open = this.#unopened.get(call);
		this.#unopened.delete(call);
		open?.();
	}

	taken(call: StreamCall, items: number): void {
		// A getter of an object being sent took an item: wait for the end of that message.
		if (this.#link.isEncoding) return queueMicrotask(() => this.taken(call, items));
		if (call.id < 0 || this.#ending) return;
		this.#link.encode(undefined);
		this.#link.commit(KIND_TAKEN, call.id, items, laneOf(call.id));
	}

	told(error: unknown): void {
		if (this.#ending && error === this.#ending.error) this.#options.onEndTold();
	}

	cancel(call: PendingCall, reason: unknown): void {
		call.isCancelled = true;
		this.#sendCancel(call, reason);
		this.#limitGrace(call);
	}

	deliver(delivery: () => void): void {
		this.#deliveries.push(delivery);
		if (this.#deliveries.length === 1) void resolved.then(() => this.#flush());
	}

	#callWith(method: RemoteMethod, args: readonly unknown[], options: CallOptions<never>): void {
		const call = new WatchedCall(method, resolveLast, rejectLast, this, options);
		const what = `call of ${method.name}()`;
		const before = givenUpBefore(what, options);
		if (before) throw before.reason;
		const { signal, timeout, onBegun } = options;
		const canGiveUp = signal !== undefined || timeout !== undefined;
		this.#send(call, args, canGiveUp || options.onProgress || onBegun ? FLAG_TELLS_BEGIN : 0, options);
		if (canGiveUp) call.disarm = armGiveUp(what, options, (reason) => call.giveUp(reason));
	}

	#openStream(call: StreamCall, args: readonly unknown[], options: CallOptions<never>): void {
		const what = `call of ${call.method.name}()`;
		const before = givenUpBefore(what, options);
		if (before) throw before.reason;
		this.#send(call, args, FLAG_TELLS_BEGIN, options);
		call.disarm = armGiveUp(what, options, (reason) => call.giveUp(reason));
	}

	#send(call: PendingCall, args: readonly unknown[], flags: number, options: CallOptions<never> | undefined): void {
		if (this.#ending) {
			this.told(this.#ending.error);
			throw this.#ending.error;
		}
		const count = args.length;
		const payload = count === 1 ? args[0] : count === 0 ? undefined : args;
		const prefix = options && termsOf(options);
		const bytes = this.#encode(payload, options, prefix, count === 1 ? 'arguments[0]' : 'arguments');
		let w1 = KIND_CALL | flags;
		if (count < 2) w1 |= count === 1 ? FLAG_ONE_ARGUMENT : FLAG_NO_ARGUMENTS;
		if (prefix) w1 |= FLAG_HAS_TERMS;
		if (options?.onProgress) w1 |= FLAG_WANTS_PROGRESS;
		const id = this.#table.nextId;
		this.#link.commit(w1, id, call.method.number, laneOf(id));
		this.#table.add(call, bytes);
	}

	/** Encodes the arguments, and returns what the call is charged. */
	#encode(payload: unknown, options: CallOptions<never> | undefined, prefix: PrefixWriter | undefined, root: string): number {
		const link = this.#link;
		const expanded = options?.transfer?.length ? expandTransfer(options.transfer) : undefined;
		try {
			const bytes = link.encode(payload, expanded?.objects, prefix, expanded?.sent) + CALL_BYTES;
			this.#admit(bytes);
			return bytes;
		} catch (error) {
			throw relabel(error, root);
		} finally {
			expanded?.done();
		}
	}

	/** Throws QueueFullError, and forgets what was encoded, when a call of `bytes` would be too much. */
	#admit(bytes: number): void {
		try {
			this.#table.admit(bytes);
		} catch (error) {
			this.#link.abandon();
			throw error;
		}
	}

	/** Takes a call out of the table, for it was answered. */
	#answered(id: number): PendingCall {
		const call = this.#table.take(id);
		if (call.graceTimer) clearTimeout(call.graceTimer);
		if (call instanceof StreamCall && call.isCut) this.#cut.push(call);
		return call;
	}

	#onResult(w1: number, id: number, bytes: FrameBytes): void {
		const call = this.#answered(id);
		let value: unknown;
		try {
			value = this.#link.decode(w1, bytes, bytes.start);
		} catch (error) {
			if (error instanceof ProtocolError) throw error;
			call.fail(error);
			return;
		}
		call.succeed(value);
	}

	#onFailed(w1: number, id: number, bytes: FrameBytes): void {
		const call = this.#answered(id);
		const decoded = this.#link.tryDecode(w1, bytes, bytes.start);
		const error = 'value' in decoded ? decoded.value : decoded.failure;
		if (!(call instanceof StreamCall && call.isCut)) call.fail(new RemoteFailure(error, call.method.name, this.#options.worker));
	}

	#onBegun(id: number): void {
		const call = this.#table.get(id);
		call.begun();
		this.#limitGrace(call);
	}

	#onValue(w1: number, id: number, bytes: FrameBytes, isItem: boolean): void {
		const call = this.#table.get(id);
		const decoded = this.#link.tryDecode(w1, bytes, bytes.start);
		if ('failure' in decoded) this.#refuse(call, decoded.failure);
		else if (isItem) call.item(decoded.value, bytes.end - bytes.start);
		else call.progress(decoded.value);
	}

	/** Gives up a call whose items or progress cannot be read here. */
	#refuse(call: PendingCall, error: unknown): void {
		if (call instanceof StreamCall || call instanceof WatchedCall) this.deliver(() => call.giveUp(error));
	}

	#sendCancel(call: PendingCall, reason: unknown): void {
		const link = this.#link;
		if (link.isEncoding) return queueMicrotask(() => this.#sendCancel(call, reason));
		if (call.id < 0 || this.#ending) return;
		try {
			link.encode(reason);
		} catch {
			link.encode(this.#options.portable(reason));
		}
		link.commit(KIND_CANCEL, call.id, 0, laneOf(call.id));
	}

	/** Once a call has begun and was cancelled, it may go on for `abortGrace` ms. */
	#limitGrace(call: PendingCall): void {
		if (!call.isCancelled || !call.hasBegun || call.id < 0 || call.graceTimer) return;
		if (call instanceof StreamCall && call.isCut) return;
		const { abortGrace, worker, onAbortIgnored } = this.#options;
		const error = (): AbortIgnoredError => new AbortIgnoredError({ worker, name: call.method.name, abortGrace });
		call.graceTimer = setTimeout(() => onAbortIgnored(error()), abortGrace).unref();
	}

	#flush(): void {
		const deliveries = this.#deliveries;
		this.#deliveries = [];
		for (const delivery of deliveries) delivery();
	}
}
