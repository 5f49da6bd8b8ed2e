/*
 * What does a bare process answer? `{ id, value }` to `{ id, data }`; it ends with its channel.
 */
import { Answers } from './functions.mjs';

const answers = new Answers();

process.on('message', (message) => {
	if (typeof message === 'number') answers.take(message);
	else process.send({ id: message.id, value: answers.answer(message.data) });
});
