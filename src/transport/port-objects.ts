import { type MessagePort, receiveMessageOnPort, type TransferListItem } from 'node:worker_threads';

import { ProtocolError } from '../errors/index.ts';
import type { ObjectLane } from './bell.ts';

/** What travels on a port: whatever its owner sends, and pairs of a number and objects. */
type Parcel = readonly [id: number, objects: readonly unknown[]];

/** The objects that travel beside the frames of a link between threads, on the MessagePort that is its bell or its channel. */
export class PortObjects implements ObjectLane {
	readonly #port: MessagePort;
	readonly #arrived = new Map<number, readonly unknown[]>();
	#lastId = 0;
	#isClosed = false;

	constructor(port: MessagePort) {
		this.#port = port;
		port.on('close', () => {
			this.#isClosed = true;
		});
	}

	post(objects: readonly object[]): number {
		this.#lastId = (this.#lastId + 1) >>> 0;
		const transfer = objects.filter((object) => !(object instanceof SharedArrayBuffer)) as TransferListItem[];
		this.#port.postMessage([this.#lastId, objects], transfer);
		return this.#lastId;
	}

	/** Keeps `message` when it is one of ours; false when it is for the port's owner. */
	keep(message: unknown): boolean {
		if (!Array.isArray(message)) return false;
		const [id, objects] = message as unknown as Parcel;
		this.#arrived.set(id, objects);
		return true;
	}

	take(id: number): readonly unknown[] {
		// postMessage() puts a message into the other port's queue before it returns, and the frame was published after that:
		// what the frame names has arrived by now, though the event loop may not have handed it over. Rings passed over here
		// are no loss, for this side is awake and looks again before it sleeps.
		while (!this.#arrived.has(id)) {
			// A port hands over everything before its 'close', and Node 20 crashes when a closed one is asked.
			const next = this.#isClosed ? undefined : receiveMessageOnPort(this.#port);
			if (!next) throw new ProtocolError('a frame names objects that did not come', { id });
			this.keep(next.message);
		}
		const objects = this.#arrived.get(id) as readonly unknown[];
		this.#arrived.delete(id);
		return objects;
	}
}
