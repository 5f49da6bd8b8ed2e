/*
 * Special messages: an error and a close request overtake what is queued and are thrown by the peer's next receive call.
 */
import { WorkerResource } from 'coproc';

import { readArguments } from '../support/arguments.mjs';

const { options, blocking } = readArguments();

// ResourceRequestedClose needs no import: names that coproc exports to workers are in scope there.
async function print(messenger, parks) {
	await messenger.request('may I begin?'); // until both messages are there: the second one overtakes the first
	for (;;) {
		let results;
		try {
			if (parks) messenger.awaitAvailableBlocking();
			else await messenger.awaitAvailable();
			results = messenger.receiveAvailable();
		} catch (error) {
			if (!(error instanceof ResourceRequestedClose)) throw error;
			messenger.sendError(new RangeError('process was closed successfully'));
			break; // ends the process naturally
		}
		for (const data of results) console.log(data);
	}
}

const worker = await WorkerResource.start(print, options, blocking);
const { messenger } = worker;
try {
	const question = await messenger.receiveMessage();
	messenger.sendNorequest('message 1');
	messenger.sendCloseRequest();
	question.reply('yes');

	await messenger.awaitAvailable();
} catch (error) {
	if (!(error instanceof RangeError)) throw error;
	console.log('successfully caught value error sent from process');
} finally {
	await worker[Symbol.asyncDispose]();
}
