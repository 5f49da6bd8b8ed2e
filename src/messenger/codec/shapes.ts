import { corrupt } from './corrupt.ts';
import { isOrdinaryKey } from './plain-keys.ts';

/** Shapes that one link knows at most. */
export const MAX_SHAPES = 1024;

/** Keys that an object with a shape has at most. */
export const MAX_SHAPE_KEYS = 64;

/** Nodes of the tree of known key lists at most: what 1024 shapes of 16 keys take that share nothing. */
const MAX_NODES = 16_384;

/** Key lists without an id that are remembered, at most. */
const MAX_CANDIDATES = 1024;

/** How often a key list must come to get an id: doubled each time another quarter of the ids is taken. */
const FIRST_COUNT = 2;

/** Characters of a key that count when key lists are compared by hash: so many from its start, and as many from its end. */
const HASHED_CHARACTERS = 8;

const NO_KEYS: readonly string[] = [];

/** A list of keys that some object had in this order; `id` tells whether the peer knows it. */
export class ShapeNode {
	readonly parent: ShapeNode | undefined;
	/** The last key of the list. */
	readonly key: string;
	/** The id under which the peer knows this list; -1 if it does not. */
	id = -1;
	/** The whole list, once it has an id. */
	keys: readonly string[] = NO_KEYS;
	// Nearly every list goes on in one way only: the first continuation is compared, only others cost a lookup.
	#nextKey = '';
	#next: ShapeNode | undefined;
	#others: Map<string, ShapeNode> | undefined;

	constructor(parent: ShapeNode | undefined, key: string) {
		this.parent = parent;
		this.key = key;
	}

	/** Returns the list that goes on with `key`. */
	follow(key: string): ShapeNode | undefined {
		return this.#nextKey === key ? this.#next : this.#others?.get(key);
	}

	/** Adds the list that goes on with `key`. */
	extend(key: string): ShapeNode {
		const node = new ShapeNode(this, key);
		if (this.#next) (this.#others ??= new Map<string, ShapeNode>()).set(key, node);
		else {
			this.#nextKey = key;
			this.#next = node;
		}
		return node;
	}

	/** Removes the list that goes on with the key of `node`. */
	cut(node: ShapeNode): void {
		if (this.#next !== node) {
			this.#others?.delete(node.key);
			return;
		}
		this.#nextKey = '';
		this.#next = undefined;
		for (const [key, other] of this.#others ?? []) {
			this.#nextKey = key;
			this.#next = other;
			this.#others?.delete(key);
			break;
		}
	}

	/** True when nothing goes on from here. */
	get isEnd(): boolean {
		return !this.#next && !this.#others?.size;
	}
}

/**
 * The sender's side of a link's shapes: which key lists the peer knows.
 *
 * A key list gets an id the second time it is met, later the 4th, 8th or 16th: objects used as dictionaries, whose keys are
 * new each time, stay out, and those with a few thousand keys do not take all ids. Nothing is given up for something new: a
 * message that left the ordered path may still refer to any of them.
 */
export class ShapeTree {
	readonly root = new ShapeNode(undefined, '');
	/** Hashes of key lists without an id, each in the slot that it points to, and how often they came. */
	readonly #candidates = new Int32Array(MAX_CANDIDATES);
	readonly #counts = new Uint8Array(MAX_CANDIDATES);
	#pending: ShapeNode[] = [];
	#count = 0;
	/** How many of them the peer knows. */
	#committed = 0;
	#nodes = 0;

	/** Returns the key list if the peer knows it. */
	find(keys: readonly string[]): ShapeNode | undefined {
		let node: ShapeNode | undefined = this.root;
		for (let index = 0; node !== undefined && index < keys.length; index++) node = node.follow(keys[index] as string);
		return node !== undefined && node.id >= 0 ? node : undefined;
	}

