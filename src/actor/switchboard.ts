import { type EndListener, here, type LocalProcess, type ObservedProcess, RemoteProcess } from '../process/index.ts';
import { type Parcel, unpack } from './parcel.ts';

/** How a request ended; `none`: without a reply, because the actor is gone or the time is up. */
export type Outcome =
	| { readonly type: 'reply'; readonly value: unknown }
	| { readonly type: 'failure'; readonly reason: unknown }
	| { readonly type: 'none' };

/** What comes in on a line. */
export type Incoming = Exclude<Outcome['type'], 'none'>;

/** Someone in this thread who waits for something to come in. */
export interface Line {
	/** Who has to answer, when its end is to be told. */
	readonly target: ObservedProcess | undefined;
	/** Takes what has come. The line is closed by then, unless it has an owner. */
	settle(outcome: Outcome): void;
	/** The bridge whose mailbox it leads to. */
	readonly owner?: WeakRef<object>;
}

/** No reply. */
export const NONE: Outcome = { type: 'none' };

/**
 * The requests of this thread that wait for a reply, by number. Replies from other workers come in by a process of its own, which is
 * there from the first request on that leaves this worker.
 */
class Switchboard implements EndListener {
	readonly #lines = new Map<number, Line>();
	readonly #byTarget = new Map<ObservedProcess, Set<number>>();
	#process: LocalProcess | undefined;
	#numbers = 0;

	/** A number that nothing else has had. */
	nextNumber(): number {
		return (this.#numbers += 1);
	}

	/** Opens a line, which the end of its target settles: at once, and this is false, if it has ended. */
	open(number: number, line: Line): boolean {
		const { target } = line;
		if (target && !target.isAlive) {
			line.settle(NONE);
			return false;
		}
		this.#lines.set(number, line);
		if (target) this.#await(number, target);
		return true;
	}

	/** Closes a line: what comes in late is dropped. False when it was closed already. */
	close(number: number): boolean {
		const line = this.#lines.get(number);
		if (!line) return false;
		this.#lines.delete(number);
		const numbers = line.target && this.#byTarget.get(line.target);
		numbers?.delete(number);
		if (line.target && numbers?.size === 0) {
			this.#byTarget.delete(line.target);
			line.target.offEnd(this);
		}
		return true;
	}

	/** Takes what has come for a line. False when nobody waits for it. */
	take(number: number, type: Incoming, value: unknown): boolean {
		const line = this.#lines.get(number);
		if (!line) return false;
		if (!line.owner) this.close(number);
		if (type === 'failure') line.target?.noteTold();
		line.settle(type === 'reply' ? { type, value } : { type, reason: value });
		return true;
	}

	/** The bridge of this thread that a line leads to, as long as anybody has it. */
	ownerOf(number: number): object | undefined {
		return this.#lines.get(number)?.owner?.deref();
	}

	processEnded(process: ObservedProcess): void {
		// Replies that it had sent are in the mailbox by now, and come first.
		if (process instanceof RemoteProcess && this.#process?.send(process)) return;
		this.#settleAll(process);
	}

	#settleAll(process: ObservedProcess): void {
		const numbers = this.#byTarget.get(process);
		this.#byTarget.delete(process);
		for (const number of numbers ?? []) {
			const line = this.#lines.get(number);
			this.#lines.delete(number);
			line?.settle(NONE);
		}
	}

	#takeParcel(number: number, type: string, parcel: Parcel): void {
		let value: unknown;
		try {
			value = unpack(parcel);
		} catch (error) {
			return void this.take(number, 'failure', error);
		}
		this.take(number, type === 'failure' ? 'failure' : 'reply', value);
	}

	#await(number: number, target: ObservedProcess): void {
		const numbers = this.#byTarget.get(target);
		if (numbers) return void numbers.add(number);
		this.#byTarget.set(target, new Set([number]));
		target.onEnd(this);
	}

	/** The process by which replies come in. */
	process(): LocalProcess {
		if (this.#process?.isAlive) return this.#process;
		const home = here();
		const process = home.open(
			(self) => {
				self.receive([Number, String, Object], (number, type, parcel) => this.#takeParcel(number, type, parcel as Parcel));
				self.receive([RemoteProcess], (ended) => this.#settleAll(ended));
			},
			{ name: 'bridges', kind: 'local', unhandled: 'dead-letter', ignoresNormalExits: false },
		);
		home.table.serves(process);
		this.#process = process;
		return process;
	}
}

/** The switchboard of this thread. */
export const switchboard: Switchboard = new Switchboard();
