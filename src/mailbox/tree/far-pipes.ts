import { closeSync, constants, fstatSync, openSync } from 'node:fs';

import { layout } from '../store/index.ts';

/** A pipe of another participant. */
interface FarPipe {
	readonly generation: number;
	readonly fd: number;
}

/** How long a ring that did not get through waits for its next try, at first and at the most, in milliseconds. */
const RETRY_MS = 5;
const MAX_RETRY_MS = 200;
/** How long it is tried. */
const GIVE_UP_MS = 30_000;

/** A ring that did not get through. */
interface MissedRing {
	readonly slot: number;
	readonly word: number;
	readonly generation: number;
	readonly since: number;
}

/**
 * Pipes of other participants, opened through /proc and kept. Whoever is gone is not rung. Where no descriptor is left, one that is
 * kept makes room; if that does not help, the ring is made up for later: nobody may sleep beside a message.
 */
export class FarPipes {
	readonly #words: Int32Array;
	readonly #writeByte: (fd: number) => void;
	/** By slot and kind, the one used last at the end. */
	readonly #pipes = new Map<number, FarPipe>();
	readonly #missed = new Map<number, MissedRing>();
	#timer: NodeJS.Timeout | undefined;
	#delay = RETRY_MS;
	#hasWarned = false;

	constructor(words: Int32Array, writeByte: (fd: number) => void) {
		this.#words = words;
		this.#writeByte = writeByte;
	}

	/** Writes to the pipe that words `word` and `word + 1` of a slot name. */
	ring(slot: number, word: number): void {
		const id = slot * layout.SLOT_WORDS + word;
		const generation = this.#generationOf(slot);
		if (this.#tryRing(slot, word)) this.#missed.delete(id);
		else {
			this.#missed.set(id, { slot, word, generation, since: performance.now() });
			this.#retryLater();
		}
	}

	/** Tries again what did not get through; returns how long a thread may sleep before it does so again. */
	retry(): number {
		for (const [id, { slot, word, generation, since }] of this.#missed) {
			const isOver = generation !== this.#generationOf(slot) || performance.now() - since > GIVE_UP_MS;
			if (isOver || this.#tryRing(slot, word)) this.#missed.delete(id);
		}
		return this.#missed.size === 0 ? Number.POSITIVE_INFINITY : MAX_RETRY_MS;
	}

	#retryLater(): void {
		if (this.#timer) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			this.#delay = Math.min(MAX_RETRY_MS, this.#delay * 2);
			if (this.retry() === Number.POSITIVE_INFINITY) this.#delay = RETRY_MS;
			else this.#retryLater();
		}, this.#delay);
	}

	/** False when the ring has to be made up for. */
	#tryRing(slot: number, word: number): boolean {
		const id = slot * layout.SLOT_WORDS + word;
		const generation = this.#generationOf(slot);
		let pipe = this.#pipes.get(id);
		this.#pipes.delete(id);
		if (pipe && pipe.generation !== generation) {
			closeSync(pipe.fd);
			pipe = undefined;
		}
		const opened = pipe ?? this.#open(slot, word);
		if (opened === 'gone') return true;
		if (opened === 'unreachable') return false;
		this.#pipes.set(id, opened);
		this.#writeByte(opened.fd);
		return true;
	}

	#open(slot: number, word: number): FarPipe | 'gone' | 'unreachable' {
		const at = layout.slotAt(slot);
		const path = `/proc/${this.#words[at + layout.SLOT_PID]}/fd/${this.#words[at + word]}`;
		for (;;) {
			try {
				const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
				const stat = fstatSync(fd);
				// Whoever has the number now may be somebody else.
				if (stat.isFIFO() && (stat.ino | 0) === this.#words[at + word + 1]) return { fd, generation: this.#generationOf(slot) };
				closeSync(fd);
				return 'gone';
			} catch (error) {
				const { code } = error as NodeJS.ErrnoException;
				if (code === 'ENOENT' || code === 'ESRCH' || code === 'ENXIO') return 'gone';
				if ((code === 'EMFILE' || code === 'ENFILE') && this.#closeOldest()) continue;
				this.#warn(error as Error);
				return 'unreachable';
			}
		}
	}

	/** Makes room for a descriptor; false when none is kept. */
	#closeOldest(): boolean {
		const [oldest] = this.#pipes;
		if (!oldest) return false;
		this.#pipes.delete(oldest[0]);
		closeSync(oldest[1].fd);
		return true;
	}

	#warn(error: Error): void {
		if (this.#hasWarned) return;
		this.#hasWarned = true;
		process.emitWarning(`a receiver of a mailbox cannot be woken for now: ${error.message}`, 'CoprocWarning');
	}

	#generationOf(slot: number): number {
		return this.#words[layout.slotAt(slot) + layout.SLOT_GENERATION] as number;
	}
}
