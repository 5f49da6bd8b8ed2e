/*
 * Choosing a messenger: a WorkerResource makes two of the class it is given, one for the host and one for the worker.
 */
import { PriorityMessenger, WorkerResource } from 'coproc';

import { readArguments } from '../support/arguments.mjs';

const { options } = readArguments();

function exampleProcess(messenger) {
	console.log(`process messenger: ${messenger.constructor.name}`);
}

const worker = new WorkerResource(exampleProcess, { messenger: PriorityMessenger, ...options });
await worker.start();
try {
	await worker.exited; // the function has returned, so its process has ended
	console.log(`resource messenger: ${worker.messenger.constructor.name}`);
} finally {
	await worker[Symbol.asyncDispose]();
}
