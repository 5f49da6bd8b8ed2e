import { availableParallelism } from 'node:os';

import { type ExitInfo, WorkerExitedError, WorkerStartError } from '../errors/index.ts';
import { ownModule } from '../internal/own-module.ts';
import { registerHostExtension, type WorkerContact } from '../messenger/index.ts';
import { WorkerResource } from '../resource/index.ts';
import { DirectLink } from './direct-link.ts';
import { type Exchange, type Frame, readSafely } from './exchange.ts';
import { Home, type RootServices } from './home.ts';
import { NameTable } from './name-table.ts';
import type { ObservedProcess } from './observed-process.ts';
import type { Packed } from './packer.ts';
import type { Process, ProcessTarget } from './process.ts';
import type { RemoteProcess } from './remote-process.ts';
import { Routes } from './routes.ts';
import type { ResolvedSpawnOptions } from './spawn-options.ts';
import type { SpawnOrder } from './spawn-order.ts';
import { HOMES_EACH, spawnElsewhere } from './spawn-elsewhere.ts';
import { StartGate } from './start-gate.ts';
import { listen, type RawFrame } from './tree-link.ts';
import { type Gone, type Hello, type Leaving, OP, type Question } from './wire.ts';

/** Name of the start-up extension by which workers join the tree. */
export const EXTENSION = 'process';

/**
 * Workers that may be starting at once, for each processor. A hundred threads at once on two processors take 26 s, of which each may
 * have 30; by six, 5 s.
 */
const STARTS_EACH = 3;

/** What a worker is handed when it starts: which home of which tree it is; null in a worker of a thread that is no root. */
export type Invitation = { readonly tree: string; readonly home: number; readonly seq: number } | null;

/** The thread that a tree of workers begins with: it forks all of them, passes on what they tell each other, and knows names. */
export class Root implements RootServices {
	readonly home: Home;
	readonly #routes: Routes;
	readonly #names = new NameTable();
	readonly #tree: string;
	readonly #gate = new StartGate(STARTS_EACH * availableParallelism());
	#seqs = 0;
	#direct: DirectLink | undefined;

