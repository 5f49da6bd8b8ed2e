/*
 * How does a coproc worker answer that parks its thread? With receiveMessageBlocking(), without an event loop.
 */
import { Answers } from './functions.mjs';

export function answer(messenger) {
	const answers = new Answers();
	for (;;) {
		const message = messenger.receiveMessageBlocking();
		if (message.isRequest) message.reply(answers.answer(message.data));
		else answers.take(message.data);
	}
}
