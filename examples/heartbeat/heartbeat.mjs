/*
 * A heartbeat: a worker says on a tag that it lives; whoever listens notices when it says nothing any more.
 */
import { WorkerResource } from 'coproc';
import { receive, send, TIMEOUT } from 'coproc/mailbox';

/** A function without names from around it runs in the worker as it stands; what it needs it imports there. */
async function beat(_messenger, period) {
	const { receive: wait, send: say } = await import('coproc/mailbox');
	for (let count = 1; ; count += 1) {
		say('heartbeat', count);
		// Until it is time for the next one, or until somebody asks for more speed.
		[, period] = await wait('period', { timeout: period, after: () => ['period', period] });
	}
}

const worker = await WorkerResource.start(beat, {}, 50);
try {
	for (let beats = 0; beats < 3; beats += 1) console.log('heartbeat %O', (await receive('heartbeat'))[1]);
	send('period', 5);
	for (let beats = 0; beats < 3; beats += 1) console.log('heartbeat %O', (await receive('heartbeat'))[1]);

	process.kill(worker.pid, 'SIGKILL');
	let last;
	do last = await receive('heartbeat', { timeout: 1000 });
	while (last[0] !== TIMEOUT);
	console.log('no heartbeat for a second');

	const tick = await receive('heartbeat', { timeout: 100, after: () => ['heartbeat', 'self-tick'] });
	console.log('%O', tick);
} finally {
	// A worker that was killed is told by its disposal to whoever has not asked; here that is no news.
	try {
		await worker[Symbol.asyncDispose]();
	} catch ({ signal }) {
		console.log('it had ended by %s', signal);
	}
}
