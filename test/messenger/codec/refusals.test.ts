import { createSecretKey } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';

import { describe, expect, it } from 'vitest';

import { DataCloneError } from '../../../src/errors/index.ts';
import { ByteWriter } from '../../../src/internal/byte-writer.ts';
import { ValueEncoder } from '../../../src/messenger/codec/index.ts';
import { Wire } from './round-trip.ts';

const ADVICE = 'Send plain data, mark the class with registerType() on both sides, or leave the value out.';

function refusalOf(value: unknown, transfer?: readonly object[]): DataCloneError {
	try {
		new ValueEncoder().encode(new ByteWriter(), value, transfer);
	} catch (error) {
		if (error instanceof DataCloneError) return error;
		throw error;
	}
	throw new Error('was not refused');
}

function call(): void {}

class Row {
	callback = call;
}

const OBJECT_KEY = {};

function nested(levels: number, innermost: unknown): unknown {
	let value = innermost;
	for (let level = 0; level < levels; level++) value = { a: value };
	return value;
}

const PATHS: [path: string, value: unknown][] = [
	['data', call],
	['data', Symbol('s')],
	['data.callback', { callback: call }],
	['data.rows[3].callback', { rows: [0, 1, 2, { id: 1, callback: call }] }],
	['data.rows[20]', { rows: [...Array.from({ length: 20 }, () => 1), call] }],
	['data[0][1][2]', [[0, [1, 2, call]]]],
	['data["not an identifier"].größe', { 'not an identifier': { größe: call } }],
	['data["1"]', { 1: call }],
	['data[""]', { '': call }],
	['data.map.get("k")', { map: new Map([['k', call]]) }],
	['data.map.get(-1.5).x', { map: new Map([[-1.5, { x: call }]]) }],
	['data.get(1n)', new Map([[1n, call]])],
	['data.get(null)', new Map<unknown, unknown>([['a', 1]]).set(null, call)],
	['data.values()[1].deep', new Map<unknown, unknown>([['a', 1]]).set(OBJECT_KEY, { deep: call })],
	['data.keys()[1]', new Map<unknown, unknown>([['a', 1]]).set(call, 1)],
	['data.set[0]', { set: new Set([call]) }],
	['data.set[1].x', { set: new Set<unknown>([1, { x: call }]) }],
	['data.name', Object.assign([1, 2], { name: call })],
	['data[5]', Object.assign([], { 5: call })],
	['data.cause', new Error('e', { cause: call })],
	['data.cause.errors[1]', new Error('e', { cause: new AggregateError([1, call]) })],
	['data.extra', Object.assign(new Error('e'), { extra: call })],
	['data.list[1].callback', { list: [new Row(), new Row()].map((row, index) => (index === 0 ? 1 : row)) }],
	[`data${'.a'.repeat(150)}`, nested(150, call)],
	[`data${'.a'.repeat(999)}`, nested(999, call)],
	[`data${'.a'.repeat(450)}.get("k")[0]`, nested(450, new Map([['k', new Set([call])]]))],
];

const KINDS: [what: string, value: unknown][] = [
	['it is a function', call],
	['it is a function', Row],
	['it is a symbol', Symbol.iterator],
	['it is a symbol', Object(Symbol.iterator)],
	['it is a WeakMap', new WeakMap()],
	['it is a WeakSet', new WeakSet()],
	['it is a WeakRef', new WeakRef({})],
	['it is a FinalizationRegistry', new FinalizationRegistry(call)],
	['it is a Promise', Promise.resolve()],
	['it is a Generator', (function* () {})()],
	['it is an Array Iterator', [1].values()],
	['it is a Map Iterator', new Map().keys()],
	['it is an Intl.Collator', new Intl.Collator()],
	['it is a Proxy', new Proxy(new Map(), {})],
	['it is a Proxy', new Proxy(new Row(), {})],
	['it is a ReadableStream', new ReadableStream()],
	['it is a Blob', new Blob([])],
	['it is an AbortSignal', new AbortController().signal],
	['it is a KeyObject', createSecretKey(Buffer.from('key'))],
	['it is a SharedArrayBuffer, which only threads can share', new SharedArrayBuffer(8)],
	['it is a SharedArrayBuffer, which only threads can share', new Uint8Array(new SharedArrayBuffer(8))],
	['it is a SharedArrayBuffer, which only threads can share', new Float64Array(new SharedArrayBuffer(8))],
];

