/*
 * The threads of a scenario. They use the ring as src/transport/ring-transport.ts does: `wake` is its #wake(), `parkUntil` its
 * #parkOnce(), `sleepUntil` its #sleep() and the bell that ends it, `takeIn` its #takeIn().
 */
import { ASLEEP, AWAKE, BELL_INDEX, PARKED, RING_CONTROL_INDEX, type SleepKind } from '../../../src/ringbuf/index.ts';
import { CWAIT, PWAIT } from '../../../src/ringbuf/layout.ts';
import { payloadOf } from '../../ringbuf/small-ring.ts';
import { atomics, type Machine, type Side } from './machine.ts';
import type { Steps } from './scheduler.ts';
import type { ShippedRing, SteppedReader, SteppedSink, SteppedWriter } from './shipped.ts';

/** What one scenario does, and with what. */
export interface Plan {
	readonly capacity: number;
	/** Where positions start. */
	readonly start: number;
	/** Payload bytes of each record. */
	readonly sizes: readonly number[];
	/** Records that one publish() shows. */
	readonly batch: number;
	/** Records and bytes that one read() takes. */
	readonly limit: number;
	readonly maxBytes: number;
	/** How each side sleeps, the first time, the second time and so on, over and over. */
	readonly consumerSleeps: readonly SleepKind[];
	readonly producerSleeps: readonly SleepKind[];
	/** Writes in place where there is room, as the messenger does; else copies. */
	readonly inPlace?: boolean;
	/** The producer closes in order, and only that tells the consumer that nothing more comes. */
	readonly closes?: boolean;
	/** Which side is killed, at any step. */
	readonly killed?: 'producer' | 'consumer';
	/** What this side does wrong, to see that it is noticed. */
	readonly fault?: Fault;
}

/** Faults of whoever uses the ring, as opposed to faults of the ring. */
export const FAULTS = [
	'bell read after arming',
	'woken before the word changes',
	'sleeps unpublished',
	'liveness after tail',
	'one batch after death',
	'close unseen',
] as const;
export type Fault = (typeof FAULTS)[number];

/** One end of a ring: wakes the peer and waits for it. */
class End {
	readonly machine: Machine;
	readonly me: Side;
	readonly base: number;
	readonly #peer: Side;
	readonly #peerFlag: number;
	readonly #sleeps: readonly SleepKind[];
	readonly #fault: Fault | undefined;
	#slept = 0;

	constructor(machine: Machine, me: Side, ring: Side, plan: Plan) {
		const isProducer = me === ring;
		this.machine = machine;
		this.me = me;
		this.base = RING_CONTROL_INDEX[ring];
		this.#peer = me === 0 ? 1 : 0;
		this.#peerFlag = this.base + (isProducer ? CWAIT : PWAIT);
		this.#sleeps = isProducer ? plan.producerSleeps : plan.consumerSleeps;
		this.#fault = plan.fault;
	}

