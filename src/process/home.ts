import { Exit } from '../errors/index.ts';
import { EarlyFrames } from './early-frames.ts';
import { type Exchange, type Frame, readSafely } from './exchange.ts';
import { portableReason } from './exit-reason.ts';
import { link, type Tell, unlink } from './links.ts';
import { LocalProcess } from './local-process.ts';
import { Signal, toEntry } from './mailbox-entry.ts';
import { ObservedProcess } from './observed-process.ts';
import { Packer } from './packer.ts';
import { Process, type ProcessCard, type ProcessTarget, type SpawnOptions } from './process.ts';
import { ProcessTable } from './process-table.ts';
import type { RemoteProcess } from './remote-process.ts';
import { spawnProcess } from './spawn-process.ts';
import type { ResolvedSpawnOptions } from './spawn-options.ts';
import type { Surroundings } from './surroundings.ts';
import { Watchers } from './watchers.ts';
import { type Ended, type Gone, type Leaving, OP, type Op, type Started } from './wire.ts';

/** Which home of which tree a thread is. */
export interface HomeIdentity {
	readonly tree: string;
	readonly home: number;
	/** What the numbers of homes begin with that this one asks for. */
	readonly seq: number;
}

/** What a home asks of the root. */
export interface RootServices {
	/** Starts a process of another kind, and returns its handle. */
	spawn(home: Home, target: ProcessTarget, options: ResolvedSpawnOptions): RemoteProcess;
	/** Makes a process known by its name. */
	register(process: ObservedProcess): void;
	/** Finds the process of a name. */
	whereis(name: string): Promise<Process | undefined>;
	/** Ends the worker that is the home of a process, by force. */
	kill(process: ObservedProcess): void;
	/** Takes a frame that says what only the root says or is told. */
	take(frame: Frame, read: () => unknown): void;
}

/**
 * A thread as the home of processes: those that live in it, its handles of others, and what it and other homes tell each other.
 *
 * Whoever has a handle of a process elsewhere has its home told so (`watch`), and is told of its end (`ended`), once for the thread,
 * however many are linked to it, monitor it or wait for it there.
 */
export class Home implements Surroundings {
	readonly identity: HomeIdentity;
	readonly packer = new Packer();
	readonly table: ProcessTable;
	readonly #exchange: Exchange;
	readonly #services: RootServices;
	readonly #watchers = new Watchers();
	readonly #onEmpty: (error: unknown) => void;
	#serials = 0;
	#children = 0;
	#strictPacker: Packer | undefined;
	/** Set while the modules of the first process are being loaded. */
	#early: EarlyFrames | undefined;
	readonly #tellOf: Tell = (process, op, other) => this.#tell(process.card, op, other);

	constructor(identity: HomeIdentity, exchange: Exchange, services: RootServices, onEmpty: (error: unknown) => void = () => {}) {
		this.identity = identity;
		this.#exchange = exchange;
		this.#services = services;
		this.#onEmpty = onEmpty;
		this.table = new ProcessTable(
			{
				tell: (process, op, value) => this.#tell(process.card, op as Op, value),
				link: (process, other) => this.link(process, other),
				unlink: (process, other) => this.unlink(process, other),
				sendExit: (process, error) => this.#tell(process.card, OP.send, [new Exit(this.portable(error))]),
			},
			(card) => this.#tell(card, OP.unwatch, undefined),
		);
	}

	get services(): RootServices {
		return this.#services;
	}

