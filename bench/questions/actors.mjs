/*
 * How long does it take to ask an actor, one question after another, wherever it lives?
 */
import { question as roundTrip } from './round-trip.mjs';

export const question = {
	...roundTrip,
	name: 'actors',
	weight: 1,
	title: 'Round trip of a question to an actor (1 + 2), one after another, microseconds',
	subjects: ['postMessage', 'fork json', 'coproc thread-ring calls', 'coproc process-ring calls', ...actors()],
	notes: [
		"actor: bridge.call() with a message of a class; calls: a function of a module. paragram's processes, in Python: 3,600 us",
	],
};

function actors() {
	return ['local', 'thread', 'process'].map((kind) => `actor ${kind}`);
}
