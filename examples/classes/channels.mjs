/*
 * Send/receive and channels: two channels over one link. A channel is any plain value, the default is null.
 */
import { BaseWorkerProcess, WorkerResource } from 'coproc';

import { readArguments } from '../support/arguments.mjs';

const CHANNEL_A = 1;
const CHANNEL_B = 2;
const { options, blocking } = readArguments();

// The class is shipped as source and sees nothing around it: what it needs comes as arguments.
class EchoProcess extends BaseWorkerProcess {
	constructor(messenger, channels, parks) {
		super(messenger);
		this.channels = channels;
		this.parks = parks;
	}

	async run() {
		await this.messenger.request('may I begin?'); // until both messages are there, so that one look finds them
		for (;;) {
			console.log('awaiting messages');
			if (this.parks) this.messenger.awaitAvailableBlocking();
			else await this.messenger.awaitAvailable();
			console.log('some messages were found');
			for (const channel of this.channels) this.echo(channel);
		}
	}

	echo(channel) {
		for (const data of this.messenger.receiveAvailable(channel)) this.messenger.sendNorequest(data, channel);
	}
}

const worker = await WorkerResource.start(EchoProcess, options, [CHANNEL_A, CHANNEL_B], blocking);
const { messenger } = worker;
process.stdout.cork(); // what the worker prints comes first, as in the seed
try {
	const question = await messenger.receiveMessage();
	console.log('available() = %O', messenger.available());
	console.log('%O', messenger.sendNorequest('hello', CHANNEL_A));
	console.log('%O', messenger.sendNorequest('hi', CHANNEL_B));
	question.reply('yes');

	await messenger.awaitAvailable();
	console.log('available() = %O', messenger.available()); // of the default channel
	console.log('receive(CHANNEL_A) = %O', await messenger.receive(CHANNEL_A));
	console.log('receive(CHANNEL_B) = %O', await messenger.receive(CHANNEL_B));
} finally {
	await worker[Symbol.asyncDispose]();
	process.stdout.uncork();
}
