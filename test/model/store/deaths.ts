/*
 * Kills a participant at every single store of every operation of the store, and looks what is left.
 */
import type { TagKeys, TagStore } from '../../../src/mailbox/store/index.ts';
import type { ShippedStore } from './shipped-store.ts';
import { Killed, World } from './world.ts';

/** What is on the two tags. */
interface Queues {
	readonly a: readonly string[];
	readonly b: readonly string[];
}

/** One operation, and what it makes of a1, b1 and a2, sent in this order. */
export interface Operation {
	readonly what: string;
	/** What is there when it has happened. */
	readonly after: (large: string) => Queues;
	/** What may be there in between, where an operation is several by contract. */
	readonly between?: Queues;
	readonly arrange?: (world: World, store: TagStore) => void;
	readonly run: (world: World, store: TagStore, own: TagKeys) => void;
}

const BEFORE: Queues = { a: ['a1', 'a2'], b: ['b1'] };
const ACTOR = 1;
const SURVIVOR = 0;
const SLEEPER = 2;
/** How far before their wrap the numbers of messages begin. */
const BEFORE_WRAP = -2;

export const OPERATIONS: readonly Operation[] = [
	{
		what: 'send',
		after: () => ({ a: ['a1', 'a2', 'x'], b: ['b1'] }),
		run: (_world, store, own) => store.send(ACTOR, { key: own.of('a'), codec: 0, contents: Buffer.from('x') }),
	},
	{
		what: 'send to a tag that somebody waits for',
		after: () => BEFORE,
		arrange: (world, store) => void store.collect(SLEEPER, [world.newWait([world.keys().of('c')])], world.store.layout.ASLEEP),
		run: (_world, store, own) => store.send(ACTOR, { key: own.of('c'), codec: 0, contents: Buffer.from('x') }),
	},
	{
		what: 'send of a large message',
		after: (large) => ({ a: ['a1', 'a2', large], b: ['b1'] }),
		run: (world, store, own) => store.send(ACTOR, { key: own.of('a'), codec: 0, contents: largeOf(world) }),
	},
	{
		what: 'receive',
		after: () => ({ a: ['a2'], b: ['b1'] }),
		run: (world, store, own) => void store.collect(ACTOR, [world.newWait([own.of('b'), own.of('a')])], world.store.layout.ASLEEP),
	},
	{
		what: 'sleep',
		after: () => BEFORE,
		run: (world, store, own) => void store.collect(ACTOR, [world.newWait([own.of('none')])], world.store.layout.ASLEEP),
	},
	{
		what: 'drain',
		after: () => ({ a: [], b: ['b1'] }),
		run: (_world, store, own) => void store.drain([own.of('a')]),
	},
	{
		what: 'drain of two tags',
		after: () => ({ a: [], b: [] }),
		between: { a: [], b: ['b1'] },
		run: (_world, store, own) => void store.drain([own.of('a'), own.of('b')]),
	},
	{
		what: 'setTags',
		after: () => ({ a: [], b: [] }),
		run: (_world, store, own) => store.setTags(own.box, [own.of('a'), own.of('c')]),
	},
	{
		what: 'receive of a large message',
		after: () => BEFORE,
		arrange: (world, store) => store.send(SURVIVOR, { key: world.keys().of('c'), codec: 0, contents: largeOf(world) }),
		run: (world, store, own) => void store.collect(ACTOR, [world.newWait([own.of('c')])], world.store.layout.AWAKE),
	},
];

/** Kills at every store of an operation; returns how many there were. Throws when what is left is wrong. */
export function killAnywhere(store: ShippedStore, operation: Operation): number {
	let sawAfter = false;
	for (let left = 0; ; left += 1) {
		const world = prepare(store, operation);
		const isWhole = runKilled(world, operation, left);
		checkSleeper(world, left);
		sawAfter = checkQueues(world, operation, left) || sawAfter;
		checkMemory(world, left);
		if (!isWhole) continue;
		if (!sawAfter) throw new Error(`${operation.what}: it never happened`);
		return left;
	}
}

