import { NotInCallError } from '../errors/index.ts';
import { threadContext } from './call-context.ts';
import type { CurrentCall } from './live-call.ts';

/** A call that can show itself to the code that answers it. */
export interface Answerable {
	/** False once its result has been given. */
	readonly isOpen: boolean;
	readonly face: CurrentCall;
}

/** The call that the running code belongs to, if there is one. */
export function findAnswerable(): Answerable | undefined {
	return threadContext<Answerable>().current;
}

/** What `currentCall()` does. Apart from it, so that inline targets can have it without every worker paying for it. */
export function findCurrentCall(): CurrentCall {
	const call = findAnswerable();
	if (!call) throw new NotInCallError('the code that asks belongs to no call');
	if (!call.isOpen) throw new NotInCallError('the call that this code belongs to has ended');
	return call.face;
}
