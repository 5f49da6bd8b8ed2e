import { type MessagePort } from 'node:worker_threads';
import type { Duplex } from 'node:stream';

import type { StressBell } from './peer.ts';

/** Keeps a ring until somebody waits for it. */
abstract class KeptBell implements StressBell {
	isGone = false;
	#hasRung = false;
	#waiter: (() => void) | undefined;

	abstract ring(): void;

	rung(): Promise<void> {
		return new Promise((resolve) => {
			this.#waiter = resolve;
			this.#answer();
		});
	}

	protected heard(): void {
		this.#hasRung = true;
		this.#answer();
	}

	/** The other end is known to be gone: by its close, or by whoever saw the thread exit. */
	gone(): void {
		this.isGone = true;
		this.#answer();
	}

	#answer(): void {
		if (!this.#waiter || !(this.#hasRung || this.isGone)) return;
		const resolve = this.#waiter;
		this.#hasRung = false;
		this.#waiter = undefined;
		resolve();
	}
}

/** Between threads. */
export class PortStressBell extends KeptBell {
	readonly #port: MessagePort;

	constructor(port: MessagePort) {
		super();
		this.#port = port;
		port.on('message', () => this.heard());
		port.on('close', () => this.gone());
	}

	ring(): void {
		this.#port.postMessage(0);
	}
}

/** Between processes. */
export class SocketStressBell extends KeptBell {
	readonly #socket: Duplex;

	constructor(socket: Duplex) {
		super();
		this.#socket = socket;
		socket.on('data', () => this.heard());
		// ECONNRESET and EPIPE come before 'close', which says it all.
		socket.on('error', () => {});
		socket.on('close', () => this.gone());
	}

	ring(): void {
		if (this.#socket.writable && this.#socket.writableLength === 0) this.#socket.write('!');
	}
}
