/** Wakes the event loop of the peer, and tells when the peer's end is gone. Sticky: a ring is never lost. */
export interface Bell {
	/** Wakes the peer, or does nothing when it is gone. */
	ring(): void;
	/** Whether waiting for the bell keeps this thread's event loop alive. */
	ref(): void;
	unref(): void;
	/** Closes this end. Idempotent. */
	close(): void;
	/** Sends objects beside the frames, before the frame that names them; only between threads. */
	readonly objects?: ObjectLane;
}

/** What travels beside a frame: objects that are no bytes, and the payload itself where that is large. */
export interface Parcel {
	/** Transferred buffers, ports, shared memory. */
	readonly objects: readonly unknown[];
	/** The payload of the frame, in memory that changes hands. */
	readonly payload: Uint8Array | undefined;
}

/** Parcels on their way beside the frames. */
export interface ObjectLane {
	/** Sends objects, and a payload if there is one; returns their number. Buffers and ports change hands, shared memory is shared. */
	post(objects: readonly object[], payload?: Uint8Array<ArrayBuffer>): number;
	/** Takes the parcel of that number, which was sent before the frame that names it. */
	take(id: number): Parcel;
}

/** Receives what a bell has to tell. */
export interface BellListener {
	onRing(): void;
	onClose(): void;
}