	/** Returns the key list with an id that the message at hand has to define. Undefined when it is to go without. */
	define(keys: readonly string[]): ShapeNode | undefined {
		if (keys.length === 0 || keys.length > MAX_SHAPE_KEYS || this.#count >= MAX_SHAPES || !this.#isFrequent(keys))
			return undefined;
		if (this.#nodes + keys.length > MAX_NODES || !keys.every(isShapeKey)) return undefined;
		let node = this.root;
		for (const key of keys) node = node.follow(key) ?? this.#extend(node, key);
		// In this order, for the stack may end at any call: a list that has an id is always among those to be forgotten.
		this.#pending.push(node);
		node.keys = keys;
		node.id = this.#count++;
		return node;
	}

	/** The shapes of the last message are known to the peer from now on. */
	commit(): void {
		this.#committed = this.#count;
		if (this.#pending.length > 0) this.#pending = [];
	}

	/** Forgets the shapes of the last message; their ids go to others. */
	drop(): void {
		const pending = this.#pending;
		if (pending.length === 0) return;
		for (let index = 0; index < pending.length; index++) (pending[index] as ShapeNode).id = -1;
		this.#count = this.#committed;
		this.#pending = [];
		for (const node of pending) this.#prune(node);
	}

	/** Tells whether the list has come often enough, and counts. A wrong yes, from equal hashes, only costs a shape. */
	#isFrequent(keys: readonly string[]): boolean {
		const hash = hashOf(keys);
		const slot = hash & (MAX_CANDIDATES - 1);
		const count = this.#counts[slot] as number;
		if (this.#candidates[slot] === hash && count > 0) {
			this.#counts[slot] = Math.min(count + 1, 0xff);
			return count + 1 >= FIRST_COUNT << Math.floor((4 * this.#count) / MAX_SHAPES);
		}
		// What comes often keeps its slot against what comes once.
		if (count > 1) this.#counts[slot] = count - 1;
		else {
			this.#candidates[slot] = hash;
			this.#counts[slot] = 1;
		}
		return false;
	}

	#extend(node: ShapeNode, key: string): ShapeNode {
		this.#nodes++;
		return node.extend(key);
	}

	#prune(end: ShapeNode): void {
		for (let node = end; node.parent && node.id < 0 && node.isEnd; node = node.parent) {
			node.keys = NO_KEYS;
			node.parent.cut(node);
			this.#nodes--;
		}
	}
}

/** A key list as the receiver knows it. */
export interface KnownShape {
	readonly keys: readonly string[];
	/** True when each key may simply be assigned. */
	readonly isAssignable: boolean;
}

/** The receiver's side of a link's shapes. */
export class ShapeTable {
	readonly #link: (KnownShape | undefined)[] = [];
	#local: (KnownShape | undefined)[] | undefined;

	/** Starts a message. With `isLocal`, the shapes it defines hold for itself only. */
	begin(isLocal: boolean): void {
		this.#local = isLocal ? [] : undefined;
	}

	/** Takes a definition. */
	define(id: number, keys: readonly string[]): KnownShape {
		if (id >= MAX_SHAPES) throw corrupt('a shape has an id out of range', { id, max: MAX_SHAPES - 1 });
		const shape: KnownShape = { keys, isAssignable: keys.every(isOrdinaryKey) };
		(this.#local ?? this.#link)[id] = shape;
		return shape;
	}

	/** Returns a shape that was defined before. */
	find(id: number): KnownShape {
		const shape = this.#local?.[id] ?? this.#link[id];
		if (shape === undefined) throw corrupt('an object has a shape that was never defined', { id });
		return shape;
	}
}

/** Keys like `0` are those of a dictionary more often than not, and they come first whatever the order of assignment. */
function isShapeKey(key: string): boolean {
	const unit = key.charCodeAt(0);
	return !(unit >= 0x30 && unit <= 0x39) && isOrdinaryKey(key);
}

function hashOf(keys: readonly string[]): number {
	let hash = keys.length;
	for (const key of keys) {
		const { length } = key;
		hash = Math.imul(hash, 31) + length;
		for (let index = 0; index < length && index < HASHED_CHARACTERS; index++) hash = Math.imul(hash, 31) + key.charCodeAt(index);
		const tail = Math.max(HASHED_CHARACTERS, length - HASHED_CHARACTERS);
		for (let index = tail; index < length; index++) hash = Math.imul(hash, 31) + key.charCodeAt(index);
	}
	return hash | 0;
}
