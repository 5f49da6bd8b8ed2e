/*
 * Request interface: the messenger counts requests and replies, so that one side can wait for all that are outstanding.
 */
import { WorkerResource } from 'coproc';

import { readArguments } from '../support/arguments.mjs';

const { options, blocking } = readArguments();

async function echo(messenger, parks) {
	for (;;) {
		const data = parks ? messenger.receiveBlocking() : await messenger.receive();
		messenger.sendReply(data);
	}
}

const worker = await WorkerResource.start(echo, options, blocking);
const { messenger } = worker;
try {
	console.log('remaining() = %O', messenger.remaining());
	console.log("sendRequest('hello') = %O", messenger.sendRequest('hello'));
	console.log('remaining() = %O', messenger.remaining());
	console.log('receive() = %O', await messenger.receive());
	console.log('remaining() = %O', messenger.remaining());

	console.log(
		'sending %O',
		[0, 1, 2].map((i) => messenger.sendRequest(i)),
	);
	console.log('remaining() = %O', messenger.remaining());
	for await (const data of messenger.receiveRemaining()) console.log(data);
} finally {
	await worker[Symbol.asyncDispose]();
}
