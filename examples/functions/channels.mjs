/*
 * Send/receive and channels: two channels over one link. A channel is any plain value, the default is null.
 */
import { WorkerResource } from 'coproc';

import { readArguments } from '../support/arguments.mjs';

const CHANNEL_A = 1;
const CHANNEL_B = 2;
const { options, blocking } = readArguments();

// The function is shipped as source and sees nothing around it: what it needs comes as arguments.
async function echo(messenger, channels, parks) {
	await messenger.request('may I begin?'); // until both messages are there, so that one look finds them
	for (;;) {
		console.log('awaiting messages');
		if (parks) messenger.awaitAvailableBlocking();
		else await messenger.awaitAvailable();
		console.log('some messages were found');
		for (const channel of channels) {
			for (const data of messenger.receiveAvailable(channel)) messenger.sendNorequest(data, channel);
		}
	}
}

const worker = await WorkerResource.start(echo, options, [CHANNEL_A, CHANNEL_B], blocking);
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
