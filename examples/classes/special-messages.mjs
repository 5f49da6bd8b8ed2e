/*
 * Special messages: an error and a close request overtake what is queued and are thrown by the peer's next receive call.
 */
import { BaseWorkerProcess, ResourceRequestedClose, WorkerResource } from 'coproc';

import { readArguments } from '../support/arguments.mjs';

const { options, blocking } = readArguments();

class PrintProcess extends BaseWorkerProcess {
	constructor(messenger, parks) {
		super(messenger);
		this.parks = parks;
	}

	async run() {
		await this.messenger.request('may I begin?'); // until both messages are there: the second one overtakes the first
		for (;;) {
			let results;
			try {
				if (this.parks) this.messenger.awaitAvailableBlocking();
				else await this.messenger.awaitAvailable();
				results = this.messenger.receiveAvailable();
			} catch (error) {
				if (!(error instanceof ResourceRequestedClose)) throw error;
				this.messenger.sendError(new RangeError('process was closed successfully'));
				break; // ends the process naturally
			}
			for (const data of results) console.log(data);
		}
	}
}

const worker = await WorkerResource.start(PrintProcess, options, blocking);
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
