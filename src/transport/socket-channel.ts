import type { ByteChannel, ChannelListener } from './byte-channel.ts';
import type { BellSocket } from './socket-bell.ts';

/** Bytes in the socket's queue above which more should wait. */
const WINDOW_BYTES = 1024 * 1024;

/** Chunks through the socket pair that a child process inherited. Its close is the liveness signal. */
export class SocketChannel implements ByteChannel {
	readonly #socket: BellSocket;
	readonly #listener: ChannelListener;
	#unwritten = 0;

	constructor(socket: BellSocket, listener: ChannelListener) {
		this.#socket = socket;
		this.#listener = listener;
		socket.on('data', (chunk: Buffer) => listener.onChunk(chunk));
		this.#outliveWrites();
		// A peer that was killed may show as ECONNRESET. 'close' follows and says it all.
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
		this.#socket.destroy();
	}

	/**
	 * Keeps the socket when a write to a peer that is gone fails. Node would destroy it, and throw away what the peer had sent before
	 * it ended; read to its end, the socket tells that too.
	 */
	#outliveWrites(): void {
		const socket = this.#socket;
		const write = socket._write.bind(socket);
		const writev = socket._writev?.bind(socket);
		const after =
			(done: () => void) =>
			(error?: Error | null): void => {
				if (error) this.#listener.onUnwritable?.();
				done();
			};
		socket._write = (chunk, encoding, done) => write(chunk, encoding, after(done));
		if (writev) socket._writev = (chunks, done) => writev(chunks, after(done));
	}
}