describe('ValueEncoder.encode() refuses', () => {
	it.each(PATHS)('%s, by that path', (path, value) => {
		expect(refusalOf(value).path).toBe(path);
	});

	it.each(KINDS)('%s', (what, value) => {
		expect(refusalOf({ a: [value] }).message).toBe(`\`data.a[0]\` cannot be sent: ${what}. ${ADVICE}`);
		expect(refusalOf(value).message).toBe(`\`data\` cannot be sent: ${what}. ${ADVICE}`);
	});

	it('a MessagePort that is not transferred', () => {
		const { port1 } = new MessageChannel();
		port1.close();
		expect(refusalOf({ port: port1 })).toMatchObject({ path: 'data.port', code: 'ERR_COPROC_DATA_CLONE' });
	});

	it('what a detached buffer is behind of', () => {
		const buffer = new ArrayBuffer(8);
		const views = [new Uint8Array(buffer), new DataView(buffer), new Float64Array(buffer)];
		structuredClone(buffer, { transfer: [buffer] });
		for (const value of [buffer, ...views]) expect(refusalOf([value])).toMatchObject({ path: 'data[0]' });
		expect(refusalOf(views[0])).toMatchObject({ path: 'data' });
	});

	it.each([
		['a view', [new Uint8Array(8)], 'transfer[0]', 'only an ArrayBuffer or a MessagePort can be transferred'],
		['a SharedArrayBuffer', [new SharedArrayBuffer(8)], 'transfer[0]', 'only an ArrayBuffer or a MessagePort can be transferred'],
		[
			'what is no object',
			[new ArrayBuffer(1), 5 as unknown as object],
			'transfer[1]',
			'only an ArrayBuffer or a MessagePort can be transferred',
		],
		['a buffer twice', ((buffer) => [buffer, buffer])(new ArrayBuffer(1)), 'transfer[1]', 'it is in the list twice'],
	])('to transfer %s', (_name, transfer, path, what) => {
		expect(refusalOf({}, transfer)).toMatchObject({ path, message: `\`${path}\` cannot be sent: ${what}. ${ADVICE}` });
	});

	it('to transfer a buffer that is detached', () => {
		const buffer = new ArrayBuffer(8);
		structuredClone(buffer, { transfer: [buffer] });
		expect(refusalOf(1, [buffer]).path).toBe('transfer[0]');
	});

	it('an object whose getter takes properties away', () => {
		const wire = new Wire();
		const make = (removes: boolean): object => ({
			get a() {
				if (removes) delete (this as { b?: number }).b;
				return 1;
			},
			b: 2,
		});
		wire.pass(make(false));
		wire.pass(make(false));
		expect(() => wire.pass(make(true))).toThrow(/a getter in it added or removed properties/);
		expect(wire.pass(make(false))).toEqual({ a: 1, b: 2 });
	});

	it('a message that is sent while another one is encoded', () => {
		const wire = new Wire();
		const value = {
			get a() {
				return wire.encode({ b: 1 }).codec;
			},
		};
		expect(() => wire.encode(value)).toThrow(DataCloneError);
		expect(wire.pass({ a: 1 })).toEqual({ a: 1 });
	});

	it('nothing of what a getter throws: it comes through as it is', () => {
		const thrown = new Error('mine');
		const value = {
			get a() {
				throw thrown;
			},
		};
		expect(() => new Wire().encode([value])).toThrow(thrown);
	});

	it('without leaving a trace in the writer or in the messages after it', () => {
		const wire = new Wire();
		const row = { id: 1, name: 'n', list: [1, 2] };
		wire.pass(row);
		expect(() => wire.pass([row, row, call])).toThrow(DataCloneError);
		expect(wire.writer.length).toBe(0);
		expect(wire.encoder.side).toEqual([]);
		for (let count = 0; count < 3; count++) expect(wire.pass(row)).toEqual(row);
	});
});
