import type { LocalProcess } from './local-process.ts';
import { type Correspondent, RemoteProcess } from './remote-process.ts';
import type { ProcessCard } from './process.ts';

/** How many ends of processes of this thread are remembered, for handles that come back late. */
const MAX_REMEMBERED = 10_000;

/** How many failures of processes the root is told of when their thread ends. */
const MAX_TOLD = 100;

/** Every process that a thread knows: those that live in it, and the handles it has of others. */
export class ProcessTable {
	readonly locals = new Map<number, LocalProcess>();
	/** Numbers of those of them that serve the others: they do not keep their worker. */
	readonly #services = new Set<number>();
	/** True once the services are being ended: they do not leave the table empty again. */
	#isClosing = false;
	/** Ends of processes that lived here, by number. */
	readonly #ends = new Map<number, { readonly error: unknown; readonly process: WeakRef<LocalProcess> }>();
	/** Whose number is lower may have been forgotten. */
	#since = 1;
	readonly #remotes = new Map<number, Map<number, WeakRef<RemoteProcess>>>();
	readonly #held = new Set<RemoteProcess>();
	readonly #correspondent: Correspondent;
	readonly #onDropped: (card: ProcessCard) => void;
	readonly #dropped = new FinalizationRegistry<ProcessCard>((card) => this.#drop(card));

	/** @param onDropped called when the last user of a handle is gone */
	constructor(correspondent: Omit<Correspondent, 'hold'>, onDropped: (card: ProcessCard) => void) {
		this.#correspondent = {
			...correspondent,
			hold: (process, isHeld) => void (isHeld ? this.#held.add(process) : this.#held.delete(process)),
		};
		this.#onDropped = onDropped;
	}

	/** True when no process lives here that a worker is kept for. */
	get isEmpty(): boolean {
		return this.locals.size === this.#services.size && !this.#isClosing;
	}

	/** Says that a process of this thread serves the others: a worker does not go on for its sake. */
	serves({ card }: LocalProcess): void {
		this.#services.add(card.serial);
	}

	/** Ends the processes that served the others, as the last of those ended. Nobody has to know why, but whoever wants to is told. */
	endServices(error: unknown): void {
		this.#isClosing = true;
		for (const service of this.locals.values()) {
			service.noteTold();
			service.end(error);
		}
	}

	/** Forgets a process of this thread, but not how it ended. */
	ended(process: LocalProcess, error: unknown): void {
		const { serial } = process.card;
		this.locals.delete(serial);
		this.#services.delete(serial);
		this.#ends.set(serial, { error, process: new WeakRef(process) });
		if (this.#ends.size <= MAX_REMEMBERED) return;
		const oldest = this.#ends.keys().next().value as number;
		this.#ends.delete(oldest);
		this.#since = Math.max(this.#since, oldest + 1);
	}

	/** How a process of this thread ended; undefined when that was too long ago. */
	endOf(serial: number): { readonly error: unknown } | undefined {
		return this.#ends.get(serial);
	}

	/** A process of this thread that has ended, if anybody still has it. */
	past(serial: number): LocalProcess | undefined {
		return this.#ends.get(serial)?.process.deref();
	}

	/** How the processes of this thread ended: the last failures; from the number `since` on, all others ended normally. */
	ends(): { readonly since: number; readonly failures: readonly (readonly [serial: number, error: unknown])[] } {
		const failures = [...this.#ends].flatMap(([serial, { error }]) => (error === undefined ? [] : [[serial, error] as const]));
		const left = failures.slice(0, -MAX_TOLD).at(-1);
		return { since: Math.max(this.#since, left ? left[0] + 1 : 1), failures: failures.slice(-MAX_TOLD) };
	}

	/** The handle of a process of another thread; `onNew` is called for one that this thread had none of. */
	remote(card: ProcessCard, onNew: (handle: RemoteProcess) => void): RemoteProcess {
		const known = this.find(card.home, card.serial);
		if (known) {
			if (known.pid === undefined && card.pid !== undefined) known.started(card.pid);
			return known;
		}
		const handle = new RemoteProcess(card, this.#correspondent);
		let ofHome = this.#remotes.get(card.home);
		if (!ofHome) this.#remotes.set(card.home, (ofHome = new Map()));
		ofHome.set(card.serial, new WeakRef(handle));
		this.#dropped.register(handle, card);
		onNew(handle);
		return handle;
	}

	/** A handle that nobody is told anything of: of a process that has ended, or of another tree. */
	stray(card: ProcessCard): RemoteProcess {
		return new RemoteProcess(card, this.#correspondent);
	}

	/** The handle of a process of another thread, if anybody here has one. */
	find(home: number, serial: number): RemoteProcess | undefined {
		return this.#remotes.get(home)?.get(serial)?.deref();
	}

	/** Every handle of the processes of one home. */
	ofHome(home: number): RemoteProcess[] {
		return [...(this.#remotes.get(home)?.values() ?? [])].flatMap((ref) => ref.deref() ?? []);
	}

	#drop(card: ProcessCard): void {
		const ofHome = this.#remotes.get(card.home);
		// Another handle may have been made since.
		if (!ofHome || ofHome.get(card.serial)?.deref()) return;
		ofHome.delete(card.serial);
		if (ofHome.size === 0) this.#remotes.delete(card.home);
		this.#onDropped(card);
	}
}