	constructor(tree: string) {
		this.#tree = tree;
		const exchange: Exchange = { send: (frame, packed) => this.#send(frame, packed) };
		this.home = new Home({ tree, home: 0, seq: 0 }, exchange, this);
		this.#routes = new Routes((gone) => this.#tellGone(gone));
		DirectLink.prepare();
		registerHostExtension({ name: EXTENSION, offer: (worker) => ({ value: this.#invite(worker) }) });
	}

	spawn(home: Home, target: ProcessTarget, options: ResolvedSpawnOptions): RemoteProcess {
		return spawnElsewhere(home, target, options, (order) => this.#fork(order));
	}

	register(process: ObservedProcess): void {
		this.#names.add(process);
	}

	async whereis(name: string): Promise<Process | undefined> {
		const known = this.#names.find(name);
		if (known) return known;
		// Whoever was told of a name directly must find it: what names it is on its way here, and is read within a turn.
		for (let turns = 0; turns < 2; turns += 1) await new Promise(setImmediate);
		return this.#names.find(name);
	}

	kill(process: ObservedProcess): void {
		this.#routes.end(process.card.home);
	}

	take(frame: Frame, read: () => unknown): void {
		const value = readSafely(read);
		switch (frame.op) {
			case OP.register:
				return this.register(this.home.resolve(value as Process));
			case OP.kill:
				return this.kill(this.home.resolve(value as Process));
			case OP.leaving:
				return this.#noteLeaving(
					frame.from,
					value instanceof Error ? { since: Number.POSITIVE_INFINITY, failures: [] } : (value as Leaving),
				);
			case OP.whereis: {
				const { id, name } = value as Question;
				return void this.whereis(name).then((process) => this.home.sendTo(frame.from, OP.found, { id, process }));
			}
			default:
		}
	}

	/** Starts a worker for a process. Frames for it wait until it has said hello. */
	#fork(order: SpawnOrder): void {
		// Before anybody can know the worker.
		this.#direct ??= DirectLink.here();
		this.#direct?.open(order.home);
		const ending = new AbortController();
		this.#routes.open(order.home, order.name, () => ending.abort('it was ended while it started'));
		void this.#start(order, ending.signal);
	}

	async #start(order: SpawnOrder, signal: AbortSignal): Promise<void> {
		const { home, requester, kind, name } = order;
		let resource: WorkerResource;
		try {
			resource = await this.#gate.run(() => startWorker(order, signal), signal);
		} catch (error) {
			const reason = error instanceof WorkerStartError ? error : new WorkerStartError(name, String(error), { cause: error });
			return this.#close(home, reason);
		}
		const started = { home, pid: kind === 'process' ? resource.pid : process.pid };
		if (requester === 0) this.home.table.find(home, 1)?.started(started.pid);
		else this.home.sendTo(requester, OP.started, started);
		// Also of one that died before it said hello.
		this.#close(home, exitReason(name, await resource.exited));
		// How it ended is told to everyone as the reason of an exit.
		await resource[Symbol.asyncDispose]().catch(() => {});
	}

	/** Lets a worker of this thread join the tree. */
	#invite({ name, link, ended }: WorkerContact): Invitation {
		const seq = (this.#seqs += 1);
		let home: number | undefined;
		/** The last home that it has ordered. */
		let ordered = seq * HOMES_EACH;
		listen(link, (frame, read, raw) => {
			if (frame.op === OP.spawn) ordered = this.#carryOut(read() as SpawnOrder);
			else if (frame.op === OP.hello) {
				home = frame.from;
				this.#routes.join(home, name, link);
				if (!(read() as Hello).listens) this.#listenFor(home);
			} else this.#pass(frame, read, raw);
		});
		void ended.then((info) => {
			if (home === undefined) return;
			const reason = exitReason(name, info as ExitInfo);
			this.#close(home, reason);
			this.#closeExpected(ordered, reason);
		});
		return { tree: this.#tree, home: seq * HOMES_EACH, seq };
	}

	#pass(frame: Frame, read: () => unknown, raw: RawFrame): void {
		if (frame.op === OP.ended && frame.serial === 1) this.#routes.noteFirst(frame.from, read);
		if (frame.to === 0) this.home.take(frame, read);
		else if (!this.#routes.passOn(frame, raw)) this.#answer(frame);
	}

	#noteLeaving(home: number, leaving: Leaving): void {
		this.#routes.noteLeaving(home, leaving, this.home.packer.pack(undefined));
		this.#closeInbox(home);
	}

	#send(frame: Frame, packed: Packed): void {
		if (this.#routes.send(frame, packed)) return;
		// Not within the call that sent it: whoever sends must be done before it is told anything.
		queueMicrotask(() => this.#answer(frame));
	}

	/** Carries out the order of a worker. Returns the number of the new home. */
	#carryOut(order: SpawnOrder): number {
		this.#fork(order);
		return order.home;
	}

	/** Takes the frames of a worker that cannot reach its inbox, and passes them on. */
	#listenFor(home: number): void {
		this.#direct?.listen(home, (frame, _read, packed) => {
			if (!this.#routes.send(frame, packed)) this.#answer(frame);
		});
	}

	/** A worker is gone: tells everyone, and answers what was on its way to it. */
	#close(home: number, reason: unknown): void {
		this.#routes.close(home, reason);
		this.#closeInbox(home);
	}

	#closeInbox(home: number): void {
		this.#direct?.close(home, (frame) => this.#answer(frame));
	}

	/** A worker may have died between it made the inbox of a new one, told others of that, and ordered it. */
	#closeExpected(ordered: number, reason: unknown): void {
		for (let home = ordered + 1; this.#direct?.has(home); home += 1) {
			this.#routes.open(home, '', () => {});
			this.#close(home, reason);
		}
	}

	/** Answers a frame for a process whose worker is gone. */
	#answer({ to, from, serial }: Frame): void {
		const answer = this.#routes.answer(to, serial);
		const op = 'ended' in answer ? OP.ended : OP.gone;
		const value = 'ended' in answer ? answer.ended : this.#portable(answer.gone);
		const frame: Frame = { op, serial, to: from, from: to };
		if (from === 0) this.home.take(frame, () => value);
		else this.#routes.send(frame, this.home.packer.pack(value));
	}

	#tellGone(gone: Gone): void {
		this.home.take({ op: OP.gone, serial: 0, to: 0, from: gone.home }, () => gone);
		const packed = this.home.packer.pack(this.#portable(gone));
		for (const to of this.#routes.homes()) this.#routes.send({ op: OP.gone, serial: 0, to, from: gone.home }, packed);
	}

	#portable(gone: Gone): Gone {
		const { first, error } = gone;
		return { ...gone, first: first && { error: this.home.portable(first.error) }, error: this.home.portable(error) };
	}
}

/** Starts the worker of a process; an abort ends it, whenever it comes. */
async function startWorker(order: SpawnOrder, signal: AbortSignal): Promise<WorkerResource> {
	const { kind: backend, name } = order;
	const program = new URL(ownModule('#process-worker'));
	return WorkerResource.start(program, { backend, name, export: 'runProcesses', signal }, order);
}

/** Why the processes ended that lived in a worker. */
function exitReason(name: string, info: ExitInfo): unknown {
	return info.error ?? new WorkerExitedError(name, info);
}
