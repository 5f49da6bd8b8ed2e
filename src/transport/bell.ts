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

/** Objects on their way beside the frames: transferred buffers, ports, shared memory. */
export interface ObjectLane {
	/** Sends `objects` and returns their number; buffers and ports among them change hands, shared memory is shared. */
	post(objects: readonly object[]): number;
	/** Takes the objects of that number, which were sent before the frame that names them. */
	take(id: number): readonly unknown[];
}

/** Receives what a bell has to tell. */
export interface BellListener {
	onRing(): void;
	onClose(): void;
}
