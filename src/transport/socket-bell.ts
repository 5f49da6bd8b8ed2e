import type { Duplex } from 'node:stream';

import type { Bell, BellListener } from './bell.ts';

/** What one ring is on the wire; its value means nothing. */
const RING: Uint8Array = Uint8Array.of(1);

/** A socket as child_process gives it for `stdio: 'pipe'`, or as the child opens it: can be told not to keep the loop alive. */
export interface BellSocket extends Duplex {
	ref?(): unknown;
	unref?(): unknown;
}

/** A bell between processes: one byte through the socket pair that the child inherited. Its close is the liveness signal. */
export class SocketBell implements Bell {
	readonly #socket: BellSocket;

	constructor(socket: BellSocket, listener: BellListener) {
		this.#socket = socket;
		socket.on('data', () => listener.onRing());
		// A killed peer shows as ECONNRESET or EPIPE before 'close', when bell bytes were unread. 'close' follows and says it all.
		socket.on('error', () => {});
		socket.once('close', () => listener.onClose());
	}

	ring(): void {
		// A few unsent bytes mean that the peer was rung and has not looked yet: one more would tell it nothing new.
		if (this.#socket.writable && this.#socket.writableLength === 0) this.#socket.write(RING);
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