	/** The number of the next worker that this home asks for. */
	countChild(): number {
		return (this.#children += 1);
	}

	/** Says that there will be a home of that number. */
	expect(home: number): void {
		this.#exchange.expect?.(home);
	}

	/**
	 * Keeps what comes for the first process until the result is called: its modules are loaded, and bring the types to read it by.
	 * Processes that they make meanwhile serve them: a worker does not go on for their sake.
	 */
	keepEarlyFrames(): () => void {
		const early = (this.#early = new EarlyFrames());
		return () => {
			this.#early = undefined;
			early.handOver((frame, read) => this.take(frame, read));
		};
	}

	/** Makes a process in this thread. `watchers` are the homes that are to be told of its end. */
	open(
		target: ((process: Process) => unknown) | undefined,
		options: Pick<ResolvedSpawnOptions, 'name' | 'unhandled' | 'ignoresNormalExits' | 'kind'>,
		watchers: readonly number[] = [],
	): LocalProcess {
		const serial = (this.#serials += 1);
		const { tree, home } = this.identity;
		const name = options.name ?? `local-${serial}`;
		const opened: LocalProcess = new LocalProcess({
			card: { tree, home, serial, name, kind: options.kind, pid: process.pid },
			surroundings: this,
			unhandled: options.unhandled,
			ignoresNormalExits: options.ignoresNormalExits,
			target,
		});
		this.table.locals.set(serial, opened);
		for (const watcher of watchers) this.#watchers.add(serial, watcher);
		if (this.#early) this.table.serves(opened);
		return opened;
	}

	spawn(target: ProcessTarget, options: SpawnOptions | undefined, parent: Process | undefined): Process {
		return spawnProcess(this, target, options, parent);
	}

	link(process: Process, other: Process): void {
		link(this.resolve(process), this.resolve(other), this.#tellOf);
	}

	unlink(process: Process, other: Process): void {
		unlink(this.resolve(process), this.resolve(other), this.#tellOf);
	}

	monitor(process: Process, other: Process): void {
		const a = this.resolve(process);
		if (a instanceof LocalProcess) a.watch(this.resolve(other));
		else this.#tell(a.card, OP.monitor, other);
	}

	resolve(process: Process): ObservedProcess {
		return process instanceof ObservedProcess ? process : this.handleOf(process.card);
	}

	/** The handle of a process: the process itself where it lives here. */
	handleOf(card: ProcessCard): ObservedProcess {
		const { tree, home } = this.identity;
		if (card.home === home && card.tree === tree)
			return this.table.locals.get(card.serial) ?? this.table.past(card.serial) ?? this.#pastProcess(card);
		if (card.tree !== tree) return this.#pastProcess(card);
		// A frame cannot leave while the message that holds the handle is being read.
		return this.table.remote(card, (handle) => queueMicrotask(() => this.#tell(handle.card, OP.watch, undefined)));
	}

	/** Ends a process at once, whatever it is doing. */
	endByForce(process: Process, error: unknown): void {
		const ended = this.resolve(process);
		if (ended instanceof LocalProcess) ended.end(error);
		else this.#tell(ended.card, OP.end, this.portable(error));
	}

	/** Sends a message whose instances of classes must arrive as such. */
	sendStrictly(process: RemoteProcess, message: readonly unknown[]): boolean {
		if (!process.isAlive) return false;
		this.#strictPacker ??= new Packer({ strict: true });
		this.#send(process.card, OP.send, this.#strictPacker.pack(message));
		return true;
	}

	/** The reason of an exit as it can be sent. */
	portable(error: unknown): unknown {
		return portableReason(error, (value) => this.packer.canPack(value));
	}

	ended(process: ObservedProcess, error: unknown): boolean {
		const { serial } = process.card;
		const watchers = this.#watchers.take(serial);
		this.table.ended(process as LocalProcess, error);
		for (const watcher of watchers) this.#tellEnd(watcher, serial, error);
		if (this.table.isEmpty) this.#onEmpty(error);
		return watchers.size > 0;
	}

	/** Takes a frame that came for this home. `read` is lent for the call; `keep` gives one that lasts. */
	take(frame: Frame, read: () => unknown, keep: () => () => unknown = () => read): void {
		if (this.#early?.isFor(frame)) return this.#early.add(frame, keep());
		const local = this.table.locals.get(frame.serial);
		switch (frame.op) {
			case OP.send:
				return local && this.#deliver(local, read);
			case OP.watch:
				if (local) this.#watchers.add(frame.serial, frame.from);
				else this.#tellPastEnd(frame);
				return;
			case OP.unwatch:
				return this.#watchers.remove(frame.serial, frame.from);
			case OP.ended:
				return this.#takeEnd(frame, read);
			case OP.gone:
				return this.#takeGone(frame, read);
			case OP.started: {
				const { home, pid } = read() as Started;
				return this.table.find(home, 1)?.started(pid);
			}
			default:
				if (frame.op >= OP.hello) this.#services.take(frame, read);
				else if (local) this.#order(local, frame, read);
				else if (frame.op === OP.linked) this.#tellPastEnd(frame);
		}
	}

	/** Tells the root how all processes of this home ended: nobody will ask here any more once the root has answered `left`. */
	leave(last: unknown): void {
		this.table.endServices(last);
		const { since, failures } = this.table.ends();
		const leaving: Leaving = { since, failures: failures.map(([serial, error]) => [serial, this.portable(error)]) };
		this.sendTo(0, OP.leaving, leaving);
	}

	/** Sends something that is about no process of the receiver. */
	sendTo(home: number, op: Op, value: unknown): void {
		this.#exchange.send({ op, serial: 0, to: home, from: this.identity.home }, this.packer.pack(value));
	}

	#deliver(local: LocalProcess, read: () => unknown): void {
		try {
			local.post(toEntry(read() as readonly unknown[]));
		} catch (error) {
			local.post(new Signal('unreadable', new Exit(error)));
		}
	}

	#order(local: LocalProcess, frame: Frame, read: () => unknown): void {
		const value = readSafely(read);
		if (frame.op === OP.end) return local.end(value);
		if (!(value instanceof Process)) return;
		if (frame.op === OP.linked) {
			this.#watchers.add(frame.serial, frame.from);
			local.linkTo(this.resolve(value));
		} else if (frame.op === OP.unlinked) local.unlinkFrom(this.resolve(value));
		else if (frame.op === OP.link) this.link(local, value);
		else if (frame.op === OP.unlink) this.unlink(local, value);
		else if (frame.op === OP.monitor) this.monitor(local, value);
	}

	#takeEnd(frame: Frame, read: () => unknown): void {
		// The number is in the header too, where it can be read whatever the reason is made of.
		const handle = this.table.find(frame.from, frame.serial);
		if (!handle) return;
		const value = readSafely(read);
		if (value === undefined) handle.gone();
		else handle.ended(value instanceof Error ? value : (value as Ended).error);
	}

	#takeGone({ from: home }: Frame, read: () => unknown): void {
		const value = readSafely(read);
		const { first, error }: Partial<Gone> = value instanceof Error ? { error: value } : (value as Gone);
		this.#watchers.forget(home);
		for (const handle of this.table.ofHome(home)) {
			if (handle.card.serial === 1 && first) handle.ended(first.error);
			else if (error !== undefined) handle.ended(error);
			else handle.gone();
		}
	}

	#tellPastEnd({ serial, from }: Frame): void {
		const end = this.table.endOf(serial);
		if (end) this.#tellEnd(from, serial, end.error);
		else this.#exchange.send({ op: OP.ended, serial, to: from, from: this.identity.home }, this.packer.pack(undefined));
	}

	#tellEnd(watcher: number, serial: number, error: unknown): void {
		const value: Ended = { serial, error: this.portable(error) };
		this.#exchange.send({ op: OP.ended, serial, to: watcher, from: this.identity.home }, this.packer.pack(value));
	}

	#tell(card: ProcessCard, op: Op, value: unknown): void {
		this.#send(card, op, this.packer.pack(value));
	}

	#send({ tree, home, serial }: ProcessCard, op: Op, packed: ReturnType<Packer['pack']>): void {
		// Of another tree, or of a process of this thread that has ended: there is nobody to tell.
		if (tree !== this.identity.tree || home === this.identity.home) return;
		this.#exchange.send({ op, serial, to: home, from: this.identity.home }, packed);
	}

	/** The handle of a process that has ended, or that cannot be reached from this tree. */
	#pastProcess(card: ProcessCard): RemoteProcess {
		const handle = this.table.stray(card);
		const end = card.tree === this.identity.tree ? this.table.endOf(card.serial) : undefined;
		if (end) handle.ended(end.error);
		else handle.gone();
		return handle;
	}
}
