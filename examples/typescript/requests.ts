/*
 * Request interface, in TypeScript: `await using` disposes of the worker, and the compiler knows what `start` takes.
 */
import { WorkerResource } from 'coproc';

await using worker = await WorkerResource.start(
	async (messenger, greeting: string) => {
		for await (const name of messenger) messenger.sendReply(`${greeting}, ${String(name)}`);
	},
	{ name: 'greeter' },
	'hello',
);
const { messenger } = worker;

console.log(await messenger.request('world'));
messenger.sendRequestMultiple(['process', 'thread']);
console.log('remaining() = %O', messenger.remaining());
for await (const reply of messenger.receiveRemaining()) console.log(reply);
