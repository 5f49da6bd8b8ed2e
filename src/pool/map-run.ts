import { AsyncResource } from 'node:async_hooks';

import { armGiveUp, type ChunkReply, RemoteFailure } from '../rpc/index.ts';
import { ChunkJob, type ChunkOwner } from './chunk-job.ts';
import { CHUNKS_PER_PLACE, chunkSizeFor, HELD_PER_PLACE } from './dispatch.ts';
import type { ItemSource } from './item-source.ts';
import type { MapOrder } from './map-order.ts';
import { MapProgressTeller } from './map-progress.ts';
import type { Mapper } from './mapper.ts';
import type { PoolCore, Run } from './pool-core.ts';
import type { MapOptions } from './pool-options.ts';
import { ReadAhead } from './read-ahead.ts';
import type { Sink } from './sink.ts';
import { chunkLimit } from './sizing.ts';

/**
 * One map under way: reads the input as far as workers and consumer keep up, sends it in chunks, and hands on the results.
 *
 * User code (the input, `onProgress`) runs in microtasks and in the context of whoever made the map, never where frames are read.
 */
export class MapRun implements ChunkOwner, Run {
	readonly core: PoolCore;
	readonly mapper: Mapper;
	readonly priority: number;
	readonly retry: number;
	readonly timeout: number | undefined;
	readonly isAuto: boolean;
	readonly keepsGoing: boolean;
	readonly isDriven: boolean;
	readonly #options: MapOptions;
	readonly #source: ItemSource;
	readonly #sink: Sink;
	readonly #teller: MapProgressTeller;
	readonly #context = new AsyncResource('coproc.map');
	readonly #jobs = new Set<ChunkJob>();
	/** Items of an async input that wait to be sent. */
	readonly #buffer = new ReadAhead();
	/** Items that were sent, and those whose results are with the consumer. */
	#sent = 0;
	#released = 0;
	#former = 0;
	#isReading = false;
	#isScheduled = false;
	#isOver = false;
	#failure: { readonly index: number; readonly error: unknown } | undefined;
	#disarm: () => void = () => {};

	constructor(core: PoolCore, { mapper, source, options }: MapOrder, sink: Sink) {
		this.core = core;
		this.mapper = mapper;
		this.#source = source;
		this.#options = options;
		this.#sink = sink;
		this.#teller = new MapProgressTeller(options.onProgress, source.total);
		this.isDriven = sink.isDriven;
		this.priority = options.priority ?? Number.POSITIVE_INFINITY;
		this.retry = options.retry ?? 0;
		this.timeout = options.timeout;
		this.isAuto = (options.chunkSize ?? 'auto') === 'auto';
		this.keepsGoing = options.settled ?? false;
	}

	/** Begins. */
	start(): void {
		const { signal } = this.#options;
		const ending = this.core.ending;
		if (ending) return this.poolEnded(ending.error);
		if (signal?.aborted) return this.#abandon(signal.reason);
		if (signal) this.#disarm = armGiveUp('map()', { signal }, (reason) => this.#abandon(reason));
		this.core.runs.add(this);
		this.#pump();
	}

