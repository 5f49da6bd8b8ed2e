/*
 * What does a bare thread answer? `{ id, value }` to `{ id, data }`.
 */
import { parentPort, workerData } from 'node:worker_threads';

import { Answers } from './functions.mjs';

const answers = new Answers();

parentPort.on('message', (message) => {
	if (typeof message === 'number') return answers.take(message);
	if (message === 'close') return parentPort.close();
	const value = answers.answer(message.data);
	parentPort.postMessage({ id: message.id, value }, workerData.transfers && value.buffer ? [value.buffer] : []);
});
