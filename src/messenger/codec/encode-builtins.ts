import * as is from 'node:util/types';

import { writeBigInt, writeDoubleBytes, writeNumber, writeTag } from './numbers.ts';
import { beyondProperty, beyondStep, entryStep, refuse } from './refusal.ts';
import { isLengthTracking, isOutOfBounds } from './resizable-buffer.ts';
import { BOXED, BUFFER, DATE, FALSE, MAP, REGEXP, SET, SIDE_OBJECT, TRUE, UNDEFINED, VIEW } from './tags.ts';
import { writeText } from './texts.ts';
import type { ValueSink } from './value-sink.ts';
import { viewKindOf } from './view-kinds.ts';

/** Writes an object of a built-in class; returns false, having written nothing, for any other object. */
export function writeBuiltin(sink: ValueSink, value: object): boolean {
	if (ArrayBuffer.isView(value)) writeView(sink, value);
	else if (is.isDate(value)) writeDate(sink, value);
	else if (is.isMap(value)) writeMap(sink, value);
	else if (is.isSet(value)) writeSet(sink, value);
	else if (is.isAnyArrayBuffer(value)) writeBuffer(sink, value);
	else if (is.isRegExp(value)) writeRegExp(sink, value);
	else if (is.isBoxedPrimitive(value)) writeBoxed(sink, value);
	else return writeSideObject(sink, value);
	return true;
}

function writeDate(sink: ValueSink, value: Date): void {
	const { writer } = sink;
	writer.ensure(9);
	writer.buf[writer.pos++] = DATE;
	writeDoubleBytes(writer, Date.prototype.getTime.call(value));
}

function writeRegExp(sink: ValueSink, value: RegExp): void {
	writeTag(sink.writer, REGEXP);
	writeText(sink.writer, value.source);
	writeText(sink.writer, value.flags);
}

function writeBoxed(sink: ValueSink, value: object): void {
	const { writer } = sink;
	if (is.isSymbolObject(value)) refuse('it is a symbol');
	writeTag(writer, BOXED);
	if (is.isNumberObject(value)) writeNumber(writer, Number.prototype.valueOf.call(value));
	else if (is.isStringObject(value)) writeText(writer, String.prototype.valueOf.call(value));
	else if (is.isBigIntObject(value)) writeBigInt(writer, BigInt.prototype.valueOf.call(value));
	else writeTag(writer, Boolean.prototype.valueOf.call(value) ? TRUE : FALSE);
}

function writeMap(sink: ValueSink, map: ReadonlyMap<unknown, unknown>): void {
	if (sink.enter(MAP, map)) return;
	// A copy, because a getter further down may change the Map; forEach, because a subclass may have another iterator.
	const entries: unknown[] = [];
	Map.prototype.forEach.call(map, (value, key) => entries.push(key, value));
	writeTag(sink.writer, MAP);
	writeNumber(sink.writer, entries.length / 2);
	let index = 0;
	try {
		for (; index < entries.length; index++) sink.value(entries[index]);
	} catch (error) {
		const position = index >> 1;
		throw beyondStep(error, index % 2 === 0 ? `.keys()[${position}]` : entryStep(entries[index - 1], position));
	}
	sink.leave();
}

function writeSet(sink: ValueSink, set: ReadonlySet<unknown>): void {
	if (sink.enter(SET, set)) return;
	const members: unknown[] = [];
	Set.prototype.forEach.call(set, (member) => members.push(member));
	writeTag(sink.writer, SET);
	writeNumber(sink.writer, members.length);
	let index = 0;
	try {
		for (; index < members.length; index++) sink.value(members[index]);
	} catch (error) {
		throw beyondProperty(error, index);
	}
	sink.leave();
}

function writeBuffer(sink: ValueSink, buffer: ArrayBufferLike): void {
	const index = sink.buffers.addBuffer(buffer);
	writeTag(sink.writer, BUFFER);
	writeNumber(sink.writer, index);
}

function writeView(sink: ValueSink, view: ArrayBufferView): void {
	const { writer, buffers } = sink;
	const kind = viewKindOf(view);
	if (kind < 0) refuse('it is a view of a kind that this version does not know');
	if (isOutOfBounds(view)) refuse('it is a view of an ArrayBuffer that is detached, or has become too small for it');
	const index = buffers.addView(view);
	writer.ensure(2);
	writer.buf[writer.pos++] = VIEW;
	writer.buf[writer.pos++] = kind;
	writeNumber(writer, index);
	writeNumber(writer, view.byteOffset);
	if (isLengthTracking(view)) writeTag(writer, UNDEFINED);
	else writeNumber(writer, (view as { length?: number }).length ?? view.byteLength);
}

/** A MessagePort in the transfer list; buffers of the list are found by the table of buffers. */
function writeSideObject(sink: ValueSink, value: object): boolean {
	const index = sink.buffers.sideIndex(value);
	if (index < 0) return false;
	writeTag(sink.writer, SIDE_OBJECT);
	writeNumber(sink.writer, index);
	return true;
}
