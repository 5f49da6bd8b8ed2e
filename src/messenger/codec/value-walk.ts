import { isNativeError } from 'node:util/types';

import { ByteWriter } from '../../internal/byte-writer.ts';
import { hasNamedProperties, isDense, numberArrayForm } from './array-forms.ts';
import { writeIrregularArray, writeNumberArray } from './encode-arrays.ts';
import { writeBuiltin } from './encode-builtins.ts';
import { writeError } from './encode-errors.ts';
import { writeShape, writeShapeDefinition } from './encode-shapes.ts';
import { writeBigInt, writeNumber, writeTag, writeUint32Bytes } from './numbers.ts';
import type { OutgoingBuffers } from './outgoing-buffers.ts';
import { pathTo } from './path-search.ts';
import { beyondProperty, beyondStep, Refusal, refuse } from './refusal.ts';
import { whyNotPlain, whyRefused } from './refused-objects.ts';
import { type RegisteredType, typeOf } from './registry.ts';
import { SeenObjects } from './seen-objects.ts';
import type { ShapeTree } from './shapes.ts';
import * as tags from './tags.ts';
import { writeText } from './texts.ts';
import type { ValueSink } from './value-sink.ts';

/** Containers nested deeper than this are written after everything else, so that no value is too deep for the stack. */
const POSTPONE_DEPTH = 200;

/** What cannot be postponed (errors, the data of registered types) is nested at most so deep. The receiver allows the same. */
export const MAX_DEPTH = 500;

const EMPTY = {};

/** The walk over one value: writes it and everything it refers to, each object once. */
export class ValueWalk implements ValueSink {
	writer: ByteWriter = new ByteWriter();
	readonly buffers: OutgoingBuffers;
	/** True when something was written that the receiver can only read with a table of all objects. */
	isGraph = false;
	readonly #shapes: ShapeTree | undefined;
	readonly #seen = new SeenObjects();
	#depth = 0;
	#depthLimit = POSTPONE_DEPTH;
	#postponed: object[] = [];
	/** Numbers of the registered instances whose data is being written. */
	readonly #open: number[] = [];
	/** True while somebody's property on Object.prototype shows up in every `for...in`. */
	#isPolluted = false;

	readonly #isStrict: boolean;

	/** @param isStrict refuses instances of classes that nobody registered */
	constructor(buffers: OutgoingBuffers, shapes: ShapeTree | undefined, isStrict: boolean) {
		this.buffers = buffers;
		this.#shapes = shapes;
		this.#isStrict = isStrict;
	}

	/** Writes a whole message. */
	run(writer: ByteWriter, value: unknown): void {
		this.writer = writer;
		this.isGraph = false;
		this.#isPolluted = false;
		for (const key in EMPTY) this.#isPolluted = key !== undefined;
		this.value(value);
		// The content of one may postpone others: the list grows while it is worked through.
		for (let index = 0; index < this.#postponed.length; index++) {
			const container = this.#postponed[index] as object;
			try {
				this.#content(container);
			} catch (error) {
				throw error instanceof Refusal ? beyondStep(error, pathTo(container, value)) : error;
			}
		}
	}

	/** Forgets the message, finished or not. */
	clear(): void {
		this.#seen.clear();
		this.#depth = 0;
		this.#depthLimit = POSTPONE_DEPTH;
		if (this.#postponed.length > 0) this.#postponed = [];
		this.#open.length = 0;
	}

	value(value: unknown): void {
		switch (typeof value) {
			case 'string':
				writeText(this.writer, value);
				return;
			case 'number':
				writeNumber(this.writer, value);
				return;
			case 'object':
				if (value === null) writeTag(this.writer, tags.NULL);
				else this.#object(value);
				return;
			case 'boolean':
				writeTag(this.writer, value ? tags.TRUE : tags.FALSE);
				return;
			case 'undefined':
				writeTag(this.writer, tags.UNDEFINED);
				return;
			case 'bigint':
				writeBigInt(this.writer, value);
				return;
			case 'function':
				return refuse('it is a function');
			case 'symbol':
				return refuse('it is a symbol');
		}
	}

	enter(kind: number, container: object): boolean {
		if (this.#depth < this.#depthLimit) {
			this.#depth++;
			return false;
		}
		return this.#tooDeep(kind, container);
	}

	leave(): void {
		this.#depth--;
	}

	#object(object: object): void {
		const number = this.#seen.meet(object);
		if (number >= 0) this.#reference(number);
		else this.#content(object);
	}

