/*
 * Priority interface: a message with a `priority` overtakes those with a higher number. Lower is more important.
 */
import { BaseWorkerProcess, PriorityMessenger, WorkerResource } from 'coproc';

import { readArguments } from '../support/arguments.mjs';

const { options, blocking } = readArguments();

class PrintProcess extends BaseWorkerProcess {
	constructor(messenger, parks) {
		super(messenger);
		this.parks = parks;
	}

	async run() {
		for (;;) {
			const request = this.parks ? this.messenger.receiveMessageBlocking('print') : await this.messenger.receiveMessage('print');
			for (const data of this.messenger.receiveAvailable()) console.log(data);
			request.reply('printed');
		}
	}
}

const highPriorityMessage = (text) => ({ text, priority: 0 });
const lowPriorityMessage = (text) => ({ text, priority: 1 });

const worker = await WorkerResource.start(PrintProcess, { messenger: PriorityMessenger, ...options }, blocking);
const { messenger } = worker;
try {
	for (let i = 0; i < 3; i += 1) {
		messenger.sendNorequest(lowPriorityMessage(`low ${i}`));
		messenger.sendNorequest(highPriorityMessage(`high ${i}`));
	}
	await messenger.request('all of it', 'print'); // a close request would overtake what is queued
} finally {
	await worker[Symbol.asyncDispose]();
}
