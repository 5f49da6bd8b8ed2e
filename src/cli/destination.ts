import { constants, fstatSync, openSync, type Stats, write } from 'node:fs';
import { type FileHandle, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { Socket } from 'node:net';
import { dirname, resolve as absolute } from 'node:path';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';

import type { Screen, Surroundings } from './surroundings.ts';
import { reasonOf, UsageError } from './usage.ts';

/** Where results are written. */
export interface Destination {
	/** What to call it in messages. */
	readonly name: string;
	/** Resolves when all is written; rejects with the error of the system. */
	write(text: string): Promise<void>;
	/** All was written. */
	finish(): Promise<void>;
	/** The run has failed: nothing more will be written. */
	abandon(): Promise<void>;
}

/** Standard output, or the file that is to be written. Throws UsageError for one that cannot be. */
export async function openDestination(
	out: string | undefined,
	{ stdout, cwd }: Pick<Surroundings, 'stdout' | 'cwd'>,
): Promise<Destination> {
	if (out === undefined) return destinationOfStdout(stdout);
	try {
		return await openFile(out, absolute(cwd, out));
	} catch (error) {
		throw new UsageError(`cannot write ${out}: ${explain(error)}`, { cause: error });
	}
}

function destinationOfStdout(stdout: Screen): Destination {
	const name = 'standard output';
	// Node's own stream for a file takes a part that was written, as on a disk that is nearly full, for the whole.
	return stdout.fd !== undefined && isFileOrDevice(stdout.fd) ? new Descriptor(name, stdout.fd) : new StreamOutput(name, stdout);
}

function isFileOrDevice(fd: number): boolean {
	try {
		const about = fstatSync(fd);
		return about.isFile() || (about.isCharacterDevice() && !isatty(fd));
	} catch {
		return false;
	}
}

async function openFile(name: string, path: string): Promise<Destination> {
	const about = await stat(path).catch((error: unknown) => {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	});
	if (about?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
	// What is no file, such as /dev/null, must not be replaced by one.
	if (about && !about.isFile()) return openDevice(name, path, about);
	return ReplacedFile.open(name, about ? await realpath(path) : path, about);
}

async function openDevice(name: string, path: string, about: Stats): Promise<Destination> {
	// Without O_NONBLOCK, a pipe that nobody reads would hold a thread of Node, and with it the end of the program.
	if (about.isFIFO()) {
		const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
		return new StreamOutput(name, new Socket({ fd, readable: false, writable: true }), true);
	}
	return new OpenedFile(name, await open(path, 'w'));
}

function explain(error: unknown): string {
	const { code } = error as NodeJS.ErrnoException;
	return code === 'ENXIO' ? 'it is a pipe, and nobody reads it' : reasonOf(error);
}

/** A pipe, a socket or a terminal. */
class StreamOutput implements Destination {
	readonly name: string;
	readonly #stream: Writable;
	readonly #isOwn: boolean;

	constructor(name: string, stream: Writable, isOwn = false) {
		this.name = name;
		this.#stream = stream;
		this.#isOwn = isOwn;
		// The callback of the write is told as well.
		stream.on('error', () => {});
	}

	write(text: string): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#stream.write(text, (error) => (error ? reject(error) : resolve()));
		});
	}

	async finish(): Promise<void> {
		if (this.#isOwn) await new Promise<void>((resolve) => this.#stream.end(resolve));
	}

	async abandon(): Promise<void> {
		if (this.#isOwn) this.#stream.destroy();
	}
}

/** A descriptor of a file or a device, which somebody else closes. */
class Descriptor implements Destination {
	readonly name: string;
	readonly #fd: number;

	constructor(name: string, fd: number) {
		this.name = name;
		this.#fd = fd;
	}

	async write(text: string): Promise<void> {
		const bytes = Buffer.from(text);
		for (let at = 0; at < bytes.length; ) at += await this.#writeSome(bytes, at);
	}

	async finish(): Promise<void> {}

	async abandon(): Promise<void> {}

	#writeSome(bytes: Buffer, at: number): Promise<number> {
		return new Promise((resolve, reject) => {
			write(this.#fd, bytes, at, null, null, (error, written) => (error ? reject(error) : resolve(written)));
		});
	}
}

/** A device that was opened by its path. */
class OpenedFile extends Descriptor {
	protected readonly file: FileHandle;

	constructor(name: string, file: FileHandle) {
		super(name, file.fd);
		this.file = file;
	}

	override async finish(): Promise<void> {
		await this.file.close();
	}

	override async abandon(): Promise<void> {
		await this.file.close();
	}
}

/** A file that appears when all is written, in place of the one that was there; until then it has another name beside that. */
class ReplacedFile extends OpenedFile {
	readonly #path: string;
	readonly #draft: string;

	private constructor(name: string, file: FileHandle, path: string, draft: string) {
		super(name, file);
		this.#path = path;
		this.#draft = draft;
	}

	static async open(name: string, path: string, former: Stats | undefined): Promise<ReplacedFile> {
		const draft = `${path}.${process.pid}.tmp`;
		const file = await open(draft, 'wx');
		try {
			if (former) await file.chmod(former.mode & 0o7777);
		} catch {
			// A file system without modes.
		}
		return new ReplacedFile(name, file, path, draft);
	}

	override async finish(): Promise<void> {
		try {
			await this.file.sync();
			await this.file.close();
			await rename(this.#draft, this.#path);
		} catch (error) {
			await this.abandon();
			throw error;
		}
		await syncFolder(dirname(this.#path));
	}

	override async abandon(): Promise<void> {
		await this.file.close().catch(() => {});
		await unlink(this.#draft).catch(() => {});
	}
}

/** Makes a new name last; where a folder cannot be synchronised, it does not. */
async function syncFolder(path: string): Promise<void> {
	try {
		const folder = await open(path, 'r');
		try {
			await folder.sync();
		} finally {
			await folder.close();
		}
	} catch {
		// Windows, and file systems that know no such thing.
	}
}
