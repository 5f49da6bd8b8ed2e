import { type ExitInfo, WorkerExitedError, WorkerStartError } from '../errors/index.ts';
import {
	expandTransfer,
	isHandable,
	KIND_READY,
	KIND_START,
	KIND_START_FAILED,
	KIND_UNCAUGHT,
	meetWorker,
	MessengerCore,
	type StartFailure,
	type StartOrder,
} from '../messenger/index.ts';
import { CallClient, relabel, type ServeOrder } from '../rpc/index.ts';
import type { RawExit, StartedWorker } from './backend.ts';
import type { ResolvedOptions } from './options.ts';

/** How long a worker may go on after its end of the link was closed: an exit takes a moment, in milliseconds. */
const LINGER_MS = 1000;

/** Why a host's end of a link never parks. */
const HOST_REFUSAL = "this is the host's end, and a parked host cannot see its worker die";

/** One life of a worker, from its start to its exit: its process or thread, its messenger, and how it ended. */
export class Incarnation {
	readonly core: MessengerCore;
	readonly worker: StartedWorker;
	/** Resolves when the worker has ended and its messenger has told everyone; never rejects. */
	readonly ended: Promise<ExitInfo>;
	/** True once somebody was told how it ended, other than by an untroubled exit. */
	wasTold = false;
	/** Calls to the worker, where it was ordered to answer calls. */
	calls: CallClient | undefined;
	readonly #name: string;
	readonly #options: ResolvedOptions;
	/** Why the host ended the worker, where there is more to say than that it wanted to. */
	#why: Error | undefined;
	#uncaught: { readonly error: unknown } | undefined;
	#poison: Error | undefined;
	/** True once this side has ended it by force: then no way to end is a trouble. */
	#isForced = false;
	#killTimer: NodeJS.Timeout | undefined;
	#lingerTimer: NodeJS.Timeout | undefined;
	#isRefd = true;
	/** How many calls wait for its end. */
	#awaited = 0;

