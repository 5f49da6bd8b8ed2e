/*
 * Runs the operations of several participants in every order, and kills one of them at every store of its operations meanwhile.
 */
import type { TagKeys, TagStore, TagWait } from '../../../src/mailbox/store/index.ts';
import type { ShippedStore } from './shipped-store.ts';
import { Killed, World } from './world.ts';

const SENDERS = 2;
const RECEIVERS = 2;

/** One participant of one run. */
interface Actor {
	readonly slot: number;
	readonly store: TagStore;
	readonly keys: TagKeys;
	readonly isDead: () => boolean;
	wait: TagWait | undefined;
	steps: number;
}

export interface OrdersTally {
	orders: number;
	runs: number;
}

/**
 * Two senders send `sends` messages each to one tag, two receivers receive `receives` times each, falling asleep where there is
 * nothing. Kills participant `victim` at every `stride`-th of its stores. Throws when a message is lost, comes twice or out of order,
 * or when somebody sleeps beside a message.
 */
export function runAllOrders(
	store: ShippedStore,
	{ sends, receives, stride }: { readonly sends: number; readonly receives: number; readonly stride: number },
): OrdersTally {
	const tally: OrdersTally = { orders: 0, runs: 0 };
	for (const order of ordersOf([...Array(SENDERS).fill(sends), ...Array(RECEIVERS).fill(receives)] as number[])) {
		tally.orders += 1;
		for (let victim = 0; victim < SENDERS + RECEIVERS; victim += 1) {
			for (let left = 0; ; left += stride) {
				tally.runs += 1;
				if (!runOnce(store, order, victim, left)) break;
			}
		}
	}
	return tally;
}

/** False when the victim came to its end before it was killed. */
function runOnce(store: ShippedStore, order: readonly number[], victim: number, left: number): boolean {
	const world = new World(store);
	const { tags } = world.open();
	const actors = Array.from({ length: SENDERS + RECEIVERS }, (_, index): Actor => {
		const slot = tags.join({ pid: 1, threadId: index, taskId: 0, parent: undefined }) as number;
		const opened = world.open(index === victim ? left : Number.POSITIVE_INFINITY);
		return { slot, store: opened.tags, keys: world.keys(), isDead: () => opened.victim.isDead, wait: undefined, steps: 0 };
	});
	const sent: string[] = [];
	const taken: string[] = [];
	for (const index of order) step(world, actors[index] as Actor, index < SENDERS, sent, taken);
	const wasKilled = (actors[victim] as Actor).isDead();
	if (wasKilled) tags.release((actors[victim] as Actor).slot);
	// The bells that rang are answered, as long as that leads to anything.
	for (let isMoving = true; isMoving; ) {
		const before = taken.length;
		for (const actor of actors.slice(SENDERS)) if (world.rung.has(actor.slot)) receive(world, actor, taken);
		isMoving = taken.length > before;
	}
	check(world, actors.slice(SENDERS), sent, taken, (actors[victim] as Actor).slot);
	return wasKilled;
}

function step(world: World, actor: Actor, isSender: boolean, sent: string[], taken: string[]): void {
	if (actor.isDead()) return;
	actor.steps += 1;
	if (!isSender) return receive(world, actor, taken);
	const text = `${actor.slot}:${actor.steps}`;
	try {
		actor.store.send(actor.slot, { key: actor.keys.of('a'), codec: 0, contents: Buffer.from(text) });
		sent.push(text);
	} catch (error) {
		if (!(error instanceof Killed)) throw error;
	}
}

function receive(world: World, actor: Actor, taken: string[]): void {
	if (actor.isDead()) return;
	const { layout } = world.store;
	// One that sleeps goes on with the same wait when it is rung; unrung, it does nothing.
	if (actor.wait && !world.rung.has(actor.slot)) return;
	world.rung.delete(actor.slot);
	actor.wait ??= world.newWait([actor.keys.of('b'), actor.keys.of('a')]);
	const { wait } = actor;
	try {
		actor.store.collect(actor.slot, [wait], layout.ASLEEP);
	} catch (error) {
		if (!(error instanceof Killed)) throw error;
	}
	if (actor.isDead() || wait.outcome?.type !== 'message') return;
	taken.push(wait.outcome.message.contents.toString());
	actor.wait = undefined;
}

function check(
	world: World,
	receivers: readonly Actor[],
	sent: readonly string[],
	taken: readonly string[],
	victim: number,
): void {
	const isAsleep = receivers.some((actor) => !actor.isDead() && actor.wait !== undefined && !world.rung.has(actor.slot));
	const left = world.takeAll(0, 'a');
	if (isAsleep && left.length > 0) throw new Error(`a receiver sleeps beside ${left.join()}`);
	const all = [...taken, ...left];
	if (new Set(all).size !== all.length) throw new Error(`a message came twice: ${all.join()}`);
	for (const slot of [0, 1]) {
		const own = all.filter((text) => text.startsWith(`${slot}:`));
		if (own.join() !== own.toSorted().join()) throw new Error(`out of order: ${own.join()}`);
	}
	const lost = sent.filter((text) => !all.includes(text));
	// A receiver that dies takes at most what it was taking with it.
	const mayLose = receivers.some(({ slot }) => slot === victim) ? 1 : 0;
	if (lost.length > mayLose) throw new Error(`lost: ${lost.join()}`);
	if (world.words[world.store.layout.JOURNAL_LENGTH] !== 0) throw new Error('an operation was left half done');
}

/** Every order in which participants with so many steps each can take their turns. */
function* ordersOf(steps: readonly number[], before: readonly number[] = []): Iterable<readonly number[]> {
	if (steps.every((left) => left === 0)) yield before;
	for (const [index, left] of steps.entries())
		if (left > 0)
			yield* ordersOf(
				steps.map((count, at) => (at === index ? count - 1 : count)),
				[...before, index],
			);
}
