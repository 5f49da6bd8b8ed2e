import type { Settle } from './pending-call.ts';

/** The settlers of the promise made last: an executor runs before `new Promise` returns, so one does for all calls. */
export let resolveLast: Settle = () => {};
export let rejectLast: Settle = () => {};

/** The executor of all promises of calls. */
export function keepSettlers(resolve: Settle, reject: Settle): void {
	resolveLast = resolve;
	rejectLast = reject;
}
