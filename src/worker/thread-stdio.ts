import { writeSync } from 'node:fs';
import type { Writable } from 'node:stream';

import { SharedTail } from '../internal/stderr-tail.ts';
import type { ThreadLaunch } from '../messenger/index.ts';

type WriteCallback = (error?: Error | null) => void;
type Chunk = { readonly chunk: string | Uint8Array; readonly encoding: BufferEncoding };

/** How long to wait before trying again a descriptor that takes no more for the moment, in milliseconds. */
const RETRY_MS = 1;

/**
 * Lets this thread print by itself.
 *
 * Node sends what a thread prints to the main thread, through the event loops of both, so a parked thread shows nothing until
 * it is done. Writing to the descriptor shows it at once; the last lines of stderr are kept where the host finds them.
 */
export function printDirectly(launch: Pick<ThreadLaunch, 'stderrTail' | 'direct'>): void {
	const tail = new SharedTail(launch.stderrTail);
	if (launch.direct.stdout) redirect(process.stdout, (bytes) => writeAll(1, bytes));
	redirectStderr(launch.direct.stderr, tail);
}

function redirectStderr(isDirect: boolean, tail: SharedTail): void {
	if (isDirect) {
		redirect(process.stderr, (bytes) => {
			tail.write(bytes);
			writeAll(2, bytes);
		});
		return;
	}
	const stream = process.stderr as Writable;
	const write = stream._writev?.bind(stream);
	stream._writev = (chunks, callback) => {
		for (const { chunk, encoding } of chunks as Chunk[]) tail.write(toBytes(chunk, encoding));
		write?.(chunks, callback);
	};
}

function redirect(stream: Writable, write: (bytes: Uint8Array) => void): void {
	stream._write = (chunk: string | Uint8Array, encoding: BufferEncoding, callback: WriteCallback) => {
		write(toBytes(chunk, encoding));
		callback();
	};
	stream._writev = (chunks, callback) => {
		for (const { chunk, encoding } of chunks as Chunk[]) write(toBytes(chunk, encoding));
		callback();
	};
}

function toBytes(chunk: string | Uint8Array, encoding: BufferEncoding): Uint8Array {
	return typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
}

function writeAll(fd: number, bytes: Uint8Array): void {
	for (let at = 0; at < bytes.length; ) {
		try {
			at += writeSync(fd, bytes, at);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			// Nobody reads any more: what a worker prints must not end it.
			if (code !== 'EAGAIN') return;
			// Parks for a moment; it pairs with nothing, nobody wakes it: the descriptor is a pipe that is full.
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
		}
	}
}
