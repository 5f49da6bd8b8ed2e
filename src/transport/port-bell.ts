import type { MessagePort } from 'node:worker_threads';

import type { Bell, BellListener, ObjectLane } from './bell.ts';
import type { LinkPorts } from './link-ports.ts';
import { PortObjects } from './port-objects.ts';

/** What one ring is on the port; its value means nothing. */
const RING = 0;

/** A bell between threads: a MessagePort, which also carries the objects that cannot travel as bytes. */
export class PortBell implements Bell {
	readonly objects?: ObjectLane;
	readonly #port: MessagePort;
	readonly #lane: MessagePort;

	/** @param carriesObjects false when the other end passes frames on to another process, where objects cannot follow */
	constructor({ port, lane }: LinkPorts, listener: BellListener, carriesObjects: boolean) {
		const objects = carriesObjects ? new PortObjects(lane, () => setImmediate(() => listener.onRing())) : undefined;
		if (objects) this.objects = objects;
		this.#port = port;
		this.#lane = lane;
		port.on('message', (message: unknown) => {
			if (!objects?.keep(message)) listener.onRing();
		});
		port.on('close', () => listener.onClose());
		port.unref();
	}

	ring(): void {
		this.#port.postMessage(RING);
	}

	ref(): void {
		this.#port.ref();
	}

	unref(): void {
		this.#port.unref();
	}

	close(): void {
		this.#port.close();
		if (this.#lane !== this.#port) this.#lane.close();
	}
}
