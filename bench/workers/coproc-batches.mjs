/*
 * How does a coproc worker take in many messages at once? With receiveAvailable(), on its event loop.
 */
import { Answers } from './functions.mjs';

export async function answer(messenger) {
	const answers = new Answers();
	for (;;) {
		await messenger.awaitAvailable();
		for (const data of messenger.receiveAvailable()) {
			if (typeof data === 'number') answers.take(data);
			else messenger.sendReply(answers.answer(data));
		}
	}
}
