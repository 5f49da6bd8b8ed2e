import type { MessageLink } from '../messenger/index.ts';
import type { Frame } from './exchange.ts';
import type { Packed } from './packer.ts';
import { copyOf, passOn, type RawFrame, sendFrame } from './tree-link.ts';
import { type Ended, type Gone, type Leaving, OP } from './wire.ts';

/** How many ends of workers are remembered, for frames that come late. */
const MAX_REMEMBERED = 1000;

/** The way to one worker. */
interface Route {
	readonly name: string;
	/** Ends the worker by force, also one that has not started yet. Set for workers that were started for a process. */
	readonly end: (() => void) | undefined;
	/** Set once it has said hello. */
	link: MessageLink | undefined;
	/** What waits for that. */
	waiting: { readonly frame: Frame; readonly packed: Packed }[];
	/** How its first process ended. */
	first: { readonly error: unknown } | undefined;
	/** What it said of its processes when the last of them ended. */
	leaving: Leaving | undefined;
	readonly gone?: undefined;
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
	open(home: number, name: string, end: () => void): void {
		this.#routes.set(home, { name, end, link: undefined, waiting: [], first: undefined, leaving: undefined });
	}

	/** A worker has said hello: what waited for it leaves. */
	join(home: number, name: string, link: MessageLink): void {
		const route = this.#routes.get(home) ?? {
			name,
			end: undefined,
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
	close(home: number, error: unknown): void {
		const route = this.#routes.get(home);
		if (!route) return;
		const { first, leaving } = route;
		this.#routes.delete(home);
		const gone: Gone = { home, first, error };
		this.#fates.set(home, { gone, leaving });
		if (this.#fates.size > MAX_REMEMBERED) this.#fates.delete(this.#fates.keys().next().value as number);
		// Of one that has left, everyone knows who wants to, or asks and is answered.
		if (!leaving) this.#onGone(gone);
	}

	/** What is left to say of a process whose worker is gone: how it ended, or what became of the worker. */
	answer(home: number, serial: number): { readonly ended: Ended | undefined } | { readonly gone: Gone } {
		const { gone, leaving } = this.#routes.get(home) ?? this.#fates.get(home) ?? {};
		if (!leaving) return { gone: gone ?? { home, first: undefined, error: undefined } };
		const failure = leaving.failures.find(([failed]) => failed === serial);
		if (failure) return { ended: { serial, error: failure[1] } };
		return { ended: serial >= leaving.since ? { serial, error: undefined } : undefined };
	}

	/** Takes note of what a worker says whose last process has ended. From now on {@link answer} speaks for it. */
	noteLeaving(home: number, leaving: Leaving, left: Packed): void {
		const route = this.#routes.get(home);
		if (!route?.link) return;
		route.leaving = leaving;
		sendFrame(route.link, { op: OP.left, serial: 0, to: home, from: 0 }, left);
	}

	/** The numbers of all homes but the root that can be talked to and in which somebody may listen. */
	homes(): number[] {
		return [...this.#routes].flatMap(([home, { link, leaving }]) => (link && !leaving ? [home] : []));
	}

	/** Ends the worker that was started for the process whose home this is. */
	end(home: number): void {
		this.#routes.get(home)?.end?.();
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
		if (!route || route.leaving) return false;
		if (route.link) sendFrame(route.link, frame, packed);
		else route.waiting.push({ frame, packed: { codec: packed.codec, bytes: new Uint8Array(packed.bytes) } });
		return true;
	}

	/** Passes on a frame of one worker to another. False when there is no way. */
	passOn(frame: Frame, raw: RawFrame): boolean {
		const route = this.#routes.get(frame.to);
		if (!route || route.leaving) return false;
		if (route.link) passOn(route.link, frame, raw);
		else route.waiting.push({ frame, packed: copyOf(raw) });
		return true;
	}
}
