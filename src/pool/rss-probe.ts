import { type CallClient, type ChunkArguments, type ChunkReply, PendingCall } from '../rpc/index.ts';

/** A number that no function of a map has, see FunctionShelf. */
const PROBE_NUMBER = -1;

/** Asks a worker for the memory of its process, in its turn among its calls; says nothing if the worker ends first. */
export function measureRss(client: CallClient, chunkNumber: number, onMeasured: (bytes: number) => void): void {
	const probe = new RssProbe(chunkNumber, onMeasured);
	const inline = { source: '() => process.memoryUsage.rss()', name: 'rss' };
	const args: ChunkArguments = [PROBE_NUMBER, inline, [0], Number.POSITIVE_INFINITY, false];
	try {
		client.submit(probe, args);
	} catch {
		// A link that is full, or has ended: the next call that is answered asks again.
	}
}

class RssProbe extends PendingCall {
	readonly #onMeasured: (bytes: number) => void;

	constructor(chunkNumber: number, onMeasured: (bytes: number) => void) {
		super({ name: 'rss', number: chunkNumber, streams: false });
		this.#onMeasured = onMeasured;
	}

	succeed(reply: unknown): void {
		const bytes = (reply as ChunkReply | undefined)?.values[0];
		if (typeof bytes === 'number') this.#onMeasured(bytes);
	}

	/** The worker has ended: there is nothing to measure. */
	fail(): void {}
}
