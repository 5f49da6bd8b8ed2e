import { channel } from 'node:diagnostics_channel';

import { Exit, InvalidArgumentError } from '../errors/index.ts';
import { checkWaitOptions, type WaitOptions } from '../internal/wait.ts';
import { EntryQueue } from './entry-queue.ts';
import { reasonOf } from './exit-reason.ts';
import { type Handler, Handlers } from './handlers.ts';
import { isThenable, type LocalProcessOptions, type Phase } from './local-phase.ts';
import { type Entry, judge, messageOf, reasonIn, Signal, toEntry, type Verdict } from './mailbox-entry.ts';
import { messageMatcher, type MessageMatcher } from './match.ts';
import { ObservedProcess, type Observer, warnOfUntoldEnd } from './observed-process.ts';
import type { MatchedMessage, Pattern } from './pattern.ts';
import type { Process, ProcessCard, ProcessTarget, SpawnOptions } from './process.ts';
import { runQueue } from './run-queue.ts';
import type { Surroundings } from './surroundings.ts';
import { Takers } from './takers.ts';

/** What messages that no handler takes are published to, under `unhandled: 'dead-letter'`: `{ process, message }`. */
const deadLetters = channel('coproc:dead-letter');

/** Messages that a process handles before others have their turn. */
const PORTION = 64;

/** A process that lives in this thread. */
export class LocalProcess extends ObservedProcess implements Observer {
	override readonly card: ProcessCard;
	readonly #surroundings: Surroundings;
	readonly #unhandled: 'exit' | 'dead-letter';
	readonly #ignoresNormalExits: boolean;
	readonly #isMain: boolean;
	readonly #mailbox = new EntryQueue<Entry>();
	readonly #handlers = new Handlers();
	readonly #takers = new Takers();
	readonly #partners = new Set<ObservedProcess>();
	readonly #monitored = new Set<ObservedProcess>();
	#phase: Phase;
	#isQueued = false;
	/** The exit that ended a wait in `next()`: a handler that lets it through has not failed. */
	#interruption: Exit | undefined;

	constructor({ card, surroundings, unhandled, ignoresNormalExits, target }: LocalProcessOptions) {
		super();
		this.card = card;
		this.#surroundings = surroundings;
		this.#unhandled = unhandled;
		this.#ignoresNormalExits = ignoresNormalExits;
		this.#isMain = target === undefined;
		this.#phase = target ? { type: 'new', target } : { type: 'target' };
		if (target) this.#schedule();
	}

	override get name(): string {
		return this.card.name;
	}

	override get kind(): ProcessCard['kind'] {
		return this.card.kind;
	}

	override get pid(): number {
		return process.pid;
	}

	override send(...message: unknown[]): boolean {
		return this.post(toEntry(message));
	}

	override terminate(error?: unknown): boolean {
		return this.post(new Signal('terminate', new Exit(error)));
	}

	override receive<const P extends Pattern>(pattern: P, handler: (...message: MatchedMessage<P>) => unknown): this {
		if (typeof handler !== 'function')
			throw new InvalidArgumentError(`receive() of process "${this.name}" was refused: its handler is no function`);
		this.#handlers.add(pattern, handler as Handler);
		if (this.#isMain && this.#phase.type === 'target') {
			this.#phase = { type: 'ready' };
			this.#schedule();
		}
		return this;
	}

	override async next<const P extends Pattern>(pattern: P, options?: WaitOptions): Promise<MatchedMessage<P>> {
		checkWaitOptions('next', options);
		const message = await this.take(messageMatcher(pattern), options);
		await runQueue.breathe();
		return message as MatchedMessage<P>;
	}

