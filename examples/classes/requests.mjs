/*
 * Request interface: the messenger counts requests and replies, so that one side can wait for all that are outstanding.
 */
import { BaseWorkerProcess, WorkerResource } from 'coproc';

import { readArguments } from '../support/arguments.mjs';

const { options, blocking } = readArguments();

class EchoProcess extends BaseWorkerProcess {
	constructor(messenger, parks) {
		super(messenger);
		this.parks = parks;
	}

	async run() {
		for (;;) {
			const data = this.parks ? this.messenger.receiveBlocking() : await this.messenger.receive();
			this.messenger.sendReply(data);
		}
	}
}

const worker = await WorkerResource.start(EchoProcess, options, blocking);
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
