/*
 * How does a coproc worker answer, message by message? With receiveMessage(), on its event loop.
 */
import { Answers } from './functions.mjs';

/** Ends when the host asks to close: receiveMessage() throws ResourceRequestedClose. */
export async function answer(messenger, transfers) {
	const answers = new Answers();
	for (;;) {
		const message = await messenger.receiveMessage();
		const { data } = message;
		if (!message.isRequest) answers.take(data);
		else if (transfers && data instanceof Uint8Array) message.reply(data, { transfer: [data.buffer] });
		else message.reply(answers.answer(data));
	}
}