	/** As {@link next}, with a matcher. */
	take(matches: MessageMatcher, options?: WaitOptions): Promise<readonly unknown[]> {
		if (options?.signal?.aborted) return Promise.reject(options.signal.reason as Error);
		if (this.#phase.type === 'ended') return Promise.reject(new Exit(this.error));
		// What came after the request to end is not taken: the process would never have seen it.
		const found = this.#mailbox.take(
			(each) => this.#isTakeable(each) && matches(messageOf(each)),
			(each) => this.#interrupts(each),
		);
		if (found && 'taken' in found) {
			if (found.taken instanceof Signal) this.#isStale(found.taken);
			return Promise.resolve(messageOf(found.taken));
		}
		if (found) return Promise.reject(this.#interruptBy(found.barrier as Signal));
		return this.#takers.wait(`next() of process "${this.name}"`, matches, options);
	}

	override link(other: Process): void {
		this.#surroundings.link(this, other);
	}

	override unlink(other: Process): void {
		this.#surroundings.unlink(this, other);
	}

	override monitor(other: Process): void {
		this.#surroundings.monitor(this, other);
	}

	override spawn<A extends readonly unknown[]>(target: ProcessTarget<A>, options?: SpawnOptions<A>): Process {
		return this.#surroundings.spawn(target as ProcessTarget, options, undefined);
	}

	override spawnLink<A extends readonly unknown[]>(target: ProcessTarget<A>, options?: SpawnOptions<A>): Process {
		return this.#surroundings.spawn(target as ProcessTarget, options, this);
	}

	/** Takes note of a link, on this process's side. */
	linkTo(other: ObservedProcess): void {
		if (this.#phase.type === 'ended' || this.#partners.has(other)) return;
		this.#partners.add(other);
		other.addLink(this);
	}

	/** Forgets a link, on this process's side, and an end of that process that was not handled yet. */
	unlinkFrom(other: ObservedProcess): void {
		if (!this.#partners.delete(other)) return;
		other.removeLink(this);
	}

	/** Monitors a process, from this process's side. */
	watch(other: ObservedProcess): void {
		if (this.#phase.type === 'ended' || this.#monitored.has(other)) return;
		this.#monitored.add(other);
		other.addMonitor(this);
	}

	signal(signal: Signal): void {
		this.post(signal);
	}

	/** Puts an entry into the mailbox, or gives it to who waits for it. False when the process has ended. */
	post(entry: Entry): boolean {
		if (this.#phase.type === 'ended') return false;
		if (!this.#takers.isEmpty && this.#isTakeable(entry) && this.#takers.give(messageOf(entry))) {
			if (entry instanceof Signal) this.#isStale(entry);
			return true;
		}
		if (entry instanceof Signal && this.#isMain && this.#phase.type === 'target' && this.#interrupts(entry)) {
			this.end(reasonIn(this, entry));
			return true;
		}
		this.#mailbox.push(entry);
		if (this.#phase.type === 'ready') this.#schedule();
		if (!this.#takers.isEmpty && this.#interrupts(entry)) this.#takers.reject(this.#interruptBy(entry as Signal));
		return true;
	}

	/** Ends the process at once, whatever it is doing, and tells everyone. Only the first call counts. */
	end(error: unknown): void {
		if (this.#phase.type === 'ended') return;
		this.#phase = { type: 'ended' };
		this.#mailbox.clear();
		this.#handlers.clear();
		if (!this.#takers.isEmpty) this.#takers.reject(new Exit(error));
		for (const partner of this.#partners) partner.removeLink(this);
		for (const other of this.#monitored) other.removeObserver(this);
		this.#partners.clear();
		this.#monitored.clear();
		const wasToldHere = this.tellEnd(error);
		const wasToldElsewhere = this.#surroundings.ended(this, error);
		if (!wasToldHere && !wasToldElsewhere) warnOfUntoldEnd(this, error);
	}

	/** Handles a portion of the mailbox. */
	run(): boolean {
		if (this.#phase.type === 'new') this.#start(this.#phase.target);
		for (let left = PORTION; left > 0 && this.#phase.type === 'ready'; left -= 1) {
			const entry = this.#mailbox.shift();
			if (!entry) break;
			this.#take(entry);
		}
		this.#isQueued = this.#phase.type === 'ready' && this.#mailbox.size > 0;
		return this.#isQueued;
	}

	#schedule(): void {
		if (this.#isQueued) return;
		this.#isQueued = true;
		runQueue.push(this);
	}

	#start(target: (process: Process) => unknown): void {
		this.#phase = { type: 'target' };
		this.#call(() => target(this), undefined);
	}

	#take(entry: Entry): void {
		if (entry instanceof Signal && this.#isStale(entry)) return;
		const message = messageOf(entry);
		const handle = this.#handlers.find(message);
		switch (this.#judge(entry, handle !== undefined)) {
			case 'handle':
				return this.#call(() => handle?.(...message), undefined);
			case 'handleThenEnd':
				return this.#call(() => handle?.(...message), (entry as Signal).exit);
			case 'deadLetter':
				return deadLetters.publish({ process: this, message });
			case 'end':
				return this.#endBy(entry);
			default:
		}
	}

	/** Ends for an entry that no handler takes. What ends the process because of a link is an exit like any other to its handlers. */
	#endBy(entry: Entry): void {
		const reason = reasonIn(this, entry);
		const isExit = entry instanceof Signal && entry.type === 'linked';
		const exit = isExit ? new Exit(reason) : undefined;
		const handle = exit && this.#handlers.find([exit]);
		if (exit && handle) this.#call(() => handle(exit), exit);
		else this.end(reason);
	}

	/** Runs a target or a handler; the next message waits for it. The process ends after it by `exit`. */
	#call(code: () => unknown, exit: Exit | undefined): void {
		let result: unknown;
		try {
			result = code();
		} catch (error) {
			return this.#failed(error, exit);
		}
		if (!isThenable(result)) return this.#finished(exit);
		if (this.#phase.type === 'ready') this.#phase = { type: 'handling', exit };
		result.then(
			() => this.#finished(exit),
			(error: unknown) => this.#failed(error, exit),
		);
	}

	#finished(exit: Exit | undefined): void {
		if (this.#phase.type === 'ended') return;
		if (exit) return this.end(exit.error);
		const wasWaiting = this.#phase.type !== 'ready';
		this.#phase = { type: 'ready' };
		if (wasWaiting && this.#mailbox.size > 0) this.#schedule();
	}

	#failed(error: unknown, exit: Exit | undefined): void {
		if (this.#phase.type === 'ended') return;
		// What came before the exit that ended a wait is handled before that exit.
		if (this.#interruption && error === this.#interruption && this.#phase.type !== 'target') return this.#finished(exit);
		this.end(reasonOf(error));
	}

	#judge(entry: Entry, isHandled: boolean): Verdict {
		return judge(entry, { isHandled, unhandled: this.#unhandled, ignoresNormalExits: this.#ignoresNormalExits });
	}

	/** True for an end that was taken back by `unlink()`, and for an end that is told for the second time. */
	#isStale({ type, from }: Signal): boolean {
		if (from === undefined) return false;
		const set = type === 'linked' ? this.#partners : this.#monitored;
		return !set.delete(from as ObservedProcess);
	}

	/** What `next()` may take: it cannot veto a request to end, nor is an end told that `unlink()` took back. */
	#isTakeable(entry: Entry): boolean {
		if (!(entry instanceof Signal)) return true;
		const { type, from } = entry;
		if (type === 'linked') return this.#partners.has(from as ObservedProcess);
		return type === 'monitored' && this.#monitored.has(from as ObservedProcess);
	}

	/** True for what ends the process when its turn comes: then nothing is left to wait for. */
	#interrupts(entry: Entry): boolean {
		if (!(entry instanceof Signal) || entry.type === 'unreadable') return false;
		if (entry.type === 'terminate') return true;
		if (entry.type === 'linked' && !this.#partners.has(entry.from as ObservedProcess)) return false;
		return this.#judge(entry, this.#handlers.find(entry.message) !== undefined) === 'end';
	}

	#interruptBy(signal: Signal): Exit {
		this.#interruption = signal.type === 'terminate' ? signal.exit : new Exit(reasonIn(this, signal));
		return this.#interruption;
	}
}
