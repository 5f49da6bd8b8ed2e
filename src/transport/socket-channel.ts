import { readSync } from 'node:fs';

import type { ByteChannel, ChannelListener } from './byte-channel.ts';
import type { BellSocket } from './socket-bell.ts';

/** Bytes in the socket's queue above which more should wait. */
const WINDOW_BYTES = 1024 * 1024;
/** Read at a time from a socket whose peer is gone, in bytes. */
const CHUNK_BYTES = 64 * 1024;

/** Chunks through the socket pair that a child process inherited. Its close is the liveness signal. */
export class SocketChannel implements ByteChannel {
	readonly #socket: BellSocket;
	readonly #listener: ChannelListener;
	#unwritten = 0;
	#isClosed = false;

	constructor(socket: BellSocket, listener: ChannelListener) {
		this.#socket = socket;
		this.#listener = listener;
		socket.on('data', (chunk: Buffer) => listener.onChunk(chunk));
		this.#readBeforeDestroying();
		// A killed peer shows as ECONNRESET or EPIPE before 'close'. 'close' follows and says it all.
		socket.on('error', () => {});
		socket.once('close', () => listener.onClose());
	}

	get isFull(): boolean {
		return this.#socket.writableLength > WINDOW_BYTES;
	}

	get isDrained(): boolean {
		return this.#unwritten === 0;
	}

	write(chunk: Buffer): void {
		if (!this.#socket.writable) return;
		this.#unwritten += 1;
		this.#socket.write(chunk, () => {
			this.#unwritten -= 1;
			if (!this.isFull) this.#listener.onDrain();
		});
	}

	/** The kernel's buffer is read by the event loop alone. */
	poll(): void {}

	ref(): void {
		this.#socket.ref?.();
	}

	unref(): void {
		this.#socket.unref?.();
	}

	close(): void {
		this.#isClosed = true;
		this.#socket.destroy();
	}

	/**
	 * Reads what is there before the socket is destroyed. Node destroys it when a write fails, and so would throw away what a
	 * peer that has ended had sent, at the first report of credit that finds nobody there.
	 */
	#readBeforeDestroying(): void {
		const socket = this.#socket;
		const destroy = socket._destroy.bind(socket);
		socket._destroy = (error, callback) => {
			const fd = socket._handle?.fd;
			if (error && !this.#isClosed && typeof fd === 'number' && fd >= 0) this.#readAll(fd);
			destroy(error, callback);
		};
	}

	#readAll(fd: number): void {
		try {
			for (;;) {
				const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
				const bytes = readSync(fd, chunk);
				if (bytes === 0) return;
				this.#listener.onChunk(chunk.subarray(0, bytes));
			}
		} catch {
			// EAGAIN: the peer is not gone and has sent no more. ECONNRESET: it is, and has not read all that came from here.
		}
	}
}
