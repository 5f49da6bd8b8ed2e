import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { loadLibc } from '../internal/libc.ts';
import type { Bell, BellListener } from './bell.ts';

/** What one ring is on the wire; its value means nothing. */
const RING: Uint8Array = Uint8Array.of(1);

/** A socket as child_process gives it for `stdio: 'pipe'`, or as the child opens it: can be told not to keep the loop alive. */
export interface BellSocket extends Duplex {
	ref?(): unknown;
	unref?(): unknown;
	/** The handle behind the socket, not documented by Node: where it is not there, rings go the longer way. */
	readonly _handle?: { readonly fd?: number; onread?: unknown } | null;
}

/** A bell between processes: one byte through the socket pair that the child inherited. Its close is the liveness signal. */
export class SocketBell implements Bell {
	readonly #socket: BellSocket;

	constructor(socket: BellSocket, listener: BellListener) {
		this.#socket = socket;
		hearRings(socket, listener);
		watchClose(socket, listener);
	}

	/** The bell on an inherited descriptor; it reads into one small buffer instead of making one for every ring. */
	static open(fd: number, listener: BellListener): SocketBell {
		const callback = (): boolean => {
			listener.onRing();
			return true;
		};
		const onread = { buffer: Buffer.alloc(64), callback };
		// Readable from the start: `fd` alone does not begin to read, for Node waits for a 'data' listener that is not needed here.
		const socket = openSocket({ fd, readable: true, writable: true, onread } as ConstructorParameters<typeof Socket>[0]);
		socket.resume();
		return new SocketBell(socket, listener);
	}

	ring(): void {
		const fd = this.#socket._handle?.fd;
		// Past Node's stream, which makes four objects for each byte. A descriptor that is taken back has no handle.
		if (typeof fd === 'number' && fd >= 0 && this.#socket.writableLength === 0) ringDescriptor(fd);
		// A few unsent bytes mean that the peer was rung and has not looked yet: one more would tell it nothing new.
		else if (this.#socket.writable && this.#socket.writableLength === 0) this.#socket.write(RING);
	}

	ref(): void {
		this.#socket.ref?.();
	}

	unref(): void {
		this.#socket.unref?.();
	}

	close(): void {
		this.#socket.destroy();
	}
}

/** Opens an inherited descriptor. Loads node:net only here, for it takes 2 to 3 ms and no thread needs it. */
export function openSocket(options: ConstructorParameters<typeof Socket>[0]): Socket {
	const net = process.getBuiltinModule('node:net');
	return new net.Socket(options);
}

/**
 * Listens, and below Node's stream where that can be done: what a stream does with each byte costs as much as a message. Whatever is
 * no byte (the end, an error), or comes in another way than Node's, goes on to the stream.
 */
function hearRings(socket: BellSocket, listener: BellListener): void {
	socket.on('data', () => listener.onRing());
	const handle = socket._handle;
	const usual = handle?.onread;
	if (!handle || typeof usual !== 'function') return;
	handle.onread = function (...args: readonly unknown[]): unknown {
		if (!(args[0] instanceof ArrayBuffer)) return Reflect.apply(usual, this, args);
		listener.onRing();
		return undefined;
	};
}

function ringDescriptor(fd: number): void {
	// A ring goes with mapped memory, so the C library has been loaded by now.
	const { libc } = loadLibc();
	if (libc) return libc.writeByte(fd);
	try {
		writeSync(fd, RING);
	} catch {
		// EAGAIN: full of rings that the peer has not looked at. EPIPE or ECONNRESET: it is gone, and 'close' says so.
	}
}

function watchClose(socket: BellSocket, listener: BellListener): void {
	// A killed peer shows as ECONNRESET or EPIPE before 'close', when bell bytes were unread. 'close' follows and says it all.
	socket.on('error', () => {});
	socket.once('close', () => listener.onClose());
}
