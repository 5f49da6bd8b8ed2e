import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { QueueFullError } from '../../src/errors/index.ts';
import { Credit } from '../../src/messenger/credit.ts';

/** Two ends of a link, of which one sends and the other one pops; reports travel when the test says so. */
class Link {
	/** Sizes of the messages that were sent and not popped, oldest first. */
	readonly queued: number[] = [];
	readonly sender: Credit;
	readonly receiver: Credit;
	readonly #reports: number[] = [];

	constructor(highWaterMark: number, maxQueuedBytes: number) {
		const limits = { highWaterMark, maxQueuedBytes };
		this.sender = new Credit(limits, { report: () => expect.unreachable('the sender pops nothing'), refresh: () => {} });
		this.receiver = new Credit(limits, { report: (total) => void this.#reports.push(total), refresh: () => {} });
	}

	/** False when the message was refused. */
	send(bytes: number): boolean {
		try {
			this.sender.admit(bytes);
		} catch (error) {
			expect(error).toBeInstanceOf(QueueFullError);
			return false;
		}
		this.queued.push(bytes);
		this.sender.charge(bytes);
		return true;
	}

	pop(): void {
		const bytes = this.queued.shift();
		if (bytes !== undefined) this.receiver.pop(bytes);
	}

	deliverReport(): void {
		const total = this.#reports.shift();
		if (total !== undefined) this.sender.onReport(total);
	}

	deliverReports(): void {
		while (this.#reports.length > 0) this.deliverReport();
	}

	get bytes(): number {
		return this.queued.reduce((sum, bytes) => sum + bytes, 0);
	}
}

const limits = fc
	.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 5000 }))
	.map(([mark, more]) => [mark, mark + more] as const);
const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.constantFrom('pop' as const, 'report' as const)), {
	maxLength: 300,
});

describe('Credit', () => {
	it('never counts less than what is queued, and refuses what would exceed the limit', () => {
		fc.assert(
			fc.property(limits, steps, ([highWaterMark, maxQueuedBytes], script) => {
				const link = new Link(highWaterMark, maxQueuedBytes);
				for (const step of script) {
					if (step === 'pop') link.pop();
					else if (step === 'report') link.deliverReport();
					else {
						const before = link.sender.queuedBytes;
						const wasSent = link.send(step);
						if (wasSent && before + step > maxQueuedBytes) expect(before).toBeLessThan(Math.max(1, highWaterMark / 8));
						if (!wasSent) expect(link.sender.queuedBytes).toBe(before);
					}
					expect(link.sender.queuedBytes).toBeGreaterThanOrEqual(link.bytes);
				}
			}),
		);
	});

	it('counts nothing that matters once everything is popped: the next message is accepted, whatever its size', () => {
		fc.assert(
			fc.property(limits, steps, fc.integer({ min: 1, max: 1e9 }), ([highWaterMark, maxQueuedBytes], script, size) => {
				const link = new Link(highWaterMark, maxQueuedBytes);
				for (const step of script) if (typeof step === 'number') link.send(step);
				while (link.queued.length > 0) link.pop();
				link.deliverReports();
				expect(link.sender.queuedBytes).toBeLessThanOrEqual(highWaterMark);
				expect(link.send(size)).toBe(true);
			}),
		);
	});

	it('resolves flushed() exactly when the count is not above the high-water mark', async () => {
		const link = new Link(100, 1000);
		let isFlushed = false;
		for (let count = 0; count < 10; count += 1) link.send(50);
		const flushed = link.sender.flushed().finally(() => {
			isFlushed = true;
		});
		while (link.sender.queuedBytes > 100) {
			expect(isFlushed).toBe(false);
			link.pop();
			link.deliverReports();
			await Promise.resolve();
		}
		await flushed;
		expect(link.bytes).toBeLessThanOrEqual(100);
	});

	it('reports in batches of an eighth of the mark, at most 64 KiB', () => {
		const totals: number[] = [];
		const receiver = new Credit(
			{ highWaterMark: 16 * 1024 * 1024, maxQueuedBytes: 1e9 },
			{ report: (total) => void totals.push(total), refresh: () => {} },
		);
		for (let count = 0; count < 1000; count += 1) receiver.pop(1024);
		expect(totals).toEqual(Array.from({ length: 15 }, (_, index) => (index + 1) * 64 * 1024));
	});

	it('takes in reports that have arrived before it refuses', () => {
		let refreshes = 0;
		const sender: Credit = new Credit(
			{ highWaterMark: 100, maxQueuedBytes: 100 },
			{
				report: () => {},
				refresh: () => {
					refreshes += 1;
					sender.onReport(80);
				},
			},
		);
		sender.admit(80);
		sender.charge(80);
		sender.admit(90);
		expect(refreshes).toBe(1);
		expect(() => sender.admit(300, false)).toThrow(QueueFullError);
	});
});
