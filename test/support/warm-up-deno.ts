import { WorkerResource } from 'coproc';

/*
 * Deno opens sockets and event descriptors of its own with the first thread and the first child process, and keeps them for
 * good. They are opened before the tests, which look at what is left of a worker; whatever one more worker leaves fails them.
 */
for (const backend of ['thread', 'process'] as const) {
	const worker = await WorkerResource.start((messenger) => void messenger.sendNorequest('hello'), { backend });
	await worker.messenger.receive();
	await worker[Symbol.asyncDispose]();
}