function prepare(store: ShippedStore, operation: Operation): World {
	const world = new World(store);
	const { tags } = world.open();
	const own = world.keys();
	for (const threadId of [0, 1, 2]) tags.join({ pid: 1, threadId, taskId: 0, parent: undefined });
	// So that there are free blocks.
	for (const text of ['f1', 'f2', 'f3', 'f4', 'f5', 'f6'])
		tags.send(SURVIVOR, { key: own.of('a'), codec: 0, contents: Buffer.from(text) });
	world.takeAll(SURVIVOR, 'a');
	world.words[store.layout.NEXT_LOW] = BEFORE_WRAP;
	for (const text of ['a1', 'b1', 'a2'])
		tags.send(SURVIVOR, { key: own.of(text.slice(0, 1)), codec: 0, contents: Buffer.from(text) });
	operation.arrange?.(world, tags);
	world.rung.clear();
	return world;
}

/** Runs the operation until the kill; true when it came to its end before. */
function runKilled(world: World, operation: Operation, left: number): boolean {
	const { tags } = world.open(left);
	try {
		operation.run(world, tags, world.keys());
		return true;
	} catch (error) {
		if (!(error instanceof Killed)) throw error;
		return false;
	}
}

/** Somebody who waits for a tag must not sleep beside its message. The next operation of anybody undoes what was begun. */
function checkSleeper(world: World, left: number): void {
	world.open().tags.awake(SURVIVOR);
	world.open().tags.describe(SURVIVOR, new Map());
	const { store } = world;
	const isAsleep = world.isAsleep(SLEEPER);
	const wait = world.newWait([world.keys().of('c')]);
	// Whoever was rung looks, and sleeps again if the reason was undone.
	if (world.rung.has(SLEEPER)) world.open().tags.collect(SLEEPER, [wait], store.layout.ASLEEP);
	const waiting = world.takeAll(SURVIVOR, 'c').filter((text) => text === 'x');
	if (isAsleep && waiting.length > 0) throw new Error(`killed at store ${left}: somebody sleeps beside a message`);
}

/** True when the operation has happened. */
function checkQueues(world: World, operation: Operation, left: number): boolean {
	world.open().tags.release(ACTOR);
	// What was undone must not lie in the way of what comes next.
	world.open().tags.send(SURVIVOR, { key: world.keys().of('a'), codec: 0, contents: Buffer.from('next') });
	const arrived = world.takeAll(SURVIVOR, 'a', 'b');
	if (arrived.pop() !== 'next') throw new Error(`killed at store ${left}: the next message does not come last`);
	const state = { a: arrived.filter((text) => !text.startsWith('b')), b: arrived.filter((text) => text.startsWith('b')) };
	const after = operation.after(largeOf(world).toString('latin1'));
	const expected = [BEFORE, operation.between ?? BEFORE, after].map((queues) => JSON.stringify(queues));
	if (!expected.includes(JSON.stringify(state)))
		throw new Error(`killed at store ${left}: left is ${JSON.stringify(state).slice(0, 200)}`);
	// Over both tags, what is there came in the order in which it was sent.
	const order = ['a1', 'b1', 'a2'].filter((text) => arrived.includes(text));
	if (arrived.slice(0, order.length).join() !== order.join())
		throw new Error(`killed at store ${left}: the order of arrival is ${arrived.join().slice(0, 100)}`);
	return JSON.stringify(state) === JSON.stringify(after);
}

function checkMemory(world: World, left: number): void {
	const { tags } = world.open();
	tags.send(SURVIVOR, { key: world.keys().of('a'), codec: 0, contents: Buffer.from('goes on') });
	if (world.takeAll(SURVIVOR, 'a').join() !== 'goes on') throw new Error(`killed at store ${left}: nobody can go on`);
	tags.release(SLEEPER);
	tags.setTags(world.keys().box, []);
	if (world.usedWords !== world.emptyWords)
		throw new Error(`killed at store ${left}: ${world.usedWords - world.emptyWords} words are lost`);
	if (world.words[world.store.layout.SLEEPERS] !== 0) throw new Error(`killed at store ${left}: a sleeper is left`);
}

function largeOf({ store }: World): Buffer {
	return Buffer.alloc(store.layout.CHUNK_BYTES * 2 + 5, 7);
}
