import type { Readable } from 'node:stream';

import type { LinkTerms } from '../messenger/index.ts';
import type { FrameSink, Transport, TransportInfo } from '../transport/index.ts';
import type { StdioOptions } from './options.ts';

/** What a backend needs to know to start a worker. */
export interface LaunchSpec {
	readonly name: string;
	readonly terms: LinkTerms;
	/** `auto` takes the ring where it can be had; `pipe` is the backend's fallback: a socket, or a port for threads. */
	readonly transport: 'auto' | 'ring' | 'pipe';
	/** Added to the host's environment. */
	readonly env: Readonly<Record<string, string>>;
	/** Options of the worker's Node; undefined for those that a worker of this kind inherits. */
	readonly execArgv: readonly string[] | undefined;
	readonly resourceLimits: Readonly<Record<string, number>> | undefined;
	readonly stdio: StdioOptions;
	/** Gives up a start under way. */
	readonly signal: AbortSignal;
}

/** How the worker ended, as the operating system or Node tells it. */
export interface RawExit {
	readonly exitCode: number | null;
	readonly signal: string | null;
	/** An error that Node itself reports, such as a thread out of memory. */
	readonly error?: unknown;
	readonly stderr?: string;
}

/** A process or thread that was started and can be talked to. */
export interface StartedWorker {
	readonly pid: number | undefined;
	readonly threadId: number | undefined;
	readonly transport: TransportInfo;
	readonly stdout: Readable | null;
	readonly stderr: Readable | null;
	/** Resolves once it has ended and everything that it sent over a pipe has been read; never rejects. */
	readonly exited: Promise<RawExit>;
	/** Makes the transport; called once. */
	open(sink: FrameSink): Transport;
	/** Asks it to end (SIGTERM; a thread is ended at once). */
	terminate(): void;
	/** Ends it for sure (SIGKILL). */
	kill(): void;
	ref(): void;
	unref(): void;
	/** After its end: lets go of what it printed and nobody reads. */
	release(): void;
}

/** Starts workers of one kind. Rejects with the start's error, having left nothing behind. */
export interface Backend {
	start(spec: LaunchSpec): Promise<StartedWorker>;
}
