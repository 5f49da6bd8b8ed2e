import { NotOwnProcessError, ProcessGoneError } from '../errors/index.ts';
import { ObservedProcess, warnOfUntoldEnd } from './observed-process.ts';
import type { Process, ProcessCard } from './process.ts';
import { OP } from './wire.ts';

/** What a handle of a process elsewhere needs of the thread it is in. */
export interface Correspondent {
	/** Sends something about the process to its home. */
	tell(process: RemoteProcess, op: number, value: unknown): void;
	/** Links it to another process, or takes that back. */
	link(process: RemoteProcess, other: Process): void;
	unlink(process: RemoteProcess, other: Process): void;
	/** Sends an exit, whose reason is made so that it can be sent. */
	sendExit(process: RemoteProcess, error: unknown): void;
	/** Keeps the handle, or lets go of it: while somebody waits for its end it must not be collected. */
	hold(process: RemoteProcess, isHeld: boolean): void;
}

/** The handle of a process in another thread. There is one in each thread for each process, as long as anybody has it. */
export class RemoteProcess extends ObservedProcess {
	#card: ProcessCard;
	readonly #correspondent: Correspondent;
	/** True when this thread asked for it: if nobody is told of its failure, this thread says so. */
	#isOwn = false;

	constructor(card: ProcessCard, correspondent: Correspondent) {
		super();
		this.#card = card;
		this.#correspondent = correspondent;
	}

	override get card(): ProcessCard {
		return this.#card;
	}

	override get name(): string {
		return this.#card.name;
	}

	override get kind(): ProcessCard['kind'] {
		return this.#card.kind;
	}

	override get pid(): number | undefined {
		return this.#card.pid;
	}

	override send(...message: unknown[]): boolean {
		if (!this.isAlive) return false;
		this.#correspondent.tell(this, OP.send, message);
		return true;
	}

	override terminate(error?: unknown): boolean {
		if (!this.isAlive) return false;
		this.#correspondent.sendExit(this, error);
		return true;
	}

	override receive(): never {
		throw new NotOwnProcessError('receive', this);
	}

	override async next(): Promise<never> {
		throw new NotOwnProcessError('next', this);
	}

	override link(other: Process): void {
		this.#correspondent.link(this, other);
	}

	override unlink(other: Process): void {
		this.#correspondent.unlink(this, other);
	}

	override monitor(other: Process): void {
		this.#correspondent.tell(this, OP.monitor, other);
	}

	override spawn(): never {
		throw new NotOwnProcessError('spawn', this);
	}

	override spawnLink(): never {
		throw new NotOwnProcessError('spawnLink', this);
	}

	/** Says that this thread asked for the process. */
	own(): this {
		this.#isOwn = true;
		return this;
	}

	/** Takes note of the id of the process that it runs in. */
	started(pid: number | undefined): void {
		this.#card = { ...this.#card, pid };
	}

	/** Its end was told. Only the first call counts. */
	ended(error: unknown): void {
		if (!this.isAlive) return;
		const wasTold = this.tellEnd(error);
		if (this.#isOwn && !wasTold) warnOfUntoldEnd(this, error);
	}

	/** It had ended, and why is not known any more. */
	gone(): void {
		this.ended(new ProcessGoneError(this));
	}

	protected override observersChanged(): void {
		this.#correspondent.hold(this, this.isObserved);
	}
}
