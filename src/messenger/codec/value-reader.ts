import { ByteReader } from './byte-reader.ts';
import { corrupt } from './corrupt.ts';
import { readBuiltin } from './decode-builtins.ts';
import type { IncomingBuffers } from './incoming-buffers.ts';
import { defineProperty, isOrdinaryKey } from './plain-keys.ts';
import type { KnownShape, ShapeTable } from './shapes.ts';
import * as tags from './tags.ts';
import type { TextCache } from './text-cache.ts';
import type { ValueSource } from './value-source.ts';
import { MAX_DEPTH } from './value-walk.ts';

/** A place in the table of objects whose object is not there yet. */
const MISSING = Symbol('missing');

const NO_SIDE: readonly unknown[] = [];

/** Containers whose content may come later. */
const POSTPONABLE: ReadonlyMap<number, () => object> = new Map<number, () => object>([
	[tags.ARRAY, () => []],
	[tags.OBJECT, () => ({})],
	[tags.MAP, () => new Map<unknown, unknown>()],
	[tags.SET, () => new Set<unknown>()],
]);

interface Postponed {
	readonly kind: number;
	readonly container: object;
}

/** Reads one value, and everything it refers to, from bytes that may be anything. */
export class ValueReader extends ByteReader implements ValueSource {
	readonly #shapes: ShapeTable;
	/** Elements that arrays may still announce: each takes at least one byte, so all together have no more than there are bytes. */
	#room = 0;
	#depth = 0;
	/** All objects by reference number, in a message that has references. */
	#objects: unknown[] | undefined;
	#buffers: IncomingBuffers | undefined;
	#side: readonly unknown[] = NO_SIDE;
	#postponed: Postponed[] = [];
	/** The container whose content comes next, because it was postponed. */
	#ready: Postponed | undefined;
	#failure: { readonly error: unknown } | undefined;

	constructor(shapes: ShapeTable, texts: TextCache) {
		super(texts);
		this.#shapes = shapes;
	}