	constructor(name: string, worker: StartedWorker, options: ResolvedOptions) {
		this.#name = name;
		this.#options = options;
		this.worker = worker;
		this.core = new MessengerCore({
			order: options.terms.order,
			limits: options.terms.limits,
			blockingRefusal: HOST_REFUSAL,
			onPeerGone: (_core, error) => this.#onPeerGone(error),
			transport: (sink) => worker.open(sink),
		});
		this.core.link.on(KIND_UNCAUGHT, (w1, _w2, _w3, bytes) => {
			const decoded = this.core.link.tryDecode(w1, bytes, bytes.start);
			this.#uncaught = { error: 'value' in decoded ? decoded.value : decoded.failure };
		});
		this.core.link.transport.ref();
		this.ended = worker.exited.then((exit) => this.#onExit(exit));
	}

	/**
	 * Sends the worker its order; resolves when it begins, to what it says then, and rejects with WorkerStartError when it cannot.
	 */
	async begin(order: StartOrder | ServeOrder): Promise<unknown> {
		const { link } = this.core;
		if ('serves' in order) this.calls = this.#openCalls();
		const answer = new Promise<{ ready: unknown } | StartFailure>((resolve) => {
			link.on(KIND_READY, (w1, _w2, _w3, bytes) => resolve({ ready: link.decode(w1, bytes, bytes.start) }));
			link.on(KIND_START_FAILED, (w1, _w2, _w3, bytes) => {
				const decoded = link.tryDecode(w1, bytes, bytes.start);
				resolve(
					'value' in decoded ? (decoded.value as StartFailure) : { why: 'its reason could not be read', cause: decoded.failure },
				);
			});
		});
		this.#sendOrder(order);
		const outcome = await Promise.race([answer, this.ended.then((info) => this.#diedBeforeItBegan(info))]);
		if ('ready' in outcome) return outcome.ready;
		const { why, cause } = outcome;
		throw new WorkerStartError(this.#name, why, cause === undefined ? undefined : { cause });
	}

	/** Asks the worker to close. A worker that is ending anyway cannot be asked, and need not. */
	requestClose(): void {
		const { transport } = this.core.link;
		// It would pass the large arguments of calls that were made before it.
		if (this.calls && transport.outboxBytes > 0) void transport.drained().then(() => this.#sendCloseRequest());
		else this.#sendCloseRequest();
	}

	/** Asks the worker to close, sends SIGTERM, and SIGKILL after the grace. `why` is the cause of the error of its exit. */
	terminate(why?: Error): void {
		this.#why ??= why;
		this.#isForced = true;
		this.requestClose();
		this.worker.terminate();
		this.#killTimer ??= setTimeout(() => this.worker.kill(), this.#options.killGrace);
	}

	/** Ends the worker at once and resolves when it has ended. */
	async kill(): Promise<ExitInfo> {
		this.#isForced = true;
		this.worker.kill();
		const info = await this.ended;
		this.worker.release();
		return info;
	}

	/** Whether the worker keeps the host alive. */
	setRef(isRefd: boolean): void {
		this.#isRefd = isRefd;
		this.#applyRef();
	}

	/** Waits for `end`, keeping the host alive meanwhile, even when the worker itself does not. */
	async keepHostFor<T>(end: Promise<T>): Promise<T> {
		this.#awaited += 1;
		this.#applyRef();
		try {
			return await end;
		} finally {
			this.#awaited -= 1;
			this.#applyRef();
		}
	}

	/** Throws the errors of the worker that nobody was told of: each is thrown once, several as an AggregateError. */
	throwUntold(info: ExitInfo): void {
		const untold = this.core.incoming.takeUntold();
		const isTroubled =
			this.#uncaught !== undefined ||
			this.#poison !== undefined ||
			(!this.#isForced && (info.exitCode !== 0 || info.signal !== null));
		if (isTroubled && !this.wasTold && !this.core.wasEndTold) untold.push(this.core.incoming.ending?.error);
		this.wasTold = true;
		if (untold.length === 1) throw untold[0];
		if (untold.length > 1)
			throw new AggregateError(untold, `worker "${this.#name}" sent ${untold.length} errors that nobody received`);
	}

	#applyRef(): void {
		if (this.core.isClosed) return;
		const { transport } = this.core.link;
		if (this.#isRefd || this.#awaited > 0) {
			this.worker.ref();
			transport.ref();
		} else {
			this.worker.unref();
			transport.unref();
		}
	}

	#sendCloseRequest(): void {
		if (!this.core.incoming.ending) this.core.outgoing.sendCloseRequest();
	}

	#openCalls(): CallClient {
		const { abortGrace, terms } = this.#options;
		return new CallClient({
			link: this.core.link,
			worker: this.#name,
			maxQueuedBytes: terms.limits.maxQueuedBytes,
			abortGrace,
			onAbortIgnored: (error) => this.terminate(error),
			onEndTold: () => {
				this.wasTold = true;
			},
			portable: (error) => this.core.outgoing.portable(error),
		});
	}

	#sendOrder(order: StartOrder): void {
		const { link } = this.core;
		const { pid, threadId } = this.worker;
		const backend = this.#options.backend;
		const { values, transfer } = meetWorker({ name: this.#name, backend, pid, threadId, link, ended: this.ended });
		const expanded = expandTransfer(order.args.filter(isHandable));
		try {
			link.encode({ ...order, extensions: values }, [...expanded.objects, ...transfer], undefined, expanded.sent);
		} catch (error) {
			throw relabel(error, 'arguments', 'data.args');
		} finally {
			expanded.done();
		}
		link.commit(KIND_START, 0, 0, undefined, true);
	}

	#diedBeforeItBegan(info: ExitInfo): StartFailure {
		const how = info.signal ? `by signal ${info.signal}` : `with exit code ${String(info.exitCode)}`;
		const last = info.stderr ? `. Its stderr said: ${info.stderr}` : '';
		return { why: `it ended ${how} before its target began${last}`, cause: info.error };
	}

	#onPeerGone(error: Error | undefined): void {
		// The exit, which follows, tells the rest. A worker that goes on without a link is of no use, and could not be closed.
		if (!error) {
			this.#lingerTimer = setTimeout(() => this.worker.kill(), LINGER_MS).unref();
			return;
		}
		// A poisoned link has no use any more: the worker is ended, and the poison is why.
		this.#poison = error;
		this.worker.kill();
	}

	#onExit(exit: RawExit): ExitInfo {
		const { core } = this;
		// The exit is known before this last look at what the worker had sent, so nothing that was sent is missed.
		core.link.transport.peerGone();
		clearTimeout(this.#killTimer);
		clearTimeout(this.#lingerTimer);
		const error = this.#poison ?? this.#uncaught?.error ?? exit.error ?? this.#why;
		const hasError = error !== undefined || this.#uncaught !== undefined;
		const info: ExitInfo = {
			exitCode: exit.exitCode,
			signal: exit.signal,
			...(hasError && { error }),
			...(exit.stderr && { stderr: exit.stderr }),
		};
		core.end(this.#poison ?? (this.#uncaught ? this.#uncaught.error : new WorkerExitedError(this.#name, info)));
		core.close();
		this.calls?.end(core.incoming.ending?.error);
		return info;
	}
}