	/** The consumer has taken results: more may be read. */
	release(items: number): void {
		this.#released += items;
		if (this.#jobs.size < this.#maxJobs) this.#schedule();
	}

	/** The consumer wants no more: cancels what runs. Resolves when the input is closed. */
	async stop(): Promise<void> {
		if (this.#isOver) return;
		this.#over();
		this.#cancel(-1, new DOMException('The consumer of the map is done with it', 'AbortError'));
		await this.#context.runInAsyncScope(() => this.#source.close());
	}

	poolEnded(error: unknown): void {
		this.#end({ index: 0, error });
		this.#closeSource();
	}

	onReply(job: ChunkJob, reply: ChunkReply): void {
		if (!this.#jobs.delete(job)) return;
		const { values, failures } = reply;
		const done = values.length;
		let failed = 0;
		for (let at = 0; at < done; at += 1) {
			const failure = failures[failed];
			if (failure?.[0] === at) {
				failed += 1;
				this.#fail(job.start + at, job.failureOf(failure[1]));
			} else this.#put(job.start + at, values[at]);
		}
		// Cut short: the rest goes to whoever has time.
		if (done < job.items.length && !(this.#failure && !this.#isWanted(job.start + done)))
			this.#resend(new ChunkJob(this, job.start + done, job.items.slice(done)));
		this.#schedule();
	}

	onFailed(job: ChunkJob, error: unknown): void {
		if (!this.#jobs.delete(job)) return;
		const count = this.keepsGoing ? job.items.length : 1;
		for (let at = 0; at < count; at += 1) this.#fail(job.start + at, error);
		this.#schedule();
	}

	onSplit(job: ChunkJob): void {
		if (!this.#jobs.delete(job)) return;
		job.items.forEach((item, at) => this.#resend(new ChunkJob(this, job.start + at, [item])));
	}

	#put(index: number, value: unknown): void {
		this.#teller.completed += 1;
		this.#sink.put(index, this.keepsGoing ? { index, status: 'fulfilled', value } : value);
	}

	#fail(index: number, error: unknown): void {
		if (this.keepsGoing) {
			this.#teller.completed += 1;
			this.#sink.put(index, { index, status: 'rejected', reason: RemoteFailure.withoutCaller(error) });
		} else this.#failAt(index, error);
	}

	/** Ends the map with an error, once the results before it are in, where those are wanted. */
	#failAt(index: number, error: unknown): void {
		if (this.#isOver || (this.#failure && !this.#isWanted(index))) return;
		this.#failure = { index, error };
		this.#cancel(this.#sink.isOrdered ? index : -1, new DOMException('Another item of the map has failed', 'AbortError'));
		queueMicrotask(() => this.#closeSource());
		this.#schedule();
	}

	/** False for an item behind a failure. */
	#isWanted(index: number): boolean {
		return !this.#failure || (this.#sink.isOrdered && index < this.#failure.index);
	}

	/** Gives the map up at once, for the caller or its own code wants that. */
	#abandon(error: unknown): void {
		this.#cancel(-1, error);
		this.#end({ index: 0, error });
		this.#closeSource();
	}

	/** Cancels the chunks after an item. */
	#cancel(after: number, reason: unknown): void {
		for (const job of this.#jobs) {
			if (job.start <= after) continue;
			this.#jobs.delete(job);
			job.giveUp(reason);
		}
	}

	/** An error of closing would hide why it is closed. */
	#closeSource(): void {
		this.#buffer.clear();
		this.#context.runInAsyncScope(() => this.#source.close()).catch(() => {});
	}

	#schedule(): void {
		if (this.#isScheduled || this.#isOver) return;
		this.#isScheduled = true;
		queueMicrotask(() => {
			this.#isScheduled = false;
			this.#tellProgress();
			this.#pump();
		});
	}

	#tellProgress(): void {
		try {
			if (!this.#isOver) this.#teller.tell(this.#context);
		} catch (error) {
			this.#abandon(error);
		}
	}

	/** Reads and sends as much as can be; ends the map when nothing is left. */
	#pump(): void {
		if (this.#isOver) return;
		if (!this.#failure) {
			if (this.#source.isAsync) this.#pumpAsync();
			else this.#pumpSync();
		}
		if (this.#jobs.size > 0 || this.#isOver || this.#isReading) return;
		if (this.#failure || (this.#source.isOver && this.#buffer.length === 0 && !this.#buffer.late)) this.#end(this.#failure);
	}

	#pumpSync(): void {
		const source = this.#source;
		while (!this.#isOver && !this.#failure && !source.isOver && this.#mayRead && this.#jobs.size < this.#maxJobs) {
			let items: unknown[];
			try {
				items = this.#context.runInAsyncScope(() => source.read(this.#nextSize()));
			} catch (error) {
				return this.#failAt(this.#sent, error);
			}
			if (items.length > 0 && !this.#isOver) this.#send(items);
		}
	}

	/** @param sendsFew to send a chunk although it could be larger */
	#pumpAsync(sendsFew = false): void {
		while (this.#buffer.length > 0 && this.#jobs.size < this.#maxJobs && !this.#failure) {
			const size = this.#nextSize();
			if (this.#buffer.length < size && this.#isReading && !sendsFew) return this.#buffer.sendSoon(() => this.#pumpAsync(true));
			this.#send(this.#buffer.take(size));
		}
		if (this.#buffer.late && this.#buffer.length === 0) this.#failAt(this.#sent, this.#buffer.late.error);
		else if (!this.#isReading && !this.#source.isOver && this.#mayRead && !this.#isOver) void this.#readOn();
	}

	/** Reads an async input for as long as there is room. */
	async #readOn(): Promise<void> {
		this.#isReading = true;
		try {
			while (!this.#isOver && !this.#failure && this.#mayRead) {
				const next = await this.#context.runInAsyncScope(() => this.#source.readNext());
				if (!next || this.#isOver || this.#failure) break;
				this.#buffer.push(next.value);
				if (this.#jobs.size < this.#maxJobs) this.#pumpAsync();
			}
		} catch (error) {
			if (this.#sink.isOrdered) this.#buffer.late = { error };
			else this.#failAt(this.#sent + this.#buffer.length, error);
		}
		this.#isReading = false;
		this.#schedule();
	}

	#send(items: readonly unknown[]): void {
		const job = new ChunkJob(this, this.#sent, items);
		this.#sent += items.length;
		this.#former = Math.max(items.length, this.isAuto ? 1 : this.#former);
		this.#jobs.add(job);
		try {
			this.core.submit(job);
		} catch (error) {
			this.#abandon(error);
		}
	}

	#resend(job: ChunkJob): void {
		this.#jobs.add(job);
		job.slip.queuedAt = performance.now();
		this.core.resubmit(job);
	}

	#nextSize(): number {
		if (this.timeout !== undefined) return 1;
		const { pace } = this.mapper;
		const { total } = this.#source;
		return chunkSizeFor({
			chunkSize: this.#options.chunkSize ?? 'auto',
			msPerItem: pace.isKnown ? pace.ms : undefined,
			former: this.#former,
			remaining: total === undefined ? undefined : total - this.#sent,
			places: this.core.places,
			limit: chunkLimit(this.core.plan.worker.recycle),
		});
	}

	get #maxJobs(): number {
		return this.core.places * CHUNKS_PER_PLACE;
	}

	/** True while the consumer is not too far behind. */
	get #mayRead(): boolean {
		const held = this.#sent + this.#buffer.length - this.#released;
		return held < this.core.places * HELD_PER_PLACE * Math.max(1, this.#former);
	}

	#end(failure: { readonly index: number; readonly error: unknown } | undefined): void {
		if (this.#isOver) return;
		this.#over();
		this.#sink.end(failure);
	}

	#over(): void {
		this.#isOver = true;
		this.core.runs.delete(this);
		this.core.runEnded();
		this.#disarm();
		this.#buffer.clear();
		this.#context.emitDestroy();
	}
}
