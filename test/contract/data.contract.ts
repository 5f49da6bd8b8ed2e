import { MessageChannel, type MessagePort } from 'node:worker_threads';

import { DataCloneError } from 'coproc';
import { beforeAll, describe, expect, it } from 'vitest';

import { Money, registerMoney } from '../fixtures/money.js';
import { newChannel, type Subject } from './support/subject.ts';

/** What happens to data on every link: what arrives is what was sent. */
export function dataContract(subject: Subject): void {
	/** Sends data there and back. */
	const echo = async (data: unknown): Promise<unknown> => {
		const { messenger, post } = subject.peer;
		const channel = newChannel();
		messenger.sendNorequest(data, channel);
		post(async (other, on) => void other.sendNorequest(await other.receive(on), on), channel);
		return messenger.receive(channel);
	};

	describe('7.8 Data: what is sent', () => {
		it('keeps its types, its holes and its identities', async () => {
			const deep: unknown[] = [1];
			deep[2] = 3;
			const shared = { deep, at: new Date(5), when: undefined };
			const data = {
				shared,
				again: shared,
				map: new Map<unknown, unknown>([[shared, new Set(['x', -0, 10n])]]),
				pattern: /a+/giu,
				boxed: Object('text') as object,
				view: new Float64Array([1.5, Number.NaN]),
				lone: '\ud800',
				error: new RangeError('r', { cause: 'c' }),
				self: undefined as unknown,
			};
			data.self = data;
			const back = (await echo(data)) as typeof data;
			expect(back).toEqual(data);
			expect(back.self).toBe(back);
			expect(back.again).toBe(back.shared);
			expect([...back.map.keys()][0]).toBe(back.shared);
			expect(1 in back.shared.deep).toBe(false);
			expect('when' in back.shared).toBe(true);
		});

		it.each([0, 1, 100, 60_000, 70_000, 1_000_000])('takes %d bytes by the fast path', async (length) => {
			const bytes = new Uint8Array(length).map((_, index) => index * 7);
			const back = (await echo(bytes)) as Uint8Array;
			expect(back).toBeInstanceOf(Uint8Array);
			expect(Buffer.compare(back, bytes)).toBe(0);
		});

		it('takes a Buffer for the bytes that it shows, not for the pool that it was cut from', async () => {
			const back = (await echo({ some: Buffer.from('some text') })) as { some: Uint8Array };
			expect(Buffer.from(back.some).toString()).toBe('some text');
			expect(back.some.buffer.byteLength).toBeLessThan(100);
		});

		it('takes text of every kind and size', async () => {
			const texts = ['', 'latin é', 'wide 語', '😀', 'x'.repeat(100_000), '語'.repeat(100_000)];
			expect(await echo(texts)).toEqual(texts);
			for (const text of texts) expect((await echo(text)) === text).toBe(true);
		});
	});

	describe('7.8 Data: a class registered on both sides', () => {
		beforeAll(registerMoney);

		it('travels as itself, private fields and all', async () => {
			const back = (await echo({ price: new Money(1250), list: [new Money(1), new Money(2)] })) as {
				price: Money;
				list: Money[];
			};
			expect(back.price).toBeInstanceOf(Money);
			expect([back.price.cents, ...back.list.map((money) => money.cents)]).toEqual([1250, 1, 2]);
		});

		it('is an instance of the class on the other side, too', async () => {
			const { messenger, run } = subject.peer;
			const channel = newChannel();
			messenger.sendNorequest(new Money(99), channel);
			expect(await run(async (other, on) => ((await other.receive(on)) as Money).cents, channel)).toBe(99);
		});

		it('arrives as plain data without a registration, as from structuredClone()', async () => {
			class Unknown {
				readonly field = 1;
			}
			const back = await echo(new Unknown());
			expect(back).not.toBeInstanceOf(Unknown);
			expect(back).toEqual({ field: 1 });
		});
	});

	describe('7.8 Data: a transfer', () => transfer(subject));
}

