import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

import { ProtocolError } from '../errors/index.ts';
import type { ObjectLane } from './bell.ts';
import type { ByteChannel, ChannelListener } from './byte-channel.ts';
import type { LinkPorts } from './link-ports.ts';
import { PortObjects } from './port-objects.ts';

/** Bytes under way above which more should wait: a port has no limit of its own. */
const WINDOW_BYTES = 1024 * 1024;
/** Received bytes that are acknowledged together. */
const ACKNOWLEDGED_BYTES = WINDOW_BYTES / 4;

/** What says that a lane of its own has brought something; its value means nothing. */
const RING = 0;

/** Words of the memory that lets a parked thread be woken: per endpoint whether it is parked, and what it waits on. */
const PARKED_WORD = 0;
const WAKE_WORD = 2;

/** Bytes of shared memory that both ends of a {@link PortChannel} need. */
export const PORT_WAKE_BYTES = 16;

/** Chunks through a MessagePort between threads. A number on the port acknowledges that many bytes. */
export class PortChannel implements ByteChannel {
	readonly objects: ObjectLane;
	readonly #objects: PortObjects;
	readonly #port: MessagePort;
	readonly #lane: MessagePort;
	readonly #listener: ChannelListener;
	readonly #wake: Int32Array;
	readonly #self: 0 | 1;
	#underWay = 0;
	#unacknowledged = 0;
	/** Bytes that have come, ever. */
	#taken = 0;
	#isClosed = false;

	/** @param memory PORT_WAKE_BYTES of zeroes that both ends share @param self 0 for the host, 1 for the worker */
	constructor({ port, lane }: LinkPorts, memory: SharedArrayBuffer, self: 0 | 1, listener: ChannelListener) {
		this.#port = port;
		this.#lane = lane;
		this.#listener = listener;
		this.#wake = new Int32Array(memory);
		this.#self = self;
		this.objects = this.#objects = new PortObjects(lane, refuse);
		port.on('message', (message: unknown) => (lane === port ? this.#take(message) : this.#takeNext()));
		port.on('close', () => this.#onClose());
		port.unref();
	}

	get isFull(): boolean {
		return this.#underWay > WINDOW_BYTES;
	}

	/** A port takes everything at once. */
	get isDrained(): boolean {
		return true;
	}

	write(chunk: Buffer): void {
		if (this.#isClosed) return;
		this.#underWay += chunk.length;
		this.#post(chunk, [chunk.buffer as ArrayBuffer]);
	}

	poll(): void {
		// Deno takes in more slowly than it sends: what had been sent before fits into the window, and the rest need not be waited for.
		const limit = this.#lane === this.#port ? Number.POSITIVE_INFINITY : this.#taken + 2 * WINDOW_BYTES;
		// A port hands over everything before its 'close', and Node 20 crashes when a closed one is asked.
		while (!this.#isClosed && this.#taken < limit) {
			const next = receiveMessageOnPort(this.#lane);
			if (!next) return;
			this.#take(next.message);
		}
	}

	park(timeout: number): void {
		if (this.#isClosed) return;
		// Announces first, looks second: pairs with the post, then exchange in #post() of the other end.
		Atomics.store(this.#wake, PARKED_WORD + this.#self, 1);
		const seen = Atomics.load(this.#wake, WAKE_WORD + this.#self);
		const next = receiveMessageOnPort(this.#lane);
		// Woken by the add and notify in #post() of the other end.
		if (!next) Atomics.wait(this.#wake, WAKE_WORD + this.#self, seen, timeout);
		// Pairs with the exchange in #post(): either side may clear it.
		Atomics.store(this.#wake, PARKED_WORD + this.#self, 0);
		if (next) this.#take(next.message);
	}

	ref(): void {
		this.#port.ref();
	}

	unref(): void {
		this.#port.unref();
	}

	close(): void {
		if (this.#isClosed) return;
		this.#isClosed = true;
		this.#port.close();
		if (this.#lane !== this.#port) this.#lane.close();
	}

	#post(message: unknown, transfer: ArrayBuffer[]): void {
		this.#lane.postMessage(message, transfer);
		if (this.#lane !== this.#port) this.#port.postMessage(RING);
		const peer = 1 - this.#self;
		// The message is in the port's queue; only then is a parked peer looked for: pairs with park().
		if (Atomics.load(this.#wake, PARKED_WORD + peer) === 0 || Atomics.exchange(this.#wake, PARKED_WORD + peer, 0) === 0) return;
		// Changes the word that the peer waits on, then wakes it: pairs with the load and the wait in park().
		Atomics.add(this.#wake, WAKE_WORD + peer, 1);
		Atomics.notify(this.#wake, WAKE_WORD + peer);
	}

	#take(message: unknown): void {
		if (this.#objects.keep(message)) return;
		if (typeof message === 'number') {
			const wasFull = this.isFull;
			this.#underWay -= message;
			if (wasFull && !this.isFull) this.#listener.onDrain();
			return;
		}
		const chunk = message as Uint8Array;
		this.#taken += chunk.byteLength;
		this.#unacknowledged += chunk.byteLength;
		if (this.#unacknowledged >= ACKNOWLEDGED_BYTES && !this.#isClosed) {
			this.#post(this.#unacknowledged, []);
			this.#unacknowledged = 0;
		}
		this.#listener.onChunk(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
	}

	/** One chunk for each ring: whoever took all there is would never come back from a peer that sends faster. */
	#takeNext(): void {
		while (!this.#isClosed) {
			const next = receiveMessageOnPort(this.#lane);
			if (!next) return;
			// A parcel comes without a ring of its own.
			if (!this.#objects.keep(next.message)) return this.#take(next.message);
		}
	}

	#onClose(): void {
		if (this.#lane !== this.#port) this.poll();
		this.#isClosed = true;
		this.#listener.onClose();
	}
}

/** A parcel goes before the chunk that names it, so nothing else can lie between them. */
function refuse(): never {
	throw new ProtocolError('a chunk came before the objects that it names');
}
