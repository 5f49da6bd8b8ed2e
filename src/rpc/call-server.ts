import { ProtocolError } from '../errors/index.ts';
import type { MessageLink, MessengerLimits } from '../messenger/index.ts';
import type { FrameBytes } from '../transport/index.ts';
import { threadContext } from './call-context.ts';
import { CallQueue } from './call-queue.ts';
import { NO_TERMS, readTerms, TERMS_BYTES } from './call-terms.ts';
import type { Answerable } from './find-current-call.ts';
import { Replies } from './replies.ts';
import { type CallDesk, ServedCall } from './served-call.ts';
import type { ServedFunction } from './served-functions.ts';
import {
	FLAG_HAS_TERMS,
	FLAG_NO_ARGUMENTS,
	FLAG_TELLS_BEGIN,
	type FunctionInfo,
	KIND_CALL,
	KIND_CANCEL,
	KIND_TAKEN,
} from './wire.ts';

/** What a {@link CallServer} is made of. */
export interface CallServerOptions {
	readonly link: MessageLink;
	readonly functions: readonly ServedFunction[];
	readonly limits: MessengerLimits;
	/** Calls that run at once; others wait for their turn. */
	readonly concurrency: number;
	/** True to let out that a call begins before it runs, however quick it may be: then the host knows of it, come what may. */
	readonly tellsAtOnce?: boolean;
	/** Returns what can be sent of an error. */
	readonly portable: (error: unknown) => unknown;
}

/** Shortest time between two looks at a port inside a loop that asks over and over, in milliseconds: a look there costs much. */
const PORT_LOOK_MS = 0.02;

/** The worker's side of calls: takes them in, has them run, answers them. */
export class CallServer {
	readonly #link: MessageLink;
	readonly #functions: readonly ServedFunction[];
	readonly #desk: CallDesk;
	/** Calls that the host may still have something to say about. */
	readonly #calls = new Map<number, ServedCall>();
	#isClosed = false;
	#lookedAt = 0;

	constructor({ link, functions, limits, concurrency, portable, tellsAtOnce = false }: CallServerOptions) {
		this.#link = link;
		this.#functions = functions;
		this.#desk = {
			queue: new CallQueue(concurrency, () => {
				if (link.transport.kind === 'port') link.transport.drainBlocking(0);
				link.transport.poll();
			}),
			replies: new Replies(link, limits, portable),
			tellsAtOnce,
			context: threadContext<Answerable>(),
			look: () => this.#look(),
			flush: () => this.#flush(),
			forget: (call) => this.#calls.delete(call.id),
		};
		link.onWork(() => this.#desk.queue.hasNext);
		link.on(KIND_CALL, (w1, w2, w3, bytes) => this.#onCall(w1, w2, w3, bytes));
		link.on(KIND_CANCEL, (w1, w2, _w3, bytes) => {
			const decoded = link.tryDecode(w1, bytes, bytes.start);
			this.#calls.get(w2)?.cancel('value' in decoded ? decoded.value : decoded.failure);
		});
		link.on(KIND_TAKEN, (_w1, w2, w3) => this.#calls.get(w2)?.taken(w3));
	}

	/** What the host is told about the functions, in the order of their numbers. */
	get functions(): readonly FunctionInfo[] {
		return this.#functions.map(({ name, streams }) => ({ name, streams }));
	}

	/** Takes no more calls; resolves when those that had come are answered. */
	close(): Promise<void> {
		this.#isClosed = true;
		return this.#desk.queue.idle();
	}

	#onCall(w1: number, id: number, number: number, bytes: FrameBytes): void {
		const target = this.#functions[number];
		if (!target) throw new ProtocolError('a call names a function that was never announced', { number });
		const hasTerms = (w1 & FLAG_HAS_TERMS) !== 0;
		const terms = hasTerms ? readTerms(bytes) : NO_TERMS;
		let payload: unknown;
		let served = target;
		try {
			// Decoded in any case: later messages may build on what this one defines.
			payload = this.#link.decode(w1, bytes, hasTerms ? bytes.start + TERMS_BYTES : bytes.start);
		} catch (error) {
			if (error instanceof ProtocolError) throw error;
			served = failing(target, error);
		}
		if (this.#isClosed) return;
		const flags = served === target ? w1 : w1 | FLAG_NO_ARGUMENTS;
		const call = new ServedCall(this.#desk, id, served, flags, payload, terms);
		if (target.streams || (w1 & FLAG_TELLS_BEGIN) !== 0) this.#calls.set(id, call);
		this.#desk.queue.add(call);
	}

	/** Takes in what has arrived, on behalf of a call that asks for news, maybe over and over. */
	#look(): void {
		const { transport, isEncoding } = this.#link;
		// A getter of something that is being sent asks: the transport's memory is in use.
		if (isEncoding) return;
		if (transport.kind === 'port') {
			const now = performance.now();
			if (now - this.#lookedAt < PORT_LOOK_MS) return;
			this.#lookedAt = now;
		}
		this.#flush();
		transport.poll();
	}

	/** Lets out what was sent: a ring lacks room, a port collects what one turn of the event loop sends. */
	#flush(): void {
		const { transport } = this.#link;
		if (transport.kind === 'port') transport.drainBlocking(0);
		else if (transport.outboxBytes > 0) transport.park(0);
	}
}

/** Stands in for a function whose arguments could not be read. */
function failing({ name }: ServedFunction, error: unknown): ServedFunction {
	return {
		name,
		streams: false,
		isQuick: true,
		run: () => {
			throw error;
		},
	};
}
