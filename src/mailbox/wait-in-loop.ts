import type { WaitOptions } from '../internal/wait.ts';
import type { LoopWait, Post } from './post.ts';
import { newWait, type TagKey, type TagWait, type WaitOutcome } from './store/index.ts';

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
	{ timeout, signal }: WaitOptions,
): Promise<WaitOutcome | undefined> {
	if (signal?.aborted) return Promise.reject(signal.reason as Error);
	return new Promise((resolve, reject) => {
		let timer: NodeJS.Timeout | undefined;
		const tidy = (): void => {
			clearTimeout(timer);
			signal?.removeEventListener('abort', onAbort);
		};
		const wait: LoopWait = {
			...newWait(what, keys),
			onOver: () => {
				tidy();
				resolve(wait.outcome);
			},
		};
		const onAbort = (): void => {
			tidy();
			post.giveUp(wait);
			reject(signal?.reason as Error);
		};
		const onTimeout = (): void => {
			tidy();
			post.giveUp(wait);
			// It may have come while the event loop was busy.
			post.look(wait);
			resolve(wait.outcome);
		};
		if (timeout === 0) return onTimeout();
		post.start(wait);
		if (wait.outcome) return;
		if (timeout !== undefined && timeout <= MAX_TIMER) timer = setTimeout(onTimeout, timeout);
		signal?.addEventListener('abort', onAbort, { once: true });
	});
}
