/*
 * Runs threads that are generators through every order of their steps that has at most so many preemptions. A preemption is a
 * switch away from a thread that could have gone on; most concurrency bugs need one or two (Musuvathi and Qadeer, CHESS).
 *
 * Generators cannot be copied, so every schedule starts anew and repeats the choices of the one before up to the last that
 * still has an alternative.
 */

/** Where a thread stopped: a name says what it will do next, a function says when it can go on. */
export type Point = string | (() => boolean);
export type Steps<T = void> = Generator<Point, T, void>;

/** One run of a scenario. Everything in it is new. */
export interface Run {
	readonly threads: readonly { readonly name: string; readonly steps: Steps }[];
	/** Told before each step what the thread stopped for. */
	allow(point: Point): void;
	/** True when the thread was killed: it never goes on. */
	isDead(thread: number): boolean;
	/** Checks the end state; throws when it is wrong. */
	finish(): void;
}

export interface Exploration {
	schedules: number;
	steps: number;
	/** What went wrong in the last schedule, and the order of steps that led there. */
	failure?: { readonly error: Error; readonly trace: string };
}

interface Choice {
	readonly options: readonly number[];
	taken: number;
}

/** More steps than any schedule of ours can have: a thread that goes round in circles. */
const MAX_STEPS = 20_000;

/** Stops at the first failure, or after `maxSchedules`. */
export function explore(start: () => Run, maxPreemptions: number, maxSchedules: number = Number.POSITIVE_INFINITY): Exploration {
	const choices: Choice[] = [];
	const result: Exploration = { schedules: 0, steps: 0 };
	do {
		result.schedules += 1;
		const schedule = new Schedule(start(), choices, maxPreemptions);
		try {
			schedule.run();
		} catch (error) {
			result.failure = { error: error as Error, trace: schedule.trace() };
			return result;
		} finally {
			result.steps += schedule.order.length;
		}
	} while (nextChoice(choices) && result.schedules < maxSchedules);
	return result;
}

/** Moves on to the last choice with an alternative; false when all have been taken. */
function nextChoice(choices: Choice[]): boolean {
	for (;;) {
		const last = choices.at(-1);
		if (!last) return false;
		last.taken += 1;
		if (last.taken < last.options.length) return true;
		choices.pop();
	}
}

class Schedule {
	readonly order: number[] = [];
	readonly #run: Run;
	readonly #choices: Choice[];
	readonly #maxPreemptions: number;
	readonly #points: (Point | undefined)[];
	#depth = 0;
	#preemptions = 0;
	#current = -1;

	constructor(run: Run, choices: Choice[], maxPreemptions: number) {
		this.#run = run;
		this.#choices = choices;
		this.#maxPreemptions = maxPreemptions;
		this.#points = run.threads.map(() => () => true);
	}

	run(): void {
		const run = this.#run;
		// Up to its first access a thread touches nothing of the others.
		for (let thread = 0; thread < run.threads.length; thread += 1) this.#step(thread);
		for (;;) {
			const enabled: number[] = [];
			for (let thread = 0; thread < run.threads.length; thread += 1) if (this.#canStep(thread)) enabled.push(thread);
			if (enabled.length === 0) break;
			this.#current = this.#choose(enabled);
			this.order.push(this.#current);
			if (this.order.length > MAX_STEPS) throw new Error('endless: a thread goes round in circles');
			this.#step(this.#current);
		}
		const stuck = run.threads.filter((_thread, index) => this.#points[index] !== undefined && !run.isDead(index));
		if (stuck.length > 0) throw new Error(`deadlock: ${stuck.map((thread) => thread.name).join(' and ')} cannot go on`);
		run.finish();
	}

	/** The order of steps, with equal neighbours counted. */
	trace(): string {
		const parts: string[] = [];
		for (let at = 0, next: number; at < this.order.length; at = next) {
			next = at + 1;
			while (this.order[next] === this.order[at]) next += 1;
			parts.push(`${this.#run.threads[this.order[at] as number]?.name} ${next - at}`);
		}
		return parts.join(', ');
	}

	#canStep(thread: number): boolean {
		const point = this.#points[thread];
		if (point === undefined || this.#run.isDead(thread)) return false;
		return typeof point === 'string' || point();
	}

	#choose(enabled: readonly number[]): number {
		const canStay = enabled.includes(this.#current);
		const options = canStay && this.#preemptions === this.#maxPreemptions ? [this.#current] : enabled;
		if (options.length === 1) return options[0] as number;
		let choice = this.#choices[this.#depth];
		if (!choice) {
			// Staying comes first, so that a failure is found with few preemptions before many.
			const others = options.filter((thread) => thread !== this.#current);
			choice = { options: canStay ? [this.#current, ...others] : others, taken: 0 };
			this.#choices.push(choice);
		}
		this.#depth += 1;
		const chosen = choice.options[choice.taken] as number;
		if (canStay && chosen !== this.#current) this.#preemptions += 1;
		return chosen;
	}

	#step(thread: number): void {
		this.#run.allow(this.#points[thread] as Point);
		const { done, value } = (this.#run.threads[thread] as Run['threads'][number]).steps.next();
		this.#points[thread] = done ? undefined : value;
	}
}
