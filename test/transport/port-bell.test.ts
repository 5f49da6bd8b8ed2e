import { describe, expect, it } from 'vitest';

import { ProtocolError } from '../../src/errors/index.ts';
import { type LinkPorts, makeLinkPorts, PortBell } from '../../src/transport/index.ts';

/** Two bells of one link, as two threads have them. */
function openPair(isLaneApart = false, carriesObjects = true) {
	const [first, second] = makeLinkPorts(isLaneApart);
	const heard: string[] = [];
	const open = (ports: LinkPorts, name: string): PortBell =>
		new PortBell(
			ports,
			{ onRing: () => void heard.push(`${name} rings`), onClose: () => void heard.push(`${name} closes`) },
			carriesObjects,
		);
	const [mine, theirs] = [open(first, 'mine'), open(second, 'theirs')] as const;
	/** Resolves when as many things have been heard. */
	const hear = async (count: number): Promise<string[]> => {
		while (heard.length < count) await new Promise(setImmediate);
		return heard;
	};
	const take = (id: number): readonly unknown[] => theirs.objects?.take(id).objects ?? [];
	return { mine, theirs, take, hear, [Symbol.dispose]: () => [mine, theirs].forEach((bell) => bell.close()) };
}

describe.each([
	['one port', false],
	['a lane of its own for objects', true],
])('PortBell with %s', (_name, isLaneApart) => {
	it('rings the other side, and tells the end of it', async () => {
		using pair = openPair(isLaneApart);
		pair.theirs.ref();
		pair.mine.ring();
		expect(await pair.hear(1)).toEqual(['theirs rings']);
		pair.mine.close();
		expect((await pair.hear(3)).toSorted()).toEqual(['mine closes', 'theirs closes', 'theirs rings']);
	});

	it('finds objects that were posted, whatever lies before them, and loses no ring on the way', async () => {
		using pair = openPair(isLaneApart);
		pair.theirs.ref();
		const { buffer } = new Uint8Array([1, 2, 3]);
		pair.mine.ring();
		const id = pair.mine.objects?.post([buffer]) as number;
		expect(buffer.byteLength).toBe(0);
		// In the same turn: the event loop has handed over neither the ring nor the parcel.
		const [taken] = pair.take(id) as [ArrayBuffer];
		expect(new Uint8Array(taken)).toEqual(new Uint8Array([1, 2, 3]));
		expect(await pair.hear(1)).toEqual(['theirs rings']);
	});

	it('keeps parcels that the event loop has handed over already, and each once', async () => {
		using pair = openPair(isLaneApart);
		pair.theirs.ref();
		const first = pair.mine.objects?.post([new ArrayBuffer(1)]) as number;
		const second = pair.mine.objects?.post([new SharedArrayBuffer(2)]) as number;
		pair.mine.ring();
		await pair.hear(1);
		const lengths = [second, first].map((id) => (pair.take(id) as ArrayBuffer[]).map((object) => object.byteLength));
		expect(lengths).toEqual([[2], [1]]);
		expect(() => pair.take(first)).toThrow(ProtocolError);
	});

	it('carries no objects where the other end passes frames on to another process', () => {
		using pair = openPair(isLaneApart, false);
		expect(pair.mine.objects).toBeUndefined();
	});
});
