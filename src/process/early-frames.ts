import type { Frame } from './exchange.ts';
import { OP, type Op } from './wire.ts';

/** What has to keep its order: messages, and what makes or undoes that ends are told between them. */
const IN_ORDER: ReadonlySet<Op> = new Set([OP.send, OP.linked, OP.unlinked, OP.link, OP.unlink, OP.monitor]);

/** Frames for the first process of a worker that came before its modules were loaded: those bring the types to read them by. */
export class EarlyFrames {
	readonly #frames: { readonly frame: Frame; readonly read: () => unknown }[] = [];

	/** True for a frame that has to wait. */
	isFor({ serial, op }: Frame): boolean {
		return serial === 1 && IN_ORDER.has(op);
	}

	add(frame: Frame, read: () => unknown): void {
		this.#frames.push({ frame, read });
	}

	/** Hands over all of them, in the order in which they came. */
	handOver(take: (frame: Frame, read: () => unknown) => void): void {
		for (const { frame, read } of this.#frames.splice(0)) take(frame, read);
	}
}
