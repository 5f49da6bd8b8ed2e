/*
 * One library in one situation: `node one.mjs LIBRARY SITUATION` prints what was seen. A process of its own, for some never end.
 *
 * The situation `orphan` has the worker loop, and says when; whoever started this then kills it.
 */
import { writeSync } from 'node:fs';

import { LIBRARIES } from './libraries.mjs';
import { SITUATIONS } from './situations.mjs';

const [, , name, situation] = process.argv;
// Some libraries let errors of a dying worker loose on the program; the call is what is asked about.
process.on('uncaughtException', () => {});
process.on('unhandledRejection', () => {});
const library = await LIBRARIES[name]();
if (situation === 'orphan') {
	await library.call('add', 1);
	void library.call('spin');
	setTimeout(() => say('looping'), 300);
} else {
	say(await SITUATIONS[situation].run(library));
	// Whoever started this ends it, with all that the library has left.
	setInterval(() => {}, 1000);
}

function say(text) {
	writeSync(1, text);
}
