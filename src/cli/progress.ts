import type { Screen } from './surroundings.ts';
import { countText, plural, timeText } from './words.ts';

/** Milliseconds between two drawings on a terminal, and between two lines elsewhere. */
const REDRAW = 100;
const LINE = 5000;
const BAR = 24;
/** Columns of a terminal that does not tell. */
const COLUMNS = 80;

/** How far a run has come. */
export interface ProgressFacts {
	/** Items that are done, failed ones included. */
	readonly done: number;
	readonly failed: number;
	/** How many items there are, where that is known. */
	readonly total: number | undefined;
	/** How much is done, from 0 to 1, where that is known. */
	readonly share: number | undefined;
}

/** When to show it: where somebody watches, always, never. */
export type ProgressMode = 'auto' | 'always' | 'never';

/** Where progress is shown. */
export interface ProgressPlace {
	readonly screen: Screen;
	/** Streams that may end up on the same terminal: the line goes before anything appears there. */
	readonly others: readonly Screen[];
	/** True for a terminal that cannot go back in a line. */
	readonly isDumb: boolean;
}

/** One line that tells how far a run has come, never wider than `columns`; it gives up its last parts first. */
export function progressLine({ done, failed, total, share }: ProgressFacts, elapsed: number, columns: number): string {
	const rate = elapsed > 0 ? (done / elapsed) * 1000 : 0;
	const parts = [
		share === undefined ? '' : `${String(Math.floor(share * 100)).padStart(3)} %`,
		total === undefined ? plural(done, 'item') : `${countText(done)}/${plural(total, 'item')}`,
		failed > 0 ? `${countText(failed)} failed` : '',
		`${rateText(rate)}/s`,
		timeLeft(share, elapsed),
		share === undefined ? '' : barOf(share),
	].filter(Boolean);
	// The last column stays free: some terminals wrap as soon as it is written.
	while (parts.length > 1 && parts.join('  ').length >= columns) parts.pop();
	return parts.join('  ').slice(0, Math.max(0, columns - 1));
}

/** What remains of the progress when all is over. */
export function lastLine({ done, failed }: ProgressFacts, elapsed: number): string {
	const rate = elapsed > 0 ? (done / elapsed) * 1000 : 0;
	const failures = failed > 0 ? `, ${countText(failed)} failed` : '';
	return `${plural(done, 'item')} in ${timeText(elapsed)}, ${rateText(rate)}/s${failures}`;
}

/** Shows how far a run has come: redrawn in place on a terminal, a line now and then elsewhere. */
export class Progress {
	readonly #screen: Screen;
	readonly #facts: () => ProgressFacts;
	readonly #how: 'not' | 'inPlace' | 'inLines';
	readonly #begun = performance.now();
	/** Gives the streams their own `write` back. */
	readonly #unwatch: (() => void)[] = [];
	#timer: NodeJS.Timeout | undefined;
	#isDrawn = false;
	/** Somebody else is in the middle of a line. */
	#isLineBegun = false;
	/** Writes past the watch. */
	#write: (text: string) => void;

	constructor(mode: ProgressMode, { screen, others, isDumb }: ProgressPlace, facts: () => ProgressFacts) {
		this.#screen = screen;
		this.#facts = facts;
		const isTerminal = screen.isTTY === true && !isDumb;
		this.#how = mode === 'never' || (mode === 'auto' && !isTerminal) ? 'not' : isTerminal ? 'inPlace' : 'inLines';
		this.#write = (text) => void screen.write(text);
		if (this.#how === 'not') return;
		if (this.#how === 'inPlace') for (const each of new Set([screen, ...others])) if (each.isTTY) this.#watch(each);
		this.#timer = setInterval(() => this.#draw(), this.#how === 'inPlace' ? REDRAW : LINE).unref();
	}

	/** Ends it: with a line that stays, or without. Idempotent. */
	end(isDone: boolean): void {
		clearInterval(this.#timer);
		this.#clear();
		for (const unwatch of this.#unwatch.splice(0)) unwatch();
		if (this.#timer && isDone) this.#screen.write(`${lastLine(this.#facts(), performance.now() - this.#begun)}\n`);
		this.#timer = undefined;
	}

	/** Whatever is written to a stream, by whomever, finds the line gone, and is not drawn over before it has ended its own. */
	#watch(stream: Screen): void {
		const write = stream.write as (chunk: string | Uint8Array, ...more: unknown[]) => boolean;
		if (stream === this.#screen) this.#write = (text) => void write.call(stream, text);
		stream.write = (chunk: string | Uint8Array, ...more: unknown[]) => {
			this.#clear();
			const last = chunk.at(-1);
			if (last !== undefined) this.#isLineBegun = last !== '\n' && last !== 10;
			return write.call(stream, chunk, ...more);
		};
		this.#unwatch.push(() => {
			stream.write = write;
		});
	}

	#clear(): void {
		if (!this.#isDrawn) return;
		this.#isDrawn = false;
		this.#write('\r\u001B[K');
	}

	#draw(): void {
		if (this.#isLineBegun) return;
		const isInPlace = this.#how === 'inPlace';
		const columns = isInPlace ? this.#screen.columns || COLUMNS : Number.POSITIVE_INFINITY;
		const line = progressLine(this.#facts(), performance.now() - this.#begun, columns);
		this.#write(isInPlace ? `\r${line}\u001B[K` : `${line.trimStart()}\n`);
		this.#isDrawn = isInPlace;
	}
}

function rateText(rate: number): string {
	return rate < 10 ? rate.toFixed(1) : countText(rate);
}

/** A guess from the first percent would be off by far. */
function timeLeft(share: number | undefined, elapsed: number): string {
	return share === undefined || share < 0.01 || share >= 1 ? '' : `${timeText(elapsed / share - elapsed)} left`;
}

function barOf(share: number): string {
	const full = Math.min(BAR, Math.max(0, Math.round(share * BAR)));
	return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}]`;
}
