/*
 * What the explorer runs: sizes that force PAD records, positions that wrap, every way to sleep, and deaths.
 */
import { ASLEEP, PARKED, RING_CONTROL_INDEX } from '../../../src/ringbuf/index.ts';
import { TAIL } from '../../../src/ringbuf/layout.ts';
import { type Machine, newMachine } from './machine.ts';
import type { Run, Steps } from './scheduler.ts';
import type { ShippedRing } from './shipped.ts';
import { Consumer, type Fault, type Plan, Producer } from './sides.ts';

export interface Scenario {
	readonly name: string;
	readonly plan: Plan;
	/** Two rings, and both sides send and receive, parked on one word for either. */
	readonly isDuplex?: boolean;
	/** Preemptions of the full run. */
	readonly preemptions: number;
}

/** Rings of 64 bytes take four bare headers, or two records with up to 16 bytes. */
const base: Plan = {
	capacity: 64,
	start: 0,
	sizes: [16, 0, 16, 7],
	batch: 1,
	limit: 2,
	maxBytes: 64,
	consumerSleeps: [ASLEEP],
	producerSleeps: [ASLEEP],
};
const BEFORE_SIGN = 2 ** 31 - 32;
const BEFORE_WRAP = -32;

export const SCENARIOS: readonly Scenario[] = [
	{ name: 'event loops, PAD, sign bit', plan: { ...base, start: BEFORE_SIGN, sizes: [0, 16, 16, 7, 0, 16, 0] }, preemptions: 4 },
	{
		name: 'parked, PAD, wrap to zero',
		plan: {
			...base,
			start: BEFORE_WRAP,
			sizes: [16, 0, 16, 16, 5],
			maxBytes: 16,
			consumerSleeps: [PARKED],
			producerSleeps: [PARKED],
		},
		preemptions: 4,
	},
	{
		name: 'both kinds of sleep in turn',
		plan: {
			...base,
			start: BEFORE_WRAP - 16,
			sizes: [0, 16, 16, 0, 16, 16],
			consumerSleeps: [ASLEEP, PARKED],
			producerSleeps: [PARKED, ASLEEP],
		},
		preemptions: 4,
	},
	{
		name: 'batches of three, reads of two',
		plan: { ...base, start: BEFORE_WRAP, sizes: [0, 0, 16, 16, 0, 0, 0], batch: 3, consumerSleeps: [ASLEEP, PARKED] },
		preemptions: 4,
	},
	{
		name: 'in place, 128 bytes, PAD',
		plan: {
			...base,
			capacity: 128,
			start: BEFORE_SIGN,
			sizes: [16, 48, 16, 48, 3, 0, 16],
			maxBytes: 32,
			inPlace: true,
			limit: 3,
			consumerSleeps: [PARKED],
		},
		preemptions: 4,
	},
	{
		name: 'closed in order',
		plan: { ...base, start: BEFORE_WRAP, sizes: [0, 16, 16, 0], closes: true, consumerSleeps: [PARKED, ASLEEP] },
		preemptions: 4,
	},
	{
		name: 'producer killed',
		plan: { ...base, start: BEFORE_WRAP, sizes: [0, 16, 0, 0], maxBytes: 16, batch: 2, killed: 'producer' },
		preemptions: 4,
	},
	{ name: 'consumer killed', plan: { ...base, start: BEFORE_WRAP, sizes: [16, 16, 16, 0], killed: 'consumer' }, preemptions: 4 },
	{
		name: 'both directions, parked',
		plan: { ...base, start: BEFORE_WRAP, sizes: [16, 16, 0], maxBytes: 16, consumerSleeps: [PARKED], producerSleeps: [PARKED] },
		isDuplex: true,
		preemptions: 4,
	},
];

/** The same scenario with one of its sides at fault. */
export function withFault(scenario: Scenario, fault: Fault): Scenario {
	return { ...scenario, name: `${scenario.name}, ${fault}`, plan: { ...scenario.plan, fault } };
}

/** Tells the explorer how to begin the scenario, once for each schedule. */
export function starter(scenario: Scenario, ring: ShippedRing): () => Run {
	return () => (scenario.isDuplex ? startDuplex(scenario.plan, ring) : startSimplex(scenario.plan, ring));
}

function startSimplex(plan: Plan, ring: ShippedRing): Run {
	const machine = newMachine(plan.capacity, plan.start);
	const producer = new Producer(machine, ring, 0, plan);
	const consumer = new Consumer(machine, ring, 1, plan);
	const threads = [
		{ name: 'producer', steps: producer.run() },
		{ name: 'consumer', steps: consumer.run() },
	];
	if (plan.killed) threads.push({ name: 'reaper', steps: reap(machine, plan.killed === 'producer' ? 0 : 1) });
	return {
		threads,
		allow: (point) => machine.allow(point),
		isDead: (thread) => thread < 2 && machine.dead[thread as 0 | 1],
		finish() {
			machine.checkAnnouncements();
			if (plan.killed !== 'consumer') checkDelivered(plan, consumer.got, machine, 0);
		},
	};
}

/** Kills a side, between any two steps; some time later the operating system closes its bell, which the other side sees. */
function* reap(machine: Machine, victim: 0 | 1): Steps {
	yield 'kill';
	machine.dead[victim] = true;
	yield 'close of the bell';
	machine.gone[victim === 0 ? 1 : 0] = true;
}

/** Everything that TAIL shows was taken in; without a death that is everything. */
function checkDelivered(plan: Plan, got: number, machine: Machine, ring: 0 | 1): void {
	let position = plan.start;
	for (const bytes of plan.sizes.slice(0, got)) position = endOfRecord(plan.capacity, position, bytes);
	const tail = machine.control[RING_CONTROL_INDEX[ring] + TAIL] as number;
	if ((position | 0) !== tail) throw new Error(`${got} records were taken in, up to ${position | 0}, but TAIL is ${tail}`);
	if (!plan.killed && got !== plan.sizes.length) throw new Error(`${got} of ${plan.sizes.length} records were taken in`);
}

function endOfRecord(capacity: number, position: number, bytes: number): number {
	const need = (bytes + 31) & ~15;
	const rest = capacity - (position & (capacity - 1));
	return position + need + (rest < need ? rest : 0);
}

function startDuplex(plan: Plan, ring: ShippedRing): Run {
	const machine = newMachine(plan.capacity, plan.start);
	const sides = ([0, 1] as const).map((me) => ({
		producer: new Producer(machine, ring, me, plan),
		consumer: new Consumer(machine, ring, me, plan),
	}));
	return {
		threads: sides.map(({ producer, consumer }, me) => ({ name: `side ${me}`, steps: runDuplex(producer, consumer) })),
		allow: (point) => machine.allow(point),
		isDead: () => false,
		finish() {
			machine.checkAnnouncements();
			for (const [me, { consumer }] of sides.entries()) checkDelivered(plan, consumer.got, machine, me === 0 ? 1 : 0);
		},
	};
}

/** As RingTransport.park(): sends what waits, then parks for data, and for room if something still waits. */
function* runDuplex(producer: Producer, consumer: Consumer): Steps {
	yield* producer.construct();
	yield* consumer.construct();
	for (;;) {
		yield* producer.pump();
		yield* consumer.takeIn();
		if (producer.isDone && consumer.isDone) return;
		yield* producer.end.parkUntil(function* () {
			if (!(yield* consumer.reader.arm(PARKED))) return false;
			return producer.isDone || (yield* producer.writer.arm(PARKED, producer.nextBytes));
		});
		yield* producer.writer.disarm();
		yield* consumer.reader.disarm();
	}
}
