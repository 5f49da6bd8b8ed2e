/*
 * What do workers do that talk through mailboxes? Sends and receives on tags; blocking ones park.
 */
import { drain, ready, receive, receiveBlocking, send } from '../../dist/mailbox/index.js';
import * as peers from './peers.mjs';

const IDLE = Array.from({ length: 16 }, (_, index) => `idle ${index}`);

const giver = (tag) => (value) => {
	try {
		send(tag, value);
		return undefined;
	} catch (error) {
		if (error.code !== 'ERR_COPROC_MAILBOX_FULL') throw error;
		return ready(tag);
	}
};

const taker = (tags, blocking) => (blocking ? () => receiveBlocking(tags)[1] : async () => (await receive(tags))[1]);

/** Times trips to a worker that runs `echo`, with or without other tags for it to wait for. */
export function ping(ms, blocking) {
	return peers.roundTrips(giver('there'), taker('back', blocking), ms);
}

/** Sends back what comes, until it is no number. */
export async function echo(blocking, hasIdleTags) {
	const take = taker(hasIdleTags ? [...IDLE, 'there'] : 'there', blocking);
	for (;;) {
		const value = await take();
		if (typeof value !== 'number') return;
		send('back', value);
	}
}

export function stopEcho() {
	send('there', undefined);
}

export function produce(ms) {
	return peers.produce(giver('stream'), ms);
}

/** Takes what `producers` send, and returns how much that was. */
export async function consume(producers, blocking) {
	const tally = new peers.Tally(producers);
	const take = taker('stream', blocking);
	for (;;) {
		const count = tally.add(await take());
		if (count === undefined) continue;
		if (drain('stream') > 0) throw new Error('wrong answer: more came than was sent');
		return count;
	}
}
