import { InvalidArgumentError, type MultiMessenger, PriorityMessenger, QueueFullError, ResourceRequestedClose } from 'coproc';
import { describe, expect, it } from 'vitest';

import { COMBINATIONS, type Combination } from './support/combinations.ts';
import { startPeer } from './support/peer.ts';

const open = (combination: Combination, options?: object) => startPeer(combination, PriorityMessenger, options);

/** Waits until everything that the other side sent before has arrived here. */
async function settled(peer: Awaited<ReturnType<typeof open>>): Promise<void> {
	await peer.run(() => undefined);
}

describe.each(COMBINATIONS)('7.2 Special messages over $name', (combination) => {
	it('overtake queued data, throw once from the next receive call, and leave the messenger usable', async () => {
		await using peer = await open(combination);
		const { messenger } = peer;
		peer.post((other) => {
			other.sendNorequest('first');
			other.sendError(new RangeError('told'));
			other.sendCloseRequest();
			other.sendNorequest('that is all', 'end');
		});
		await expect(messenger.receive('end')).rejects.toThrow(new RangeError('told'));
		await expect(messenger.receive('end')).rejects.toThrow(ResourceRequestedClose);
		expect(await messenger.receive('end')).toBe('that is all');
		expect(messenger.available()).toBe(1);
		expect(await messenger.receive()).toBe('first');
	});

	it('are thrown from a receive that was pending', async () => {
		await using peer = await open(combination);
		const pending = expect(peer.messenger.receive()).rejects.toThrow('told');
		peer.post((other) => void other.sendError(new Error('told')));
		await pending;
		peer.post((other) => void other.sendNorequest('after'));
		expect(await peer.messenger.receive()).toBe('after');
	});
});

describe.each(COMBINATIONS)('7.4 Priority over $name', (combination) => {
	it('gives back lower numbers first, equal ones in order, and those without a priority last', async () => {
		await using peer = await open(combination);
		await peer.run((other) => {
			for (const [data, priority] of [
				['last'],
				['b', 1],
				['a', -1],
				['c', 1],
				['last too'],
				['first', Number.NEGATIVE_INFINITY],
			] as const) {
				other.sendNorequest(data, null, priority === undefined ? {} : { priority });
			}
			other.sendNorequest({ priority: 0, text: 'own' });
		});
		expect(peer.messenger.receiveAvailable()).toEqual(['first', 'a', { priority: 0, text: 'own' }, 'b', 'c', 'last', 'last too']);
	});

	it('throws TypeError at the sender for one that cannot be ordered', async () => {
		await using peer = await open(combination);
		const { messenger } = peer;
		for (const priority of [Number.NaN, '1' as never, null as never]) {
			expect(() => messenger.sendNorequest(1, null, { priority })).toThrow(TypeError);
		}
		expect(() => messenger.sendNorequest({ priority: Number.NaN })).toThrow(InvalidArgumentError);
		expect(messenger.messagesSent()).toBe(0);
	});
});

describe.each(COMBINATIONS)('7.5 Counters over $name', (combination) => {
	const counters = (messenger: MultiMessenger): number[] => [
		messenger.remaining(),
		messenger.requestsSent(),
		messenger.repliesReceived(),
	];

	it('complete a request when its reply is popped, not when it arrives', async () => {
		await using peer = await open(combination);
		const { messenger } = peer;
		messenger.sendRequest('one');
		messenger.sendRequest('two');
		await peer.run(async (other) => {
			for (let count = 0; count < 2; count += 1) other.sendReply(await other.receive());
		});
		expect([messenger.queueSize(), ...counters(messenger)]).toEqual([2, 2, 2, 0]);
		expect(await messenger.receive()).toBe('one');
		expect(counters(messenger)).toEqual([1, 2, 1]);
	});

	it('are completed by an error of the peer, and never become negative by a reply that nobody asked for', async () => {
		await using peer = await open(combination);
		const { messenger } = peer;
		messenger.sendRequest('never answered', 'a channel');
		peer.post((other) => void other.sendError(new Error('instead')));
		await expect(messenger.receive()).rejects.toThrow('instead');
		expect(messenger.remaining('a channel')).toBe(0);
		await peer.run((other) => void other.sendReply('unasked', 'a channel'));
		expect(await messenger.receive('a channel')).toBe('unasked');
		expect(messenger.remaining('a channel')).toBe(0);
	});
});

describe.each(COMBINATIONS)('7.7 Sends never block the event loop, over $name', (combination) => {
	it('say false above the high-water mark, throw above maxQueuedBytes with nothing enqueued, and flushed() tells when to go on', async () => {
		await using peer = await open(combination, { ringBytes: 4096, highWaterMark: 10_000, maxQueuedBytes: 20_000 });
		const { messenger } = peer;
		const kilobyte = new Uint8Array(1000);
		let sent = 0;
		while (messenger.sendNorequest(kilobyte, 'bulk')) sent += 1;
		sent += 1;
		expect(sent).toBe(10);
		expect(() => {
			for (;;) {
				messenger.sendNorequest(kilobyte, 'bulk');
				sent += 1;
			}
		}).toThrow(QueueFullError);
		expect(messenger.messagesSent('bulk')).toBe(sent);
		const flushed = messenger.flushed();
		const taken = await peer.run(async (other, count) => {
			for (let index = 0; index < count; index += 1) await other.receive('bulk');
			return other.queueSize('bulk');
		}, sent);
		expect(taken).toBe(0);
		await flushed;
		expect(messenger.sendNorequest(kilobyte, 'bulk')).toBe(true);
		await settled(peer);
	});
});

describe.each(COMBINATIONS)('7.8 Data over $name', (combination) => {
	it('arrives as structured clone would give it', async () => {
		await using peer = await open(combination);
		const cyclic: { self?: unknown; twice: unknown[] } = { twice: [] };
		const shared = new Date(0);
		cyclic.self = cyclic;
		cyclic.twice.push(shared, shared);
		const values = [
			Object.assign([1], { 2: 3 }),
			new Map([[{ a: 1 }, new Set([1n])]]),
			/x/gi,
			Object(1),
			'\ud800',
			-0,
			Number.NaN,
			new Float64Array([1.5]),
			cyclic,
		];
		peer.post(async (other) => {
			for (let count = 0; count < 9; count += 1) other.sendNorequest(await other.receive());
		});
		for (const value of values) peer.messenger.sendNorequest(value);
		for (const value of values) expect(await peer.messenger.receive()).toEqual(structuredClone(value));
	});

	it('that cannot be cloned throws at the sender and names the path', async () => {
		await using peer = await open(combination);
		expect(() => peer.messenger.sendNorequest({ list: [{ run() {} }] })).toThrow(
			expect.objectContaining({ path: 'data.list[0].run' }),
		);
	});
});
