/*
 * What does a bare thread answer? `{ id, value }` to `{ id, data }`.
 */
import { parentPort, workerData } from 'node:worker_threads';

import { Answers } from './functions.mjs';

const answers = new Answers();

parentPort.on('message', (message) => {
	if (typeof message === 'number') answers.take(message);
	else if (message === 'close') parentPort.close();
	else reply(message);
});

function reply({ id, data }) {
	const value = answers.answer(data);
	parentPort.postMessage({ id, value }, workerData.transfers && value.buffer ? [value.buffer] : []);
}
