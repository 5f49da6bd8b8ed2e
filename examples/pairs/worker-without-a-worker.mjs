/*
 * Messengers by themselves: a worker's function only knows its messenger, so a pair is enough to try it out, say in a test.
 */
import { PriorityMessenger, ResourceRequestedClose } from 'coproc';

async function shout(messenger) {
	for (;;) {
		try {
			const message = await messenger.receiveMessage();
			if (typeof message.data === 'string') message.reply(message.data.toUpperCase());
			else message.fail(new TypeError(`cannot shout ${message.data}`));
		} catch (error) {
			if (error instanceof ResourceRequestedClose) return 'closed in order';
			throw error;
		}
	}
}

const [host, worker] = PriorityMessenger.pair();
const ending = shout(worker);
try {
	console.log(await host.request('hello'));
	await host.request(5);
} catch (error) {
	if (!(error instanceof TypeError)) throw error;
	console.log(error.message);
	host.sendCloseRequest();
	console.log(await ending);
} finally {
	await host[Symbol.asyncDispose]();
	await worker[Symbol.asyncDispose]();
}
