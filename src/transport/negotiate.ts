import { readSync, writeSync } from 'node:fs';

import type { BellSocket } from './socket-bell.ts';

/*
 * Which transport a host and its worker process use, agreed before the first frame.
 *
 * The worker tells what it could map and the number it read there; the host compares and answers with its choice. No timer
 * takes part, so a loaded machine chooses as an idle one does, and both sides always agree.
 */

/** What the worker process could do with the memory it was offered. */
export type Offer = { readonly nonce: number } | { readonly reason: string };

/** What the host decided. */
export interface Choice {
	readonly kind: 'ring' | 'pipe';
	readonly reason: string;
}

/** Bytes of the length that goes before each of the two messages. */
const LENGTH_BYTES = 4;
/** Longest message of the negotiation, in bytes. */
const MAX_BYTES = 64 * 1024;

/** Worker: tells the host what it can do and waits for the choice. Blocks; undefined when the host is gone. */
export function negotiateAsWorker(fd: number, offer: Offer): Choice | undefined {
	try {
		writeSync(fd, pack(offer));
		const length = readExactly(fd, LENGTH_BYTES)?.readUInt32LE(0);
		const text = length === undefined || length > MAX_BYTES ? undefined : readExactly(fd, length);
		return text && (JSON.parse(text.toString()) as Choice);
	} catch {
		// ECONNRESET or EPIPE: the host died while this process started.
		return undefined;
	}
}

/** Host: resolves to what the worker offers; undefined when its end closes first. Leaves the socket paused, nothing lost. */
export function readOffer(socket: BellSocket): Promise<Offer | undefined> {
	return new Promise((resolve) => {
		let received: Buffer = Buffer.alloc(0);
		const finish = (offer: Offer | undefined): void => {
			socket.off('readable', onReadable);
			socket.off('close', onClose);
			resolve(offer);
		};
		const onClose = (): void => finish(undefined);
		const onReadable = (): void => {
			for (;;) {
				const wanted = received.length < LENGTH_BYTES ? LENGTH_BYTES : LENGTH_BYTES + received.readUInt32LE(0);
				if (wanted > MAX_BYTES) return finish(undefined);
				if (received.length === wanted && wanted > LENGTH_BYTES) {
					return finish(JSON.parse(received.subarray(LENGTH_BYTES).toString()) as Offer);
				}
				const piece = socket.read(Math.min(wanted - received.length, socket.readableLength)) as Buffer | null;
				if (piece === null || piece.length === 0) return;
				received = Buffer.concat([received, piece]);
			}
		};
		socket.on('error', () => {});
		socket.on('readable', onReadable);
		socket.once('close', onClose);
		onReadable();
	});
}

/** Host: tells the worker the choice. */
export function sendChoice(socket: BellSocket, choice: Choice): void {
	socket.write(pack(choice));
}

/** Host: compares the worker's offer with the memory it was handed. `unavailable` says why none was handed over. */
export function choose(offer: Offer, nonce: number | undefined, unavailable: string): Choice {
	if (nonce === undefined) return { kind: 'pipe', reason: unavailable };
	if ('reason' in offer) return { kind: 'pipe', reason: `the worker reports: ${offer.reason}` };
	if (offer.nonce !== nonce)
		return { kind: 'pipe', reason: 'the worker read other bytes from the shared memory than the host wrote' };
	return { kind: 'ring', reason: 'both sides mapped the same memory' };
}

function pack(message: Offer | Choice): Buffer {
	const text = Buffer.from(JSON.stringify(message));
	const packed = Buffer.alloc(LENGTH_BYTES + text.length);
	packed.writeUInt32LE(text.length, 0);
	packed.set(text, LENGTH_BYTES);
	return packed;
}

function readExactly(fd: number, bytes: number): Buffer | undefined {
	const buf = Buffer.alloc(bytes);
	for (let at = 0; at < bytes; ) {
		const count = readSync(fd, buf, at, bytes - at, null);
		if (count === 0) return undefined;
		at += count;
	}
	return buf;
}
