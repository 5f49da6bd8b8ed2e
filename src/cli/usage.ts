/** Thrown for a command that cannot begin: bad arguments, a module, an export or an input that is not there. The exit code is 2. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
}

/** Thrown for a run that cannot go on, with a text for whoever started it; no fault of ours, so no stack. The exit code is 1. */
export class RunError extends Error {
	override readonly name = 'RunError';
}

/** The reason of an abort by a signal; `exitCode` is what a shell expects then: 130 for Ctrl-C. */
export class Interrupted extends Error {
	override readonly name = 'Interrupted';
	/** 128 and the number of the signal. */
	readonly exitCode: number;

	constructor(signal: string, exitCode: number) {
		super(`interrupted by ${signal}`);
		this.exitCode = exitCode;
	}
}

/** The reason of an abort because nobody reads the output any more, as with `| head`. No failure. */
export class OutputClosed extends Error {
	override readonly name = 'OutputClosed';
}

/** What an error of the system means, in words; its own text where there is nothing better. */
export function reasonOf(error: unknown): string {
	const { code, message } = error as NodeJS.ErrnoException;
	return (code !== undefined && REASONS[code]) || message || String(error);
}

const REASONS: Readonly<Record<string, string>> = {
	EACCES: 'permission denied',
	EDQUOT: 'the disk quota is used up',
	EFBIG: 'it would be larger than files may be',
	EIO: 'the device has failed (EIO)',
	EISDIR: 'it is a folder',
	EMFILE: 'too many files are open',
	ENOENT: 'no such file or folder',
	ENOSPC: 'no space is left on the device',
	ENOTDIR: 'a part of the path is not a folder',
	EPERM: 'permission denied',
	EROFS: 'the file system is read-only',
};