	*wake(kind: SleepKind): Steps {
		if (kind === AWAKE) return;
		this.machine.countRing(this.#peerFlag);
		if (kind === ASLEEP) {
			yield 'ring';
			this.machine.rung[this.#peer] = true;
			return;
		}
		if (this.#fault === 'woken before the word changes') yield* this.#unpark();
		yield 'add';
		atomics.add(this.machine.control, BELL_INDEX[this.#peer], 1);
		if (this.#fault !== 'woken before the word changes') yield* this.#unpark();
	}

	*#unpark(): Steps {
		yield 'unpark';
		this.machine.parked[this.#peer] = false;
	}

	nextSleep(): SleepKind {
		this.#slept += 1;
		return this.#sleeps[(this.#slept - 1) % this.#sleeps.length] as SleepKind;
	}

	/** Waits in the event loop: for a bell, or for the close of the other end. */
	*sleep(): Steps {
		const { gone, rung } = this.machine;
		yield () => rung[this.me] || gone[this.me];
		rung[this.me] = false;
	}

	/** Reads the bell, lets `arm` announce what is waited for, and parks if it says so. */
	*parkUntil(arm: () => Steps<boolean>): Steps {
		let bell = yield* this.#loadBell();
		if (!(yield* arm())) return;
		if (this.#fault === 'bell read after arming') bell = yield* this.#loadBell();
		yield 'park';
		if (this.machine.bellWord(this.me) !== bell) return;
		this.machine.parked[this.me] = true;
		yield () => !this.machine.parked[this.me];
	}

	*#loadBell(): Steps<number> {
		yield 'load';
		return atomics.load(this.machine.control, BELL_INDEX[this.me]);
	}
}

/** Writes the records of a plan into one ring. */
export class Producer {
	readonly end: End;
	readonly writer: SteppedWriter;
	readonly #plan: Plan;
	#next = 0;

	constructor(machine: Machine, ring: ShippedRing, me: Side, plan: Plan) {
		this.end = new End(machine, me, me, plan);
		this.writer = new ring.RingWriter();
		this.#plan = plan;
	}

	get isDone(): boolean {
		return this.#next === this.#plan.sizes.length;
	}

	get nextBytes(): number {
		return this.#plan.sizes[this.#next] ?? 0;
	}

	*construct(): Steps {
		const { machine, me, base } = this.end;
		yield* this.writer.construct(machine.control, base, machine.data[me]);
	}

	*run(): Steps {
		yield* this.construct();
		while (!(yield* this.pump())) {
			yield* this.#waitForRoom();
			if (this.end.machine.gone[this.end.me]) return;
		}
		if (!this.#plan.closes) return;
		yield* this.end.wake(yield* this.writer.close());
		yield 'close of the bell';
		this.end.machine.gone[this.end.me === 0 ? 1 : 0] = true;
	}

	/** Writes what there is room for, and shows it. True when everything was written. */
	*pump(): Steps<boolean> {
		let pending = 0;
		while (!this.isDone && (yield* this.#write())) {
			pending += 1;
			if (pending % this.#plan.batch === 0) yield* this.#publish();
		}
		if (this.isDone || this.#plan.fault !== 'sleeps unpublished') yield* this.#publish();
		return this.isDone;
	}

	*#publish(): Steps {
		yield* this.end.wake(yield* this.writer.publish());
	}

	*#write(): Steps<boolean> {
		const id = this.#next;
		const bytes = this.nextBytes;
		const payload = payloadOf(id, bytes);
		if (this.#plan.inPlace && (yield* this.writer.claim(bytes)) >= bytes) {
			payload.copy(this.end.machine.data[this.end.me], this.writer.claimed);
			yield* this.writer.commit(bytes, id, ~id, bytes);
		} else if (!(yield* this.writer.tryWrite(id, ~id, bytes, payload))) return false;
		this.#next += 1;
		return true;
	}

	*#waitForRoom(): Steps {
		const kind = this.end.nextSleep();
		const arm = (): Steps<boolean> => this.writer.arm(kind, this.nextBytes);
		if (kind === PARKED) {
			yield* this.end.parkUntil(arm);
			yield* this.writer.disarm();
		} else if (yield* arm()) yield* this.end.sleep();
	}
}

/** Reads one ring and checks every record: whole, in order, none twice, none missing. */
export class Consumer implements SteppedSink {
	readonly end: End;
	readonly reader: SteppedReader;
	got = 0;
	readonly #plan: Plan;
	readonly #data: Buffer;

	constructor(machine: Machine, ring: ShippedRing, me: Side, plan: Plan) {
		this.end = new End(machine, me, me === 0 ? 1 : 0, plan);
		this.reader = new ring.RingReader();
		this.#plan = plan;
		this.#data = machine.data[me === 0 ? 1 : 0];
	}

	get isDone(): boolean {
		return this.got === this.#plan.sizes.length;
	}

	*construct(): Steps {
		yield* this.reader.construct(this.end.machine.control, this.end.base, this.#data);
	}

	*run(): Steps {
		const { closes, fault } = this.#plan;
		yield* this.construct();
		let isGone = false;
		for (;;) {
			// Liveness is known before the look at the tail, or what was published in between is lost.
			yield* this.takeIn(isGone && fault === 'one batch after death');
			if (fault === 'liveness after tail') isGone = yield* this.#seesClose();
			if (isGone || (!closes && this.isDone)) return;
			isGone = yield* this.#waitForData();
		}
	}

	/** Takes in all there is. */
	*takeIn(isOneBatch = false): Steps {
		for (;;) {
			yield* this.reader.read(this, this.#plan.limit, this.#plan.maxBytes);
			yield* this.end.wake(yield* this.reader.release());
			if (!this.reader.isBehind || isOneBatch) return;
		}
	}

	*onRecord(w1: number, w2: number, w3: number, buf: Buffer, start: number, end: number): Steps {
		// The memory is lent for the whole call: the producer may run in the middle of it.
		yield 'sink';
		const id = this.got;
		const bytes = this.#plan.sizes[id];
		if (w1 !== id || w2 !== ~id || w3 !== bytes) throw new Error(`record ${id} expected, got ${w1} ${w2} ${w3}`);
		if (buf !== this.#data || end - start !== bytes) throw new Error(`record ${id} of ${bytes} bytes came with ${end - start}`);
		if (!payloadOf(id, bytes).equals(buf.subarray(start, end))) throw new Error(`record ${id} is torn`);
		this.got += 1;
	}

	/** True when it is known that the producer is gone. */
	*#waitForData(): Steps<boolean> {
		const kind = this.end.nextSleep();
		const arm = (): Steps<boolean> => this.reader.arm(kind);
		if (kind === PARKED) {
			yield* this.end.parkUntil(() => this.#armUnlessClosed(arm));
			yield* this.reader.disarm();
			return this.#plan.closes === true && (yield* this.reader.isClosed());
		}
		if (!(yield* arm())) return false;
		yield* this.end.sleep();
		return this.#plan.fault !== 'liveness after tail' && (yield* this.#seesClose());
	}

	/** A parked thread does not see its bell's close: it must look at STATE after it has announced, as it does at TAIL. */
	*#armUnlessClosed(arm: () => Steps<boolean>): Steps<boolean> {
		if (!(yield* arm())) return false;
		return this.#plan.closes !== true || this.#plan.fault === 'close unseen' || !(yield* this.reader.isClosed());
	}

	*#seesClose(): Steps<boolean> {
		yield 'close of the bell';
		return this.end.machine.gone[this.end.me];
	}
}
