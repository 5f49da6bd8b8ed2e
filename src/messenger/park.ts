import { BlockingNotAllowedError, TimeoutError } from '../errors/index.ts';
import { checkWaitOptions } from '../internal/wait.ts';
import type { MessengerCore } from './messenger-core.ts';

/** Throws BlockingNotAllowedError where others depend on this thread. */
export function checkMayPark({ blockingRefusal }: MessengerCore, method: string): void {
	if (blockingRefusal) throw new BlockingNotAllowedError({ method, why: blockingRefusal });
}

/** Parks the thread until `look` finds something, an error or the exit is told, or the time is up. */
export function parkUntil<T>(
	core: MessengerCore,
	method: string,
	options: { timeout?: number } | undefined,
	look: () => T | undefined,
): T {
	checkWaitOptions(method, options);
	checkMayPark(core, method);
	const { incoming, link } = core;
	const timeout = options?.timeout ?? Number.POSITIVE_INFINITY;
	const deadline = performance.now() + timeout;
	incoming.isParking = true;
	try {
		for (;;) {
			incoming.takeIn();
			const found = look();
			if (found !== undefined) return found;
			if (incoming.ending) throw incoming.tellEnd();
			const left = deadline - performance.now();
			if (left <= 0) throw new TimeoutError({ what: `${method}()`, timeout });
			link.transport.park(left);
		}
	} finally {
		incoming.isParking = false;
	}
}
