import type { ItemText } from './item.ts';
import { findLines, type LineFile } from './line-file.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage.ts';

/** Where the items of a run come from. */
export interface InputPlan {
	/** Items given as arguments. */
	readonly values: readonly string[];
	/** Patterns of files whose paths are items. */
	readonly globs: readonly string[];
	/** Files whose lines are items; `-` is standard input. */
	readonly lines: readonly string[];
	/** True to leave out lines that are empty or blank. */
	readonly skipsBlank: boolean;
}

/** An item whose result is not there yet, to say which it was. */
export interface Origin {
	readonly text: string;
	/** `argument 2`, `line 7 of words.txt`. */
	readonly where: string;
}

/** Characters of lines whose results are not there yet: reading waits above that, so that the memory is bounded. */
const MAX_HELD = 32 * 1024 * 1024;
const BLANK = /^\s*$/;

interface HeldLine {
	readonly text: string;
	readonly line: number;
	readonly file: LineFile;
}

/** The items of a run: arguments, then paths, then lines. Lines are read as they are wanted. */
export class Input {
	/** How many items there are; undefined if only reading tells. */
	readonly total: number | undefined;
	readonly #plan: InputPlan;
	readonly #paths: readonly string[];
	readonly #files: readonly LineFile[];
	readonly #known: number;
	/** Lines by the place of their item. */
	readonly #held = new Map<number, HeldLine>();
	#heldCharacters = 0;
	#count = 0;
	#isClosed = false;
	/** Goes on reading. */
	#resume: (() => void) | undefined;

	/** @param paths what the patterns found */
	constructor(plan: InputPlan, paths: readonly string[], files: readonly LineFile[]) {
		this.#plan = plan;
		this.#paths = paths;
		this.#files = files;
		this.#known = plan.values.length + paths.length;
		this.total = files.length > 0 ? undefined : this.#known;
	}

	/** The items, once. Async only where lines have to be awaited. */
	items(): Iterable<ItemText> | AsyncIterable<ItemText> {
		return this.#files.length > 0 ? this.#all() : this.#argumentsAndPaths();
	}

	/** Where the item at a place of the input came from, and forgets it: its result is there. */
	settled(index: number): Origin {
		const { values } = this.#plan;
		if (index < values.length) return { text: values[index] as string, where: `argument ${index + 1}` };
		if (index < this.#known) return { text: this.#paths[index - values.length] as string, where: 'found by --glob' };
		const { text, line, file } = this.#held.get(index) as HeldLine;
		this.#held.delete(index);
		this.#heldCharacters -= text.length;
		if (this.#heldCharacters <= MAX_HELD) this.#resume?.();
		return { text, where: `line ${line} of ${file.name}` };
	}

	/** How much of the input was read, from 0 to 1; undefined if nobody knows how much there is. */
	get shareRead(): number | undefined {
		let bytes = 0;
		let read = 0;
		for (const file of this.#files) {
			if (file.bytes === undefined) return undefined;
			bytes += file.bytes;
			read += file.read;
		}
		return bytes > 0 ? Math.min(1, read / bytes) : undefined;
	}

	/** Lets go of what is open. Idempotent. */
	close(): void {
		this.#isClosed = true;
		this.#resume?.();
		for (const file of this.#files) file.close();
	}

	*#argumentsAndPaths(): Generator<ItemText, void, undefined> {
		yield* this.#plan.values;
		for (const path of this.#paths) yield [path];
	}

	async *#all(): AsyncGenerator<ItemText, void, undefined> {
		this.#count = this.#known;
		yield* this.#argumentsAndPaths();
		for (const file of this.#files) {
			let line = 0;
			for await (const texts of file.lines()) {
				for (const text of texts) {
					line += 1;
					if (this.#plan.skipsBlank && BLANK.test(text)) continue;
					if (this.#heldCharacters > MAX_HELD) await this.#room();
					if (this.#isClosed) return;
					this.#hold({ text, line, file });
					yield text;
				}
			}
		}
	}

	#hold(held: HeldLine): void {
		this.#held.set(this.#count, held);
		this.#count += 1;
		this.#heldCharacters += held.text.length;
	}

	async #room(): Promise<void> {
		await new Promise<void>((resolve) => {
			this.#resume = resolve;
		});
		this.#resume = undefined;
	}
}

/** Looks for everything that is to be read, before anything is started. Throws UsageError for what is not there. */
export async function openInput(plan: InputPlan, surroundings: Surroundings): Promise<Input> {
	const files = await Promise.all(plan.lines.map((name) => findLines(name, surroundings)));
	const paths = plan.globs.length > 0 ? await pathsOf(plan.globs, surroundings) : [];
	return new Input(plan, paths, files);
}

/** The files that match, sorted by code units: the same on every machine. */
async function pathsOf(patterns: readonly string[], { cwd, signal }: Surroundings): Promise<string[]> {
	const { glob } = await import('tinyglobby');
	const paths = await glob([...patterns], { cwd, signal, expandDirectories: false, followSymbolicLinks: false });
	signal.throwIfAborted();
	if (paths.length === 0) throw new UsageError(`no file matches ${patterns.join(' or ')}`);
	return paths.sort();
}
