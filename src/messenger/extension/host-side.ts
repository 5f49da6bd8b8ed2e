import { type HandedExtension, KIND_EXTENSION, KIND_EXTENSION_ASKED } from '../control.ts';
import type { MessageLink } from '../message-link.ts';
import { loadExtension } from './load.ts';

/** A worker as extensions of its host see it: one incarnation, from before its start order until its end. */
export interface WorkerContact {
	/** The worker's name in errors. */
	readonly name: string;
	readonly backend: 'process' | 'thread';
	/** Process id of a worker process; undefined for threads, which live in this one. */
	readonly pid: number | undefined;
	readonly threadId: number | undefined;
	/** The link to the worker, for frames of the extension's own kinds. */
	readonly link: MessageLink;
	/** Resolves when the worker has ended and what it had sent has been taken in; never rejects. */
	readonly ended: Promise<unknown>;
}

/** What an extension hands to one worker. */
export interface ExtensionOffer {
	/** Anything that a message to this worker may hold; shared memory for threads only. */
	readonly value: unknown;
	/** Ports and buffers in `value` that change hands. */
	readonly transfer?: readonly object[];
}

/** The half of an extension that runs where workers are started. */
export interface HostExtension {
	readonly name: string;
	/**
	 * Makes the offer to a worker; called once for each. Undefined when there is none yet: {@link handExtension} brings it later.
	 * May register for frames on the worker's link. Must not throw.
	 */
	offer(worker: WorkerContact): ExtensionOffer | undefined;
}

const extensions = new Map<string, HostExtension>();
const workers = new Set<WorkerContact>();

/** Registers the host's half of an extension and hands its offer to all workers of this thread, those to come included. */
export function registerHostExtension(extension: HostExtension): void {
	if (extensions.has(extension.name)) return;
	extensions.set(extension.name, extension);
	for (const worker of workers) {
		const offer = extension.offer(worker);
		if (offer) handExtension(worker, extension.name, offer);
	}
}

/** Hands the offer to a worker that has had its start order, or says why there is none; nothing happens when it has ended. */
export function handExtension(worker: WorkerContact, name: string, offer: ExtensionOffer | { readonly refusal: string }): void {
	if ('refusal' in offer) send(worker, { name, refusal: offer.refusal });
	else send(worker, { name, value: offer.value }, offer.transfer);
}

/** Takes note of a worker that is about to get its start order, and returns what has to go with that. */
export function meetWorker(worker: WorkerContact): { values: Record<string, unknown>; transfer: object[] } {
	workers.add(worker);
	void worker.ended.then(() => workers.delete(worker));
	worker.link.on(KIND_EXTENSION_ASKED, (w1, _w2, _w3, bytes) => {
		const asked = worker.link.tryDecode(w1, bytes, bytes.start);
		if ('value' in asked) void answer(worker, String(asked.value));
	});
	const values: Record<string, unknown> = {};
	const transfer: object[] = [];
	for (const [name, extension] of extensions) {
		const offer = extension.offer(worker);
		if (!offer) continue;
		values[name] = offer.value;
		transfer.push(...(offer.transfer ?? []));
	}
	return { values, transfer };
}

/** An extension that is registered has made its offer, or will. One that is not is loaded, and then offers to all workers. */
async function answer(worker: WorkerContact, name: string): Promise<void> {
	if (extensions.has(name)) return;
	try {
		await loadExtension(name);
		if (extensions.has(name)) return;
		send(worker, { name, refusal: `its host has no extension "${name}"` });
	} catch (error) {
		send(worker, { name, refusal: `its host could not load extension "${name}": ${(error as Error).message}` });
	}
}

function send(worker: WorkerContact, handed: HandedExtension, transfer?: readonly object[]): void {
	if (!workers.has(worker)) return;
	worker.link.encode(handed, transfer);
	worker.link.commit(KIND_EXTENSION, 0, 0, undefined);
}
