import { type MessagePort, receiveMessageOnPort, type TransferListItem } from 'node:worker_threads';

import { ProtocolError } from '../errors/index.ts';
import type { ObjectLane } from './bell.ts';

/** What travels on a port: whatever its owner sends, and pairs of a number and objects. */
type Parcel = readonly [id: number, objects: readonly unknown[]];

/** The objects that travel beside the frames of a link between threads, on the MessagePort that is its bell or its channel. */
export class PortObjects implements ObjectLane {
	readonly #port: MessagePort;
	readonly #onOther: (message: unknown) => void;
	readonly #arrived = new Map<number, readonly unknown[]>();
	#lastId = 0;
	#isClosed = false;

	/** @param onOther takes what is for the port's owner and was found on the way to a parcel */
	constructor(port: MessagePort, onOther: (message: unknown) => void) {
		this.#port = port;
		this.#onOther = onOther;
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
		// what the frame names has arrived by now, though the event loop may not have handed it over. A ring passed over here
		// must not get lost: a receive call may look while this side is asleep, and whoever rang will not ring again.
		while (!this.#arrived.has(id)) {
			// A port hands over everything before its 'close', and Node 20 crashes when a closed one is asked.
			const next = this.#isClosed ? undefined : receiveMessageOnPort(this.#port);
			if (!next) throw new ProtocolError('a frame names objects that did not come', { id });
			if (!this.keep(next.message)) this.#onOther(next.message);
		}
		const objects = this.#arrived.get(id) as readonly unknown[];
		this.#arrived.delete(id);
		return objects;
	}
}
