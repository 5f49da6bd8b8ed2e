import { PriorityQueue } from '../messenger/index.ts';
import type { Job } from './job.ts';

/** Jobs that were given up are swept out when there are more of them than this, and more than live ones. */
const SWEEP_AT = 256;

/**
 * Jobs that wait for a worker: by priority, then in the order they came; those that come back from a worker go before those
 * that never had one.
 */
export class JobQueue {
	#returned = new PriorityQueue<Job>();
	#fresh = new PriorityQueue<Job>();
	#size = 0;
	#counted = 0;

	/** Jobs that wait. */
	get size(): number {
		return this.#size;
	}

	/** Of these, those that count against `maxQueue`. */
	get counted(): number {
		return this.#counted;
	}

	/** Puts a job at its place. @param isReturned true when a worker had it */
	push(job: Job, isReturned = false): void {
		job.slip.state = 'queued';
		this.#count(job, 1);
		(isReturned ? this.#returned : this.#fresh).push(job);
	}

	/** The job that is next. */
	peek(): Job | undefined {
		return this.#first()?.peek();
	}

	/** Takes out the job that is next. */
	shift(): Job | undefined {
		const job = this.#first()?.shift();
		if (job) this.#count(job, -1);
		return job;
	}

	/** Takes out a job that was given up. */
	remove(job: Job): void {
		job.slip.state = 'over';
		this.#count(job, -1);
		const stale = this.#returned.size + this.#fresh.size - this.#size;
		if (stale < SWEEP_AT || stale < this.#size) return;
		this.#returned = swept(this.#returned);
		this.#fresh = swept(this.#fresh);
	}

	/** Takes out all. */
	clear(): Job[] {
		const all: Job[] = [];
		for (let job = this.shift(); job; job = this.shift()) all.push(job);
		return all;
	}

	#first(): PriorityQueue<Job> | undefined {
		const returned = skipOver(this.#returned);
		const fresh = skipOver(this.#fresh);
		if (!returned || !fresh) return returned ? this.#returned : fresh ? this.#fresh : undefined;
		return fresh.priority < returned.priority ? this.#fresh : this.#returned;
	}

	#count(job: Job, change: 1 | -1): void {
		this.#size += change;
		if (job.isCounted) this.#counted += change;
	}
}

/** Drops what was given up from the front, and shows what is there then. */
function skipOver(queue: PriorityQueue<Job>): Job | undefined {
	let job = queue.peek();
	while (job && job.slip.state !== 'queued') {
		queue.shift();
		job = queue.peek();
	}
	return job;
}

function swept(queue: PriorityQueue<Job>): PriorityQueue<Job> {
	const kept = new PriorityQueue<Job>();
	for (let job = queue.shift(); job; job = queue.shift()) if (job.slip.state === 'queued') kept.push(job);
	return kept;
}
