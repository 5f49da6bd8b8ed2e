/*
 * An event bus: publishers name a topic, subscribers say which topics they want, and neither knows the other.
 */
import { WorkerResource } from 'coproc';
import { receive, send } from 'coproc/mailbox';

const start = (backend, role, ...args) =>
	WorkerResource.start(new URL('./roles.mjs', import.meta.url), { backend, export: role, name: role }, ...args);
const publish = (topic, data) => send('bus', { type: 'publish', topic, data });

const bus = await start('thread', 'bus');
const subscribers = [
	await start('process', 'subscriber', 'accounting', ['order.paid', 'order.cancelled']),
	await start('thread', 'subscriber', 'warehouse', ['order.paid']),
];
try {
	// Both have subscribed before anything is published.
	for (let left = subscribers.length; left > 0; left -= 1) await receive('subscribed');

	publish('order.paid', 1);
	publish('order.cancelled', 2);
	publish('order.lost', 3);
	publish('order.paid', 4);
	send('bus', { type: 'end' });

	const reports = [(await receive('report'))[1], (await receive('report'))[1]];
	for (const { name, seen } of reports.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
		console.log(`${name} saw ${seen.join(', ')}`);
	console.log('nobody wanted %O', (await receive('undelivered'))[1]);
} finally {
	for (const worker of [...subscribers, bus]) await worker[Symbol.asyncDispose]();
}
