/*
 * What the workers of the calculator do.
 */
import { receive, receiveBlocking, send } from 'coproc/mailbox';

/** Sends operations: sums first, products when the server says so. In each half their order makes no difference to the result. */
export function client(_messenger, id) {
	for (const [action, value] of [
		['+', 10],
		['-', id],
		['+', 0.5],
	])
		send('calculator', [action, value]);

	// Parked, as a thread of bocpy is: this worker has nothing else to do.
	receiveBlocking(`half-time of ${id}`);
	send('calculator', ['*', 4]);
	send('calculator', ['/', 2]);
}

/** What a server receives when nobody says anything. */
function silence() {
	return ['calculator', ['print', true]];
}

/** Carries out operations until none has come for `timeout` milliseconds. */
export async function server(_messenger, { clients, timeout }) {
	let value = 0;
	let operations = 0;

	for (;;) {
		const [, [action, x]] = await receive(['calculator', 'reset'], { timeout, after: silence });
		if (action === 'print') {
			console.log(`Nobody has said anything for ${timeout} ms`);
			break;
		}
		operations += 1;
		if (action === '+') value += x;
		else if (action === '-') value -= x;
		else if (action === '*') value *= x;
		else if (action === '/') value /= x;
		if (operations === 3 * clients) for (let id = 0; id < clients; id += 1) send(`half-time of ${id}`, value);
	}
	console.log(`Total operations: ${operations}`);
	console.log(`Final value: ${value}`);
}
