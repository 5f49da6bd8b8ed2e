import { FifoQueue, PriorityQueue } from '../messenger/index.ts';

/** Something that waits for its turn to begin. */
export interface Beginner {
	readonly priority: number;
	/** False unless the last one of its kind gave back control at once. What waits to leave must not wait for the others. */
	isQuick: boolean;
	/** Begins, and returns false when there was no need to any more. */
	begin(): boolean;
}

/** Longest time that calls run one after the other before the event loop has its turn, in milliseconds. */
const SLICE_MS = 1;
/** Time without a look at the transport that is no matter, in milliseconds. After it, a cancel or an urgent call may have come. */
const QUICK_MS = 0.05;

const resolved = Promise.resolve();

/**
 * Runs calls: by priority, then in the order they came, up to `concurrency` at once. Those that were made to wait for
 * something (a promise, credit) go on in turn with those that begin.
 *
 * Nothing runs where it is put in, which is in a handler of frames: a transport that is reading cannot be read again, and a
 * call must be able to take in its cancel.
 */
export class CallQueue {
	readonly #waiting = new PriorityQueue<Beginner>();
	readonly #steps = new FifoQueue<() => void>();
	readonly #concurrency: number;
	readonly #look: () => void;
	#running = 0;
	#isScheduled = false;
	/** The time after the last thing that ran, and when the transport was last looked at, as performance.now() counts. */
	#now = 0;
	#lookedAt = 0;
	#idleWaiters: (() => void)[] = [];

	/** @param look lets out what waits to leave, and takes in what has arrived */
	constructor(concurrency: number, look: () => void) {
		this.#concurrency = concurrency;
		this.#look = look;
	}

	/** Lets a call begin when its turn comes. */
	add(call: Beginner): void {
		this.#waiting.push(call);
		this.#schedule();
	}

	/** Runs a step of something that has begun already. It must not throw. */
	goOn(step: () => void): void {
		this.#steps.push(step);
		this.#schedule();
	}

	/** Notes that a call that had begun has ended. */
	ended(): void {
		this.#running -= 1;
		this.#schedule();
	}

	/** Resolves when no call waits or runs. */
	idle(): Promise<void> {
		if (this.#isIdle) return Promise.resolve();
		return new Promise((resolve) => this.#idleWaiters.push(resolve));
	}

	get #isIdle(): boolean {
		return this.#running === 0 && this.#waiting.size === 0 && this.#steps.size === 0;
	}

	#schedule(): void {
		if (this.#isScheduled) return;
		this.#isScheduled = true;
		void resolved.then(this.#run);
	}

	readonly #run = (): void => {
		this.#now = performance.now();
		this.#lookedAt = this.#now;
		const end = this.#now + SLICE_MS;
		while (this.#runNext()) {
			if (this.#now - this.#lookedAt >= QUICK_MS) this.#lookAgain();
			if (this.#now >= end && this.hasNext) return void setImmediate(this.#run);
		}
		this.#isScheduled = false;
		if (this.#idleWaiters.length > 0 && this.#isIdle) for (const resolve of this.#idleWaiters.splice(0)) resolve();
	};

	#lookAgain(): void {
		this.#look();
		this.#lookedAt = this.#now;
	}

	/** True while something is about to run. */
	get hasNext(): boolean {
		return this.#steps.size > 0 || (this.#waiting.size > 0 && this.#running < this.#concurrency);
	}

	/** Runs one step and begins one call. False when there was neither. */
	#runNext(): boolean {
		const step = this.#steps.shift();
		if (step) {
			step();
			this.#now = performance.now();
		}
		if (this.#running >= this.#concurrency) return step !== undefined;
		if (this.#waiting.peek()?.isQuick === false) this.#lookAgain();
		const call = this.#waiting.shift();
		if (call) this.#begin(call);
		return call !== undefined || step !== undefined;
	}

	#begin(call: Beginner): void {
		const before = this.#now;
		this.#running += 1;
		if (!call.begin()) this.#running -= 1;
		this.#now = performance.now();
		call.isQuick = this.#now - before < QUICK_MS;
	}
}