function transfer(subject: Subject): void {
	it('detaches ArrayBuffers at the sender once they are sent, and delivers them whole', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const buffers = [new Uint8Array(10).fill(1).buffer, new Uint8Array(2_000_000).fill(2).buffer];
		messenger.sendNorequest({ buffers }, channel, { transfer: buffers });
		expect(buffers.map((buffer) => buffer.byteLength)).toEqual([0, 0]);
		const received = await run(async (other, on) => {
			const data = (await other.receive(on)) as { buffers: ArrayBuffer[] };
			return data.buffers.map((buffer) => [buffer.byteLength, new Uint8Array(buffer).at(-1)]);
		}, channel);
		expect(received).toEqual([
			[10, 1],
			[2_000_000, 2],
		]);
	});

	it('goes with requests, replies and messages from the other side', async () => {
		const { messenger, post } = subject.peer;
		const channel = newChannel();
		post(async (other, on) => {
			const message = await other.receiveMessage(on);
			const { buffer } = new Uint8Array(message.data as ArrayBuffer).map((byte) => byte + 1);
			message.reply(buffer, { transfer: [buffer] });
			other.sendNorequest(buffer.byteLength, on);
		}, channel);
		const { buffer } = new Uint8Array([1, 2, 3]);
		const reply = await messenger.request(buffer, channel, { transfer: [buffer] });
		expect(new Uint8Array(reply as ArrayBuffer)).toEqual(new Uint8Array([2, 3, 4]));
		expect(await messenger.receive(channel)).toBe(0);
	});

	it.each([
		['something listed twice', (buffer: ArrayBuffer) => [buffer, buffer], 'transfer[1]'],
		['something detached', (buffer: ArrayBuffer) => [buffer, detached()], 'transfer[1]'],
		['what cannot be transferred', (buffer: ArrayBuffer) => [buffer, {}], 'transfer[1]'],
	])('refuses %s, and sends and detaches nothing', async (_what, listOf, path) => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const buffer = new ArrayBuffer(8);
		const send = (): unknown => messenger.sendRequest({ buffer, shape: { of: 'this' } }, channel, { transfer: listOf(buffer) });
		expect(send).toThrow(DataCloneError);
		expect(send).toThrow(path);
		expect([buffer.byteLength, messenger.messagesSent(channel), messenger.remaining(channel)]).toEqual([8, 0, 0]);
		messenger.sendNorequest({ buffer, shape: { of: 'this' } }, channel);
		expect(await run(async (other, on) => other.receive(on), channel)).toEqual({ buffer, shape: { of: 'this' } });
	});

	it('keeps the buffer when the message cannot be sent', () => {
		const { messenger } = subject.peer;
		const buffer = new ArrayBuffer(8);
		expect(() => messenger.sendNorequest({ buffer, f() {} }, newChannel(), { transfer: [buffer] })).toThrow(DataCloneError);
		expect(buffer.byteLength).toBe(8);
	});

	if (subject.sharesProcess) sharedObjects(subject);
	else refusedObjects(subject);
}

function sharedObjects(subject: Subject): void {
	it('hands over a MessagePort', async () => {
		const { messenger, post } = subject.peer;
		const channel = newChannel();
		const { port1, port2 } = new MessageChannel();
		messenger.sendNorequest({ port: port2 }, channel, { transfer: [port2] });
		post(async (other, on) => {
			const { port } = (await other.receive(on)) as { port: MessagePort };
			port.postMessage('through the port');
			port.close();
		}, channel);
		const message = await new Promise((resolve) => {
			port1.once('message', resolve);
		});
		expect(message).toBe('through the port');
	});

	it('needs no transfer for shared memory, which both sides see', async () => {
		const { messenger, run } = subject.peer;
		const channel = newChannel();
		const words = new Int32Array(new SharedArrayBuffer(8));
		messenger.sendNorequest({ words }, channel);
		await run(
			async (other, on) => void Atomics.store(((await other.receive(on)) as { words: Int32Array }).words, 1, 42),
			channel,
		);
		expect(Atomics.load(words, 1)).toBe(42);
	});
}

function refusedObjects(subject: Subject): void {
	it('refuses what only threads can share', () => {
		const { messenger } = subject.peer;
		const { port1, port2 } = new MessageChannel();
		expect(() => messenger.sendNorequest(port2, newChannel(), { transfer: [port2] })).toThrow(
			'only an ArrayBuffer can be handed to another process',
		);
		expect(() => messenger.sendNorequest(new SharedArrayBuffer(8), newChannel())).toThrow('which only threads can share');
		port1.close();
	});
}

function detached(): ArrayBuffer {
	const buffer = new ArrayBuffer(8);
	structuredClone(buffer, { transfer: [buffer] });
	return buffer;
}
