import { type MessagePort, receiveMessageOnPort, type TransferListItem } from 'node:worker_threads';

import { ProtocolError } from '../errors/index.ts';
import type { ObjectLane, Parcel } from './bell.ts';

/** What travels on a port: whatever its owner sends, and parcels with their number. */
type NumberedParcel = readonly [id: number, objects: readonly unknown[], payload: Uint8Array | undefined];

/** The objects that travel beside the frames of a link between threads, on the MessagePort that is its bell or its channel. */
export class PortObjects implements ObjectLane {
	readonly #port: MessagePort;
	readonly #onOther: (message: unknown) => void;
	readonly #arrived = new Map<number, Parcel>();
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

	post(objects: readonly object[], payload?: Uint8Array<ArrayBuffer>): number {
		this.#lastId = (this.#lastId + 1) >>> 0;
		const transfer = objects.filter((object) => !(object instanceof SharedArrayBuffer)) as TransferListItem[];
		if (payload) transfer.push(payload.buffer);
		this.#port.postMessage([this.#lastId, objects, payload] satisfies NumberedParcel, transfer);
		return this.#lastId;
	}

	/** Keeps `message` when it is one of ours; false when it is for the port's owner. */
	keep(message: unknown): boolean {
		if (!Array.isArray(message)) return false;
		const [id, objects, payload] = message as unknown as NumberedParcel;
		this.#arrived.set(id, { objects, payload });
		return true;
	}

	take(id: number): Parcel {
		// postMessage() puts a message into the other port's queue before it returns, and the frame was published after that:
		// what the frame names has arrived by now, though the event loop may not have handed it over. A ring passed over here
		// must not get lost: a receive call may look while this side is asleep, and whoever rang will not ring again.
		while (!this.#arrived.has(id)) {
			// A port hands over everything before its 'close', and Node 20 crashes when a closed one is asked.
			const next = this.#isClosed ? undefined : receiveMessageOnPort(this.#port);
			if (!next) throw new ProtocolError('a frame names objects that did not come', { id });
			if (!this.keep(next.message)) this.#onOther(next.message);
		}
		const parcel = this.#arrived.get(id) as Parcel;
		this.#arrived.delete(id);
		return parcel;
	}
}
