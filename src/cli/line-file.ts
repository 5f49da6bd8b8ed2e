import { constants, createReadStream, fstatSync, openSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { isatty, ReadStream as TerminalReader } from 'node:tty';

import { linesOf } from './lines.ts';
import type { Surroundings } from './surroundings.ts';
import { reasonOf, RunError, UsageError } from './usage.ts';

/** Bytes of a file that are read at once. */
const CHUNK_BYTES = 256 * 1024;

/** Something that lines are read from, once. */
export class LineFile {
	/** What to call it in messages. */
	readonly name: string;
	/** Its size; undefined where it has none, such as a pipe. */
	readonly bytes: number | undefined;
	/** Bytes read so far. */
	read = 0;
	readonly #open: () => Readable;
	#stream: Readable | undefined;

	constructor(name: string, bytes: number | undefined, open: () => Readable) {
		this.name = name;
		this.bytes = bytes;
		this.#open = open;
	}

	/** The lines, some at a time. Throws RunError when it cannot be read. */
	lines(): AsyncGenerator<string[], void, undefined> {
		return linesOf(this.name, this.#chunks());
	}

	/** Lets go of it, also while somebody waits for its next line. */
	close(): void {
		this.#stream?.destroy();
	}

	async *#chunks(): AsyncGenerator<Uint8Array, void, undefined> {
		try {
			this.#stream = this.#open();
			for await (const chunk of this.#stream as AsyncIterable<Uint8Array>) {
				this.read += chunk.length;
				yield chunk;
			}
		} catch (error) {
			throw new RunError(`cannot read ${this.name}: ${reasonOf(error)}`, { cause: error });
		}
	}
}

/** Looks for what is to be read, `-` being standard input; opens it only at the first line. Throws UsageError for what is not there. */
export async function findLines(name: string, { stdin, cwd }: Pick<Surroundings, 'stdin' | 'cwd'>): Promise<LineFile> {
	if (name === '-') return new LineFile('standard input', sizeOfStdin(), stdin);
	const path = resolve(cwd, name);
	try {
		const about = await stat(path);
		if (!about.isDirectory()) return new LineFile(name, about.isFile() ? about.size : undefined, () => openLines(path, about));
	} catch (error) {
		throw new UsageError(`cannot read ${name}: ${reasonOf(error)}`, { cause: error });
	}
	throw new UsageError(`cannot read ${name}: it is a folder. --glob takes the files of one`);
}

/**
 * A file is read by helper threads of Node. A pipe or a terminal must not be: one of them would wait there for a writer who may never
 * come, and the program could not end before.
 */
function openLines(path: string, about: Stats): Readable {
	if (!about.isFIFO() && !about.isSocket() && !about.isCharacterDevice())
		return createReadStream(path, { highWaterMark: CHUNK_BYTES });
	const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
	if (about.isFIFO()) return new Socket({ fd, readable: true, writable: false });
	return isatty(fd) ? new TerminalReader(fd) : createReadStream(path, { fd, highWaterMark: CHUNK_BYTES });
}

/** Known when the shell has opened a file for it. */
function sizeOfStdin(): number | undefined {
	try {
		const about = fstatSync(0);
		return about.isFile() ? about.size : undefined;
	} catch {
		return undefined;
	}
}
