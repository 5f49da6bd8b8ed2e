import type { Readable, Writable } from 'node:stream';

/** A stream that may be a terminal. */
export type Screen = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly fd?: number };

/** What a command has of the process that it runs in. */
export interface Surroundings {
	/** Standard input; opened by the first use, and destroyed at the end. */
	readonly stdin: () => Readable & { readonly isTTY?: boolean };
	readonly stdout: Screen;
	readonly stderr: Screen;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly cwd: string;
	/** Aborts at a signal; the reason says which. */
	readonly signal: AbortSignal;
}
