import { type CurrentCall, findCurrentCall, followCalls } from '../rpc/index.ts';

// Loaded by `import 'coproc'` alone, never by the program that workers start with: whoever cannot ask does not pay.
followCalls();

/**
 * The call that the running code answers, in a function that a host calls through `resource.call` or a pool; across awaits too.
 *
 * @throws NotInCallError outside a call, and once its result has been given
 *
 * @example
 * export function search(text: string): number {
 * 	const call = currentCall();
 * 	for (let at = 0; ; at += 1) {
 * 		if (call.aborted) return -1;
 * 		if (at % 1000 === 0) call.progress(at);
 * 	}
 * }
 */
export function currentCall(): CurrentCall {
	return findCurrentCall();
}