	#content(object: object): void {
		const prototype = Object.getPrototypeOf(object) as object | null;
		if (Array.isArray(object) && (prototype === Array.prototype || !typeOf(prototype))) this.#array(object);
		else if (prototype === Object.prototype || prototype === null) this.#plain(object as Record<string, unknown>);
		else this.#special(object, prototype);
	}

	#reference(number: number): void {
		if (this.#open.includes(number)) {
			refuse('it is an instance of a registered type whose own data leads back to it');
		}
		this.isGraph = true;
		writeTag(this.writer, tags.REFERENCE);
		writeNumber(this.writer, number);
	}

	/** Two loops over the keys, because the shape comes before the values; V8 reads both off the object's own key list. */
	#plain(object: Record<string, unknown>): void {
		if (this.enter(tags.OBJECT, object)) return;
		let node = this.#isPolluted ? undefined : this.#shapes?.root;
		if (node !== undefined) {
			for (const key in object) {
				node = node.follow(key);
				if (node === undefined) break;
			}
		}
		if (node === undefined || node.id < 0) this.#properties(object, Object.keys(object));
		else {
			writeShape(this.writer, node);
			this.#values(object, node.keys.length);
		}
		this.#depth--;
	}

	#values(object: Record<string, unknown>, expected: number): void {
		let count = 0;
		let last = '';
		try {
			for (const key in object) {
				last = key;
				count++;
				this.value(object[key]);
			}
		} catch (error) {
			throw beyondProperty(error, last);
		}
		if (count !== expected) refuse('a getter in it added or removed properties while it was being encoded');
	}

	/** Writes an object by a list of its keys: the slower way, also for key lists that the peer does not know yet. */
	#properties(object: Record<string, unknown>, keys: readonly string[]): void {
		const { writer } = this;
		const known = this.#shapes?.find(keys);
		const defined = known ? undefined : this.#shapes?.define(keys);
		const isInline = !known && !defined;
		if (known) writeShape(writer, known);
		else if (defined) writeShapeDefinition(writer, defined);
		else {
			writeTag(writer, tags.OBJECT);
			writeNumber(writer, keys.length);
		}
		for (const key of keys) {
			if (isInline) writeText(writer, key);
			try {
				this.value(object[key]);
			} catch (error) {
				throw beyondProperty(error, key);
			}
		}
	}

	#array(array: readonly unknown[]): void {
		if (this.enter(tags.ARRAY, array)) return;
		const form = numberArrayForm(array);
		if ((form === undefined && !isDense(array)) || hasNamedProperties(array)) writeIrregularArray(this, array);
		else if (form === undefined) this.#elements(array);
		else writeNumberArray(this.writer, array as readonly number[], form);
		this.#depth--;
	}

	#elements(array: readonly unknown[]): void {
		const { writer } = this;
		const { length } = array;
		writer.ensure(5);
		if (length < tags.SMALL_ARRAY_COUNT) writer.buf[writer.pos++] = tags.SMALL_ARRAY + length;
		else {
			writer.buf[writer.pos++] = tags.ARRAY;
			writeUint32Bytes(writer, length);
		}
		let index = 0;
		try {
			for (; index < length; index++) this.value(array[index]);
		} catch (error) {
			throw beyondProperty(error, index);
		}
	}

	#special(object: object, prototype: object): void {
		const registered = typeOf(prototype);
		if (registered) this.#registered(registered, object);
		else if (isNativeError(object) || object instanceof Error) writeError(this, object);
		else if (!writeBuiltin(this, object)) this.#instance(object as Record<string, unknown>);
	}

	/** An instance of a class that nobody registered arrives as a plain object, as it does from structuredClone(). */
	#instance(object: Record<string, unknown>): void {
		const why = whyRefused(object) ?? (this.#isStrict ? whyNotPlain(object) : undefined);
		if (why !== undefined) refuse(why);
		if (this.enter(tags.OBJECT, object)) return;
		this.#properties(object, Object.keys(object));
		this.#depth--;
	}

	/** Nothing inside is postponed: decode() has to be given finished data. */
	#registered(type: RegisteredType, instance: object): void {
		const limit = this.#depthLimit;
		this.#depthLimit = MAX_DEPTH;
		if (this.enter(tags.REGISTERED, instance)) return;
		this.#open.push(this.#seen.last);
		writeTag(this.writer, tags.REGISTERED);
		writeText(this.writer, type.name);
		try {
			this.value(type.encode(instance));
		} catch (error) {
			throw beyondStep(error, '.encode()');
		}
		this.#open.pop();
		this.#depthLimit = limit;
		this.#depth--;
	}

	#tooDeep(kind: number, container: object): boolean {
		const canWait = kind === tags.ARRAY || kind === tags.OBJECT || kind === tags.MAP || kind === tags.SET;
		if (canWait && this.#depthLimit === POSTPONE_DEPTH) {
			this.isGraph = true;
			this.writer.ensure(2);
			this.writer.buf[this.writer.pos++] = tags.POSTPONED;
			this.writer.buf[this.writer.pos++] = kind;
			this.#postponed.push(container);
			return true;
		}
		if (this.#depth >= MAX_DEPTH) refuse(`it is nested too deeply: more than ${MAX_DEPTH} levels of errors or registered types`);
		this.#depth++;
		return false;
	}
}
