/*
 * Choosing a messenger: a WorkerResource makes two of the class it is given, one for the host and one for the worker.
 */
import { BaseWorkerProcess, PriorityMessenger, WorkerResource } from 'coproc';

import { readArguments } from '../support/arguments.mjs';

const { options } = readArguments();

class ExampleProcess extends BaseWorkerProcess {
	run() {
		console.log(`process messenger: ${this.messenger.constructor.name}`);
	}
}

const worker = new WorkerResource(ExampleProcess, { messenger: PriorityMessenger, ...options });
await worker.start();
try {
	await worker.exited; // run() has returned, so its process has ended
	console.log(`resource messenger: ${worker.messenger.constructor.name}`);
} finally {
	await worker[Symbol.asyncDispose]();
}
