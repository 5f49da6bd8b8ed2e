/*
 * Priority interface: a message with a `priority` overtakes those with a higher number. Lower is more important.
 */
import { PriorityMessenger, WorkerResource } from 'coproc';

import { readArguments } from '../support/arguments.mjs';

const { options, blocking } = readArguments();

async function print(messenger, parks) {
	for (;;) {
		const request = parks ? messenger.receiveMessageBlocking('print') : await messenger.receiveMessage('print');
		for (const data of messenger.receiveAvailable()) console.log(data);
		request.reply('printed');
	}
}

const highPriorityMessage = (text) => ({ text, priority: 0 });
const lowPriorityMessage = (text) => ({ text, priority: 1 });

const worker = await WorkerResource.start(print, { messenger: PriorityMessenger, ...options }, blocking);
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