	/** Reads a whole message, to the end. With `buffers` it is one whose objects are numbered. */
	message(buffers: IncomingBuffers | undefined, side: readonly unknown[]): unknown {
		this.#room = this.end - this.pos;
		this.#side = side;
		this.#buffers = buffers;
		this.#objects = buffers && [];
		const value = this.value();
		for (let index = 0; index < this.#postponed.length; index++) this.#content(this.#postponed[index] as Postponed);
		this.finish();
		if (this.#failure) throw this.#failure.error;
		return value;
	}

	/** Lets go of the message. */
	override release(isOwned: boolean): void {
		super.release(isOwned);
		this.#depth = 0;
		this.#objects = this.#buffers = this.#ready = this.#failure = undefined;
		this.#side = NO_SIDE;
		if (this.#postponed.length > 0) this.#postponed = [];
	}

	value(): unknown {
		const tag = this.byte();
		if (tag < tags.SMALL_INT_COUNT) return tag;
		if (tag < tags.SMALL_ARRAY) return this.latin1(tag - tags.SMALL_TEXT);
		if (tag < tags.SMALL_SHAPE) return this.#array(tag - tags.SMALL_ARRAY);
		if (tag < tags.FIRST_PLAIN_TAG) return this.#shaped(this.#shapes.find(tag - tags.SMALL_SHAPE));
		return this.#tagged(tag);
	}

	text(): string {
		const value = this.value();
		if (typeof value !== 'string') throw corrupt('a text is something else', { type: typeof value });
		return value;
	}

	count(): number {
		const value = this.value();
		if (!Number.isSafeInteger(value) || (value as number) < 0) throw corrupt('a count is none', { type: typeof value });
		return value as number;
	}

	keep<T>(object: T): T {
		this.#objects?.push(object);
		return object;
	}

	reserve(): number {
		return this.#objects ? this.#objects.push(MISSING) - 1 : -1;
	}

	fill(number: number, object: unknown): void {
		if (this.#objects) this.#objects[number] = object;
	}

	enter(): void {
		if (this.#depth >= MAX_DEPTH) throw corrupt('it is nested too deeply', { maxDepth: MAX_DEPTH });
		this.#depth++;
	}

	leave(): void {
		this.#depth--;
	}

	open<T extends object>(kind: number, make: () => T): T {
		this.enter();
		return this.#ready === undefined ? this.keep(make()) : (this.#takeReady(kind) as T);
	}

	announce(elements: number): void {
		this.#room -= elements;
		if (this.#room < 0) throw corrupt('it announces more elements than it has bytes', { elements });
	}

	fail(error: unknown): void {
		this.#failure ??= { error };
	}

	get hasFailed(): boolean {
		return this.#failure !== undefined;
	}

	side(index: number): object {
		const object = this.#side[index];
		if (typeof object !== 'object' || object === null)
			throw corrupt('an object is not among those beside the message', { index });
		return object;
	}

	buffer(index: number): ArrayBufferLike {
		return this.#table().buffer(index);
	}

	view(kind: number, index: number, byteOffset: number, length: number | undefined): ArrayBufferView {
		return this.#table().view(kind, index, byteOffset, length);
	}

	#tagged(tag: number): unknown {
		switch (tag) {
			case tags.UNDEFINED:
				return undefined;
			case tags.NULL:
				return null;
			case tags.FALSE:
				return false;
			case tags.TRUE:
				return true;
			case tags.UINT8:
				return this.byte();
			case tags.UINT16:
				return this.uint16();
			case tags.NEGATIVE8:
				return -1 - this.byte();
			case tags.INT32:
				return this.uint32() | 0;
			case tags.DOUBLE:
				return this.double();
			case tags.TEXT8:
				return this.latin1(this.byte());
			case tags.TEXT32:
				return this.latin1(this.uint32());
			case tags.WIDE_TEXT:
				return this.wideText(this.uint32());
			case tags.ARRAY:
				return this.#array(this.uint32());
			case tags.DOUBLES:
				return this.#doubles(this.uint32());
			case tags.SHAPE:
				return this.#shaped(this.#shapes.find(this.uint16()));
			case tags.SHAPE_DEFINITION:
				return this.#shaped(this.#definition());
			case tags.OBJECT:
				return this.#object();
			case tags.REFERENCE:
				return this.#reference(this.count());
			case tags.POSTPONED:
				return this.#postpone(this.byte());
			case tags.BIGINT64:
			case tags.BIGINT_POSITIVE:
			case tags.BIGINT_NEGATIVE:
				return this.bigInt(tag);
			default:
				return readBuiltin(this, tag);
		}
	}

	#array(length: number): unknown[] {
		this.enter();
		const array = this.#newArray(length);
		for (let index = 0; index < length; index++) array[index] = this.value();
		this.#depth--;
		return array;
	}

	#newArray(length: number): unknown[] {
		this.announce(length);
		if (this.#ready === undefined) return this.keep(new Array<unknown>(length));
		const array = this.#takeReady(tags.ARRAY) as unknown[];
		array.length = length;
		return array;
	}

	#doubles(length: number): unknown[] {
		this.need(8 * length);
		const array = this.#newArray(length);
		for (let index = 0; index < length; index++) array[index] = this.double();
		return array;
	}

	#definition(): KnownShape {
		const id = this.uint16();
		const keys: string[] = [];
		for (let left = this.byte(); left > 0; left--) keys.push(this.text());
		return this.#shapes.define(id, keys);
	}

	#newObject(): Record<string, unknown> {
		this.enter();
		return this.#ready === undefined ? this.keep({}) : (this.#takeReady(tags.OBJECT) as Record<string, unknown>);
	}

	#shaped({ keys, isAssignable }: KnownShape): object {
		const object = this.#newObject();
		for (let index = 0; index < keys.length; index++) {
			const key = keys[index] as string;
			if (isAssignable) object[key] = this.value();
			else defineProperty(object, key, this.value());
		}
		this.#depth--;
		return object;
	}

	#object(): object {
		const object = this.#newObject();
		for (let left = this.count(); left > 0; left--) {
			const key = this.text();
			if (isOrdinaryKey(key)) object[key] = this.value();
			else defineProperty(object, key, this.value());
		}
		this.#depth--;
		return object;
	}

	#reference(number: number): unknown {
		const objects = this.#objects ?? [];
		if (number >= objects.length || objects[number] === MISSING) {
			if (this.#failure && number < objects.length) return undefined;
			throw corrupt('a reference leads nowhere', { number, objects: objects.length });
		}
		return objects[number];
	}

	#postpone(kind: number): object {
		const make = POSTPONABLE.get(kind);
		if (!make) throw corrupt('a value of this kind cannot be postponed', { kind });
		const container = this.keep(make());
		this.#postponed.push({ kind, container });
		return container;
	}

	/** Reads the content of a container that was postponed. */
	#content(postponed: Postponed): void {
		this.#ready = postponed;
		this.value();
		if (this.#ready !== undefined) throw corrupt('a postponed container has no content', { kind: postponed.kind });
	}

	#takeReady(kind: number): object {
		const { kind: expected, container } = this.#ready as Postponed;
		if (kind !== expected) throw corrupt('a postponed container has the content of another', { kind: expected, content: kind });
		this.#ready = undefined;
		return container;
	}

	#table(): IncomingBuffers {
		if (!this.#buffers) throw corrupt('a buffer is in a message without buffers');
		return this.#buffers;
	}
}
