/*
 * What the compiler infers for mailboxes. Nothing here runs: `npm run types` is the test.
 */
import {
	Mailbox,
	type Received,
	receive,
	receiveBlocking,
	send,
	setTags,
	drain,
	ready,
	type TimedOut,
	TIMEOUT,
} from 'coproc/mailbox';
import { expectTypeOf } from 'vitest';

/** Without `after` the time may be up, and the tag tells. */
export async function infersWhatComes(): Promise<void> {
	const message = await receive('a', { timeout: 1 });
	expectTypeOf(message).toEqualTypeOf<Received | TimedOut>();
	if (message[0] === TIMEOUT) expectTypeOf(message).toEqualTypeOf<TimedOut>();
	else expectTypeOf(message).toEqualTypeOf<Received>();
	expectTypeOf(receiveBlocking(['a', 'b'])).toEqualTypeOf<Received | TimedOut>();
	expectTypeOf(drain('a')).toEqualTypeOf<number>();
	expectTypeOf(ready('a', { timeout: 1 })).toEqualTypeOf<Promise<void>>();
}

/** With `after`, what it gives: awaited by one, as it is by the other. */
export async function infersAfter(): Promise<void> {
	expectTypeOf(await receive('a', { timeout: 1, after: async () => 3 })).toEqualTypeOf<Received | number>();
	expectTypeOf(receiveBlocking('a', { timeout: 1, after: async () => 3 })).toEqualTypeOf<Received | Promise<number>>();
	expectTypeOf(await receive('a', { timeout: 1, after: () => ['b', 1] as const })).toEqualTypeOf<Received | readonly ['b', 1]>();
}

/** What cannot be. */
export async function refuses(): Promise<void> {
	// @ts-expect-error a tag is a string
	send(1, 'contents');
	// @ts-expect-error a list of tags
	setTags('a');
	// @ts-expect-error `after` is a function
	await receive('a', { after: 3 });
	// @ts-expect-error a thread that is parked sees no abort
	receiveBlocking('a', { signal: AbortSignal.timeout(1) });
	// @ts-expect-error only buffers change hands
	send('a', 1, { transfer: ['b'] });
	// @ts-expect-error no such option
	void new Mailbox({ tags: 3 });
	await using mailbox = new Mailbox({ tagLimit: 3, bytesPerTag: 1000 });
	expectTypeOf(mailbox.receive('a')).toEqualTypeOf<Promise<Received | TimedOut>>();
}
