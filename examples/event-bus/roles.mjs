/*
 * What the workers of the event bus do.
 */
import { receive, send } from 'coproc/mailbox';

/** Passes what is published on to all who want it, until it is told to end. */
export async function bus() {
	/** @type {Map<string, string[]>} tags of subscribers by topic */
	const wanted = new Map();
	const undelivered = [];
	for (;;) {
		const [, event] = await receive('bus');
		if (event.type === 'subscribe') {
			for (const topic of event.topics) wanted.set(topic, [...(wanted.get(topic) ?? []), event.tag]);
			send('subscribed', event.tag);
		} else if (event.type === 'publish') {
			const tags = wanted.get(event.topic) ?? [];
			if (tags.length === 0) undelivered.push(event.topic);
			for (const tag of tags) send(tag, [event.topic, event.data]);
		} else {
			for (const tag of new Set([...wanted.values()].flat())) send(tag, undefined);
			send('undelivered', undelivered);
			return;
		}
	}
}

/** Collects what it has subscribed to, and reports it at the end. */
export async function subscriber(_messenger, name, topics) {
	const tag = `inbox of ${name}`;
	send('bus', { type: 'subscribe', tag, topics });
	const seen = [];
	for (;;) {
		const [, event] = await receive(tag);
		if (event === undefined) break;
		seen.push(event.join(' '));
	}
	send('report', { name, seen });
}
