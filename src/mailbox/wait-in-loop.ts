import type { WaitOptions } from '../internal/wait.ts';
import type { LoopWait, Post } from './post.ts';
import type { TagKey, TagWait, WaitOutcome } from './store/index.ts';

/** Longest delay of a Node timer, in milliseconds; a longer one would fire at once. */
const MAX_TIMER = 2 ** 31 - 1;

/**
 * Waits in the event loop for a message on one of these tags, or for room on one; undefined when the time is up. Rejects with
 * `signal.reason`. Which came first decides: a message that was taken is never given up.
 */
export function waitInLoop(
	post: Post,
	what: TagWait['for'],
	keys: readonly TagKey[],
	options: WaitOptions,
): Promise<WaitOutcome | undefined> {
	if (options.signal?.aborted) return Promise.reject(options.signal.reason as Error);
	return new Promise((resolve, reject) => new PromisedWait(post, { what, keys }, resolve, reject).begin(options));
}

/** A wait that settles a promise. */
class PromisedWait implements LoopWait {
	readonly for: TagWait['for'];
	readonly keys: readonly TagKey[];
	readonly keepsAlive = true;
	generation: number | undefined = undefined;
	outcome: WaitOutcome | undefined = undefined;
	readonly #post: Post;
	readonly #resolve: (outcome: WaitOutcome | undefined) => void;
	readonly #reject: (reason: unknown) => void;
	#timer: NodeJS.Timeout | undefined;
	#signal: AbortSignal | undefined;

	constructor(
		post: Post,
		{ what, keys }: { readonly what: TagWait['for']; readonly keys: readonly TagKey[] },
		resolve: (outcome: WaitOutcome | undefined) => void,
		reject: (reason: unknown) => void,
	) {
		this.for = what;
		this.keys = keys;
		this.#post = post;
		this.#resolve = resolve;
		this.#reject = reject;
	}

	begin({ timeout, signal }: WaitOptions): void {
		if (timeout === 0) return this.#onTimeout();
		this.#post.start(this);
		if (this.outcome) return;
		if (timeout !== undefined && timeout <= MAX_TIMER) this.#timer = setTimeout(() => this.#onTimeout(), timeout);
		this.#signal = signal;
		signal?.addEventListener('abort', this.#onAbort, { once: true });
	}

	onOver(): void {
		this.#tidy();
		this.#resolve(this.outcome);
	}

	#onTimeout(): void {
		this.#tidy();
		this.#post.giveUp(this, true, () => this.onOver());
	}

	readonly #onAbort = (): void => {
		const reason: unknown = this.#signal?.reason;
		this.#tidy();
		this.#post.giveUp(this, false, () => (this.outcome ? this.onOver() : this.#reject(reason)));
	};

	#tidy(): void {
		if (this.#timer) clearTimeout(this.#timer);
		this.#signal?.removeEventListener('abort', this.#onAbort);
	}
}
