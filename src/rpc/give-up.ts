import { TimeoutError } from '../errors/index.ts';
import type { WaitOptions } from '../internal/wait.ts';

/** Longest delay of a Node timer, in milliseconds; a longer one would fire at once. */
const MAX_TIMER = 2 ** 31 - 1;

/** What is called when a signal aborts: one listener for all, for removing one of many listeners takes a walk over all. */
const groups = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `giveUp` when the timeout has passed or the signal aborts, unless the function that it returns is called before. A signal
 * that has aborted since {@link givenUpBefore} looked, in a getter of an argument for one, counts as well.
 */
export function armGiveUp(what: string, { timeout, signal }: WaitOptions, giveUp: (reason: unknown) => void): () => void {
	const onTimeout = (): void => giveUp(new TimeoutError({ what, timeout: timeout as number }));
	const timer = timeout === undefined || timeout > MAX_TIMER ? undefined : setTimeout(onTimeout, timeout);
	const removeListener = signal && onAbort(signal, () => giveUp(signal.reason));
	return () => {
		clearTimeout(timer);
		removeListener?.();
	};
}

/** Why a call is given up before it was made; undefined if it is not. */
export function givenUpBefore(what: string, { timeout, signal }: WaitOptions): { readonly reason: unknown } | undefined {
	if (signal?.aborted) return { reason: signal.reason };
	return timeout !== undefined && timeout <= 0 ? { reason: new TimeoutError({ what, timeout }) } : undefined;
}

function onAbort(signal: AbortSignal, listener: () => void): () => void {
	const group = groups.get(signal) ?? openGroup(signal);
	group.add(listener);
	// It will not fire any more.
	if (signal.aborted) queueMicrotask(() => group.delete(listener) && listener());
	return () => {
		group.delete(listener);
		if (group.size > 0 || groups.get(signal) !== group) return;
		groups.delete(signal);
		signal.removeEventListener('abort', runGroup);
	};
}

function openGroup(signal: AbortSignal): Set<() => void> {
	const group = new Set<() => void>();
	groups.set(signal, group);
	signal.addEventListener('abort', runGroup, { once: true });
	return group;
}

function runGroup(event: Event): void {
	const signal = event.currentTarget as AbortSignal;
	const group = groups.get(signal);
	groups.delete(signal);
	for (const listener of group ?? []) listener();
}
