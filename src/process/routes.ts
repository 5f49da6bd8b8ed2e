import type { MessageLink } from '../messenger/index.ts';
import type { WorkerResource } from '../resource/index.ts';
import type { Frame } from './exchange.ts';
import type { Packed } from './packer.ts';
import { copyOf, passOn, type RawFrame, sendFrame } from './tree-link.ts';
import type { Ended, Gone, Leaving } from './wire.ts';

/** How many ends of workers are remembered, for frames that come late. */
const MAX_REMEMBERED = 1000;

/** The way to one worker. */
interface Route {
	readonly name: string;
	/** Set for workers that were started for a process. */
	readonly resource: WorkerResource | undefined;
	/** Set once it has said hello. */
	link: MessageLink | undefined;
	/** What waits for that. */
	waiting: { readonly frame: Frame; readonly packed: Packed }[];
	/** How its first process ended. */
	first: { readonly error: unknown } | undefined;
	/** What it said of its processes when the last of them ended. */
	leaving: Leaving | undefined;
}

/** What is remembered of a worker that is gone. */
interface Fate {
	readonly gone: Gone;
	readonly leaving: Leaving | undefined;
}

/** The ways from the root to every worker of the tree, and what became of those that are gone. */
export class Routes {
	readonly #routes = new Map<number, Route>();
	readonly #fates = new Map<number, Fate>();
	readonly #onGone: (gone: Gone) => void;

	/** @param onGone called once for each worker, after what it had sent was handed over */
	constructor(onGone: (gone: Gone) => void) {
		this.#onGone = onGone;
	}

	/** Makes a way to a worker that is about to start. */
	open(home: number, name: string, resource: WorkerResource): void {
		this.#routes.set(home, { name, resource, link: undefined, waiting: [], first: undefined, leaving: undefined });
	}

	/** A worker has said hello: what waited for it leaves. */
	join(home: number, name: string, link: MessageLink): void {
		const route = this.#routes.get(home) ?? {
			name,
			resource: undefined,
			link,
			waiting: [],
			first: undefined,
			leaving: undefined,
		};
		this.#routes.set(home, route);
		route.link = link;
		for (const { frame, packed } of route.waiting.splice(0)) sendFrame(link, frame, packed);
	}

	/** A worker is gone, or could not start. Only the first call counts. */
	close(home: number, { error, isOrderly = false }: { readonly error: unknown; readonly isOrderly?: boolean }): void {
		const route = this.#routes.get(home);
		if (!route) return;
		this.#routes.delete(home);
		// A worker that ends in order does so when its last process has ended: then those it has not told of had ended long before.
		const hasEndedInOrder = isOrderly && route.first !== undefined;
		const gone: Gone = { home, first: route.first, error: hasEndedInOrder ? undefined : error };
		this.#fates.set(home, { gone, leaving: route.leaving });
		if (this.#fates.size > MAX_REMEMBERED) this.#fates.delete(this.#fates.keys().next().value as number);
		this.#onGone(gone);
	}

	/** What is left to say of a process whose worker is gone: how it ended, or what became of the worker. */
	answer(home: number, serial: number): { readonly ended: Ended } | { readonly gone: Gone } {
		const fate = this.#fates.get(home);
		if (!fate) return { gone: { home, first: undefined, error: undefined, isAnswer: true } };
		const { gone, leaving } = fate;
		const failure = leaving?.failures.find(([failed]) => failed === serial);
		if (failure) return { ended: { serial, error: failure[1] } };
		if (leaving && serial >= leaving.since) return { ended: { serial, error: undefined } };
		return { gone: { ...gone, isAnswer: true } };
	}

	/** Takes note of what a worker says whose last process has ended. */
	noteLeaving(home: number, leaving: Leaving): void {
		const route = this.#routes.get(home);
		if (route) route.leaving = leaving;
	}

	/** The numbers of all homes but the root that can be talked to. */
	homes(): number[] {
		return [...this.#routes].flatMap(([home, { link }]) => (link ? [home] : []));
	}

	/** The worker that was started for the process whose home this is. */
	resourceOf(home: number): WorkerResource | undefined {
		return this.#routes.get(home)?.resource;
	}

	/** Takes note of how the first process of a worker ended. */
	noteFirst(home: number, read: () => unknown): void {
		const route = this.#routes.get(home);
		if (!route || route.first) return;
		try {
			const ended = read() as Ended | undefined;
			if (ended) route.first = { error: ended.error };
		} catch (error) {
			route.first = { error };
		}
	}

	/** Sends a frame of the root. False when there is no way. */
	send(frame: Frame, packed: Packed): boolean {
		const route = this.#routes.get(frame.to);
		if (!route) return false;
		if (route.link) sendFrame(route.link, frame, packed);
		else route.waiting.push({ frame, packed: { codec: packed.codec, bytes: new Uint8Array(packed.bytes) } });
		return true;
	}

	/** Passes on a frame of one worker to another. False when there is no way. */
	passOn(frame: Frame, raw: RawFrame): boolean {
		const route = this.#routes.get(frame.to);
		if (!route) return false;
		if (route.link) passOn(route.link, frame, raw);
		else route.waiting.push({ frame, packed: copyOf(raw) });
		return true;
	}
}
