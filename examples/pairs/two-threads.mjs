/*
 * Messengers by themselves: an end that was not used yet can be handed to a thread. Two workers then talk without their host.
 */
import { MultiMessenger, WorkerResource } from 'coproc';

async function play(messenger, opponent, name, serve) {
	try {
		if (serve !== undefined) opponent.sendNorequest(serve);
		// The loop ends when the other player closes its end.
		for await (const left of opponent) {
			console.log(`${name}: ${left}`);
			if (left === 0) break;
			opponent.sendNorequest(left - 1);
		}
	} finally {
		await opponent[Symbol.asyncDispose]();
	}
	messenger.sendNorequest(`${name} is done`);
}

const [end1, end2] = MultiMessenger.pair();
const ping = new WorkerResource(play, { backend: 'thread' });
const pong = new WorkerResource(play, { backend: 'thread' });
try {
	await ping.start(end1, 'ping');
	await pong.start(end2, 'pong', 3);
	console.log(await ping.messenger.receive());
	console.log(await pong.messenger.receive());
} finally {
	await ping[Symbol.asyncDispose]();
	await pong[Symbol.asyncDispose]();
}
