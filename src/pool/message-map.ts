import { FifoQueue } from '../messenger/index.ts';
import type { ItemSource } from './item-source.ts';

type Outcome = { readonly value: unknown } | { readonly error: unknown } | 'inputEnded';

/** One worker's turn: an item was asked for, sent and answered. */
interface Turn<W> {
	readonly worker: W;
	readonly outcome: Outcome;
}

/**
 * Keeps one request under way at each worker: a worker gets its next item when its result is taken. Gives results as they come;
 * at most one for each worker waits to be taken. Ending early closes the input and gives the requests up.
 *
 * @param ask sends an item to a worker and resolves to its reply
 */
export async function* mapMessages<W>(
	workers: readonly W[],
	source: ItemSource,
	ask: (worker: W, item: unknown, signal: AbortSignal) => Promise<unknown>,
): AsyncGenerator<unknown, void, undefined> {
	const done = new AbortController();
	const turns = new Turns<W>();
	const next = reader(source);
	const takeTurn = async (worker: W): Promise<Outcome> => {
		const item = await next();
		return item ? { value: await ask(worker, item.value, done.signal) } : 'inputEnded';
	};
	const launch = (worker: W): void => {
		takeTurn(worker).then(
			(outcome) => turns.push({ worker, outcome }),
			(error: unknown) => turns.push({ worker, outcome: { error } }),
		);
	};
	try {
		for (const worker of workers) launch(worker);
		for (let open = workers.length; open > 0; ) {
			const { worker, outcome } = await turns.next();
			if (outcome === 'inputEnded') open -= 1;
			else if ('error' in outcome) throw outcome.error;
			else {
				launch(worker);
				yield outcome.value;
			}
		}
	} catch (error) {
		// An error of closing would hide this one.
		await source.close().catch(() => {});
		throw error;
	} finally {
		done.abort();
		await source.close();
	}
}

/** Reads one item at a time, in the order in which items are asked for. */
function reader(source: ItemSource): () => Promise<{ readonly value: unknown } | undefined> {
	let former: Promise<unknown> = Promise.resolve();
	const read = async (): Promise<{ readonly value: unknown } | undefined> => {
		if (source.isAsync) return source.readNext();
		const items = source.read(1);
		return items.length > 0 ? { value: items[0] } : undefined;
	};
	return () => {
		const item = former.then(read);
		former = item.catch(() => {});
		return item;
	};
}

/** Turns that have ended, for the one who waits for them. */
class Turns<W> {
	readonly #ended = new FifoQueue<Turn<W>>();
	#taker: ((turn: Turn<W>) => void) | undefined;

	push(turn: Turn<W>): void {
		const taker = this.#taker;
		this.#taker = undefined;
		if (taker) taker(turn);
		else this.#ended.push(turn);
	}

	next(): Promise<Turn<W>> {
		const turn = this.#ended.shift();
		if (turn) return Promise.resolve(turn);
		return new Promise((resolve) => {
			this.#taker = resolve;
		});
	}
}
